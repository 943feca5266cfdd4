'use client';
/** What people write about a run, and where it shall train. */
import type { LaunchChoicesQuery } from '../../graphql/generated/graphql.ts';
import { Card } from '../../ui/card.tsx';
import { Field, Input, Select, Textarea } from '../../ui/field.tsx';
import type { RunText } from './launch-plan.ts';

type RunTextFieldsProps = {
  text: RunText;
  backends: LaunchChoicesQuery['backends'];
  /** The runs of a sweep are named after it and have no notes. */
  isSweep: boolean;
  onChange: (text: RunText) => void;
};

export function RunTextFields({ text, backends, isSweep, onChange }: RunTextFieldsProps) {
  return (
    <Card title={isSweep ? 'About these runs' : 'About this run'}>
      <div className="grid gap-4 sm:grid-cols-3">
        {!isSweep && (
          <Field label="Name" hint="Left empty: network and seed.">
            <Input value={text.name} onChange={(event) => onChange({ ...text, name: event.target.value })} />
          </Field>
        )}
        <Field label="Tags" hint="Separated by commas.">
          <Input value={text.tags} onChange={(event) => onChange({ ...text, tags: event.target.value })} />
        </Field>
        <Field label="Backend" hint="One that is missing is an error, never a silent fallback.">
          <Select
            value={text.backend}
            onChange={(event) => onChange({ ...text, backend: event.target.value })}
          >
            <option value="auto">Best there is</option>
            {backends.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </Select>
        </Field>
        {!isSweep && (
          <Field label="Notes" className="sm:col-span-3">
            <Textarea
              value={text.notes}
              onChange={(event) => onChange({ ...text, notes: event.target.value })}
            />
          </Field>
        )}
      </div>
    </Card>
  );
}
