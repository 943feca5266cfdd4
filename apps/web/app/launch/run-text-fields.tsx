'use client';
/** Name, tags and notes of a run, and the backend that it trains on. */
import type { LaunchChoicesQuery } from '../../graphql/generated/graphql.ts';
import { Card } from '../../ui/card.tsx';
import { Field, Input, Select, Textarea } from '../../ui/field.tsx';
import type { LaunchFormState } from './use-launch-form.ts';

type RunTextFieldsProps = {
  form: LaunchFormState['form'];
  backends: LaunchChoicesQuery['backends'];
  /** The runs of a sweep are named after it and have no notes. */
  isSweep: boolean;
};

export function RunTextFields({ form, backends, isSweep }: RunTextFieldsProps) {
  const errors = form.formState.errors.about;
  return (
    <Card title={isSweep ? 'About these runs' : 'About this run'}>
      <div className="grid gap-4 sm:grid-cols-3">
        {!isSweep && (
          <Field label="Name" hint="If empty: network and seed." error={errors?.name?.message}>
            <Input {...form.register('about.name')} />
          </Field>
        )}
        <Field label="Tags" hint="Separated by commas." error={errors?.tags?.message}>
          <Input {...form.register('about.tags')} />
        </Field>
        <Field label="Backend" hint="A missing backend is an error: there is no silent fallback.">
          <Select {...form.register('about.backend')}>
            <option value="auto">Best available</option>
            {backends.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </Select>
        </Field>
        {!isSweep && (
          <Field label="Notes" className="sm:col-span-3" error={errors?.notes?.message}>
            <Textarea {...form.register('about.notes')} />
          </Field>
        )}
      </div>
    </Card>
  );
}
