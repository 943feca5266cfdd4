'use client';
/** One run or a sweep, and what a sweep varies. Hyperparameters and ranges come from the API's own schema. */
import { useWatch } from 'react-hook-form';
import type { SchemaField } from '../../form/schema-fields.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import { STRATEGIES, STRATEGY_TEXTS, type Strategy } from '../../sweep/sweep-strategies.ts';
import { Card } from '../../ui/card.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { isDrawn, listRankings } from './sweep-draft.ts';
import type { LaunchFormState } from './use-launch-form.ts';
import { VariedFields } from './varied-fields.tsx';

const ONE_RUN = { title: 'One run', about: 'The hyperparameters below, once.' };
const MODES: readonly (Strategy | null)[] = [null, ...STRATEGIES];

type SweepCardProps = { form: LaunchFormState['form']; fields: readonly SchemaField[] };

export function SweepCard({ form, fields }: SweepCardProps) {
  const catalogue = useMetricCatalogue();
  const strategy = useWatch({ control: form.control, name: 'sweep.strategy' });
  return (
    <Card
      title="How many runs"
      note="The runs of a sweep are ordinary runs, shared by all workers and ranked on VALIDATION."
    >
      <ModeChoice value={strategy} onChange={(mode) => form.setValue('sweep.strategy', mode)} />
      {strategy && (
        <div className="mt-4 flex flex-col gap-4 border-t border-line pt-4">
          {strategy !== 'FOLDS' && strategy !== 'SEEDS' && (
            <VariedFields
              form={form}
              fields={fields.filter(({ key }) => strategy !== 'HALVING' || key !== 'epochs')}
              allowsRange={isDrawn(strategy)}
            />
          )}
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
            {NUMBERS_OF[strategy].map((name) => (
              <Field key={name} label={NUMBERS[name].label} hint={NUMBERS[name].hint}>
                <Input inputMode="numeric" {...form.register(`sweep.${name}`)} />
              </Field>
            ))}
            <Field label="Rank by" hint="On VALIDATION; TEST stays sealed.">
              <Select {...form.register('sweep.metric')}>
                {listRankings(catalogue).map(({ metric, title }) => (
                  <option key={metric} value={metric}>
                    {title}
                  </option>
                ))}
              </Select>
            </Field>
            <Field
              label="Name of the sweep"
              hint="If empty: what it varies."
              error={form.formState.errors.sweep?.name?.message}
            >
              <Input {...form.register('sweep.name')} />
            </Field>
          </div>
        </div>
      )}
    </Card>
  );
}

type ModeChoiceProps = { value: Strategy | null; onChange: (mode: Strategy | null) => void };

function ModeChoice({ value, onChange }: ModeChoiceProps) {
  return (
    <fieldset className="grid grid-cols-2 gap-2 sm:grid-cols-3 xl:grid-cols-6">
      <legend className="sr-only">How many runs</legend>
      {MODES.map((mode) => {
        const { title, about } = mode ? STRATEGY_TEXTS[mode] : ONE_RUN;
        return (
          <button
            key={title}
            type="button"
            aria-pressed={mode === value}
            onClick={() => onChange(mode)}
            className="flex flex-col items-start rounded-md border border-line-strong px-3 py-2 text-left hover:bg-surface-muted aria-pressed:border-accent aria-pressed:bg-accent-soft"
          >
            <span className="block text-sm font-semibold">{title}</span>
            <span className="block text-xs text-muted-foreground">{about}</span>
          </button>
        );
      })}
    </fieldset>
  );
}

type NumberDraft = 'trials' | 'drawSeed' | 'eta' | 'minEpochs' | 'maxEpochs' | 'folds' | 'seeds';
const NUMBERS: Record<NumberDraft, { label: string; hint: string }> = {
  trials: { label: 'Settings', hint: 'How many settings are drawn.' },
  drawSeed: { label: 'Seed of the draws', hint: 'The same seed draws the same settings.' },
  eta: {
    label: 'Keep one of',
    hint: 'One run in this many goes on to the next rung, with this many times the epochs.',
  },
  minEpochs: { label: 'Epochs of the first rung', hint: 'Replaces the epochs below.' },
  maxEpochs: { label: 'Epochs of the last rung', hint: 'Each rung trains from scratch.' },
  folds: {
    label: 'Folds',
    hint: '3 or more, dealt out by size and class, the same way every time.',
  },
  seeds: { label: 'Seeds', hint: 'Separated by commas.' },
};
const NUMBERS_OF: Record<Strategy, readonly NumberDraft[]> = {
  GRID: [],
  RANDOM: ['trials', 'drawSeed'],
  HALVING: ['trials', 'drawSeed', 'eta', 'minEpochs', 'maxEpochs'],
  FOLDS: ['folds'],
  SEEDS: ['seeds'],
};
