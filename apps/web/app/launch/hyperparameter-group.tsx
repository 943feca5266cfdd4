'use client';
/** One section of hyperparameters; the less important sections start folded. */
import { ChevronRight } from 'lucide-react';
import { SchemaFieldInput } from '../../form/schema-field-input.tsx';
import { titleField } from '../../form/schema-fields.ts';
import type { LaunchChoicesQuery } from '../../graphql/generated/graphql.ts';
import type { MetricCatalogue } from '../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { Badge } from '../../ui/badge.tsx';
import type { FieldGroup } from './group-fields.ts';
import type { LaunchFormState } from './use-launch-form.ts';

type HyperparameterGroupProps = {
  group: FieldGroup;
  launch: LaunchFormState;
  architectures: LaunchChoicesQuery['architectures'];
};

export function HyperparameterGroup({ group, launch, architectures }: HyperparameterGroupProps) {
  const { form, changed, values } = launch;
  const errors = form.formState.errors.hyperparameters;
  const changedCount = group.fields.filter(({ key }) => key in changed).length;
  const wrongCount = group.fields.filter(({ key }) => !(key in values)).length;
  const choiceTitles: Record<string, ReadonlyMap<string, string>> = {
    architecture: new Map(architectures.map(({ name, title }) => [name, title])),
    monitor: titleMonitors(useMetricCatalogue()),
  };
  return (
    <details open={group.open} className="group border-t border-line pt-3 first:border-0 first:pt-0">
      <summary className="flex list-none items-center gap-2 text-sm font-semibold">
        <ChevronRight
          className="size-4 text-muted-foreground transition-transform group-open:rotate-90"
          aria-hidden
        />
        {group.title}
        {changedCount > 0 && <Badge tone="accent">{changedCount} changed</Badge>}
        {wrongCount > 0 && <Badge tone="danger">{wrongCount} to correct</Badge>}
      </summary>
      <div className="mt-3 grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        {group.fields.map((field) => (
          <SchemaFieldInput
            key={field.key}
            field={field}
            title={titleField(field.key)}
            input={form.register(`hyperparameters.${field.key}`)}
            error={errors?.[field.key]?.message}
            isChanged={field.key in changed}
            choiceTitles={choiceTitles[field.key]}
            className="pt-4"
          />
        ))}
      </div>
    </details>
  );
}

/** What is monitored is measured on VALIDATION, as the field's own sentence says. */
function titleMonitors(catalogue: MetricCatalogue): Map<string, string> {
  return new Map(
    [...catalogue.values()]
      .filter(({ canMonitor }) => canMonitor)
      .map(({ name, title }) => [`validation.${name}`, title]),
  );
}
