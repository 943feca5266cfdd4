'use client';
/** One section of knobs, folded away unless it matters at first. */
import { ChevronRight } from 'lucide-react';
import type { LaunchChoicesQuery } from '../../graphql/generated/graphql.ts';
import { Badge } from '../../ui/badge.tsx';
import type { FieldGroup } from './group-fields.ts';
import { HyperparameterInput } from './hyperparameter-input.tsx';
import type { LaunchFormState } from './use-launch-form.ts';

type HyperparameterGroupProps = {
  group: FieldGroup;
  form: LaunchFormState;
  architectures: LaunchChoicesQuery['architectures'];
};

export function HyperparameterGroup({ group, form, architectures }: HyperparameterGroupProps) {
  const changed = group.fields.filter(({ key }) => key in form.changed).length;
  const wrong = group.fields.filter(({ key }) => key in form.errors).length;
  return (
    <details open={group.open} className="group border-t border-line pt-3 first:border-0 first:pt-0">
      <summary className="flex list-none items-center gap-2 text-sm font-semibold">
        <ChevronRight
          className="size-4 text-muted-foreground transition-transform group-open:rotate-90"
          aria-hidden
        />
        {group.title}
        {changed > 0 && <Badge tone="accent">{changed} changed</Badge>}
        {wrong > 0 && <Badge tone="danger">{wrong} to correct</Badge>}
      </summary>
      <div className="mt-3 grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        {group.fields.map((field) => (
          <HyperparameterInput key={field.key} field={field} form={form} architectures={architectures} />
        ))}
      </div>
    </details>
  );
}
