'use client';
/** What becomes of pictures that are not like most, and what they show. */
import type { NotSquare, OtherSizes } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import type { StepProps } from './step-props.ts';

export function ImagesCard({ draft, onChange, errors }: StepProps) {
  return (
    <Card title="Images" note="Rules that change pixels are part of what the dataset is.">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Not square" error={errors.notSquare}>
          <Select
            value={draft.notSquare}
            onChange={(event) => onChange({ ...draft, notSquare: event.target.value as NotSquare })}
          >
            <option value="REFUSE">Refuse them</option>
            <option value="CROP">Take the square in the middle</option>
            <option value="SQUEEZE">Draw in the longer side</option>
          </Select>
        </Field>
        <Field label="Of another size than most" error={errors.otherSizes}>
          <Select
            value={draft.otherSizes}
            onChange={(event) => onChange({ ...draft, otherSizes: event.target.value as OtherSizes })}
          >
            <option value="REFUSE">Refuse them</option>
            <option value="RESIZE">Resize them</option>
          </Select>
        </Field>
        <Field
          label="Magnification"
          error={errors.magnification}
          hint="Where the same fields are there at several: which to take."
        >
          <Input
            value={draft.magnification}
            inputMode="decimal"
            onChange={(event) => onChange({ ...draft, magnification: event.target.value })}
          />
        </Field>
        <Field
          label="µm per pixel"
          error={errors.micronsPerPixel}
          hint="Of patches of which the source tells none. If empty: unknown."
        >
          <Input
            value={draft.micronsPerPixel}
            inputMode="decimal"
            onChange={(event) => onChange({ ...draft, micronsPerPixel: event.target.value })}
          />
        </Field>
      </div>
    </Card>
  );
}
