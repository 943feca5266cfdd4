'use client';
/** How slides are cut: the size and scale of a patch, how far apart patches are, and what becomes of a slide that fails. */
import type { FaultySlides } from '../../../../graphql/generated/graphql.ts';
import { Card } from '../../../../ui/card.tsx';
import { Field, Input, Select } from '../../../../ui/field.tsx';
import type { SlidesStep } from './slides-step.ts';

type NumberField = 'tilePx' | 'micronsPerPixel' | 'stridePx' | 'slideMicronsPerPixel' | 'tissueFrom';

const NUMBERS: { field: NumberField; label: string; hint: string }[] = [
  { field: 'tilePx', label: 'Side of a patch (px)', hint: 'From 16 to 1,024.' },
  { field: 'micronsPerPixel', label: 'µm per pixel', hint: 'Of the patches, whatever the slides have.' },
  { field: 'stridePx', label: 'Stride (px)', hint: 'From one patch to the next. If empty: side by side.' },
  {
    field: 'slideMicronsPerPixel',
    label: 'µm per pixel of slides that tell none',
    hint: 'If empty: they are left out.',
  },
  { field: 'tissueFrom', label: 'Share of tissue', hint: 'Of a patch, at least.' },
];

export function CuttingCard({ draft, onChange, errors }: SlidesStep) {
  return (
    <Card title="Cutting" note="Each patch is read from the level that fits best, and resampled once.">
      <div className="grid gap-4 sm:grid-cols-2">
        {NUMBERS.map(({ field, label, hint }) => (
          <Field key={field} label={label} hint={hint} error={errors[field]}>
            <Input
              inputMode="decimal"
              value={draft[field]}
              onChange={(event) => onChange({ ...draft, [field]: event.target.value })}
            />
          </Field>
        ))}
        <Field label="A slide that cannot be cut" hint="Each is named with its reason.">
          <Select
            value={draft.faultySlides}
            onChange={(event) => onChange({ ...draft, faultySlides: event.target.value as FaultySlides })}
          >
            <option value="SKIP">is left out</option>
            <option value="STOP">ends the import</option>
          </Select>
        </Field>
      </div>
    </Card>
  );
}
