'use client';
/** One run or a sweep, and what a sweep varies. Hyperparameters and ranges come from the API's own schema. */
import type { SchemaField } from '../../form/schema-fields.ts';
import { STRATEGIES, STRATEGY_TEXTS, type Strategy } from '../../sweep/sweep-strategies.ts';
import { Card } from '../../ui/card.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { isDrawn, SWEEP_METRICS, type SweepDraft } from './sweep-draft.ts';
import { VariedFields } from './varied-fields.tsx';

const ONE_RUN = { title: 'One run', about: 'The knobs below, once.' };
const MODES: readonly (Strategy | null)[] = [null, ...STRATEGIES];

type SweepCardProps = {
  draft: SweepDraft;
  fields: readonly SchemaField[];
  onChange: (draft: SweepDraft) => void;
};

export function SweepCard({ draft, fields, onChange }: SweepCardProps) {
  const change = (part: Partial<SweepDraft>) => onChange({ ...draft, ...part });
  const { strategy } = draft;
  return (
    <Card
      title="How many runs"
      note="The runs of a sweep are ordinary runs, shared by all workers and ranked on VALIDATION."
    >
      <fieldset className="grid grid-cols-2 gap-2 sm:grid-cols-3 xl:grid-cols-6">
        <legend className="sr-only">How many runs</legend>
        {MODES.map((mode) => {
          const { title, about } = mode ? STRATEGY_TEXTS[mode] : ONE_RUN;
          return (
            <button
              key={title}
              type="button"
              aria-pressed={mode === strategy}
              onClick={() => change({ strategy: mode })}
              className="flex flex-col items-start rounded-md border border-line-strong px-3 py-2 text-left hover:bg-surface-muted aria-pressed:border-accent aria-pressed:bg-accent-soft"
            >
              <span className="block text-sm font-semibold">{title}</span>
              <span className="block text-xs text-muted-foreground">{about}</span>
            </button>
          );
        })}
      </fieldset>
      {strategy && (
        <div className="mt-4 flex flex-col gap-4 border-t border-line pt-4">
          {strategy !== 'FOLDS' && strategy !== 'SEEDS' && (
            <VariedFields
              varied={draft.varied}
              fields={fields.filter(({ key }) => strategy !== 'HALVING' || key !== 'epochs')}
              allowsRange={isDrawn(strategy)}
              onChange={(varied) => change({ varied })}
            />
          )}
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
            <StrategyFields draft={draft} change={change} />
            <Field label="Rank by" hint="On VALIDATION; TEST stays sealed.">
              <Select value={draft.metric} onChange={(event) => change({ metric: event.target.value })}>
                {SWEEP_METRICS.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label="Name of the sweep" hint="Left empty: what it varies.">
              <Input value={draft.name} onChange={(event) => change({ name: event.target.value })} />
            </Field>
          </div>
        </div>
      )}
    </Card>
  );
}

type NumberDraft = 'trials' | 'drawSeed' | 'eta' | 'minEpochs' | 'maxEpochs' | 'folds' | 'seeds';
const NUMBERS: Record<NumberDraft, { label: string; hint: string }> = {
  trials: { label: 'Settings', hint: 'How many are drawn.' },
  drawSeed: { label: 'Seed of the draws', hint: 'The same seed draws the same settings.' },
  eta: { label: 'Keep one of', hint: 'One run of so many goes on, for so many times the epochs.' },
  minEpochs: { label: 'Epochs of the first rung', hint: 'In place of the epochs below.' },
  maxEpochs: { label: 'Epochs of the last rung', hint: 'Each rung trains anew, from its first epoch.' },
  folds: { label: 'Folds', hint: '3 or more; patients are dealt by size and class, the same every time.' },
  seeds: { label: 'Seeds', hint: 'Separated by commas.' },
};
const NUMBERS_OF: Record<Strategy, readonly NumberDraft[]> = {
  GRID: [],
  RANDOM: ['trials', 'drawSeed'],
  HALVING: ['trials', 'drawSeed', 'eta', 'minEpochs', 'maxEpochs'],
  FOLDS: ['folds'],
  SEEDS: ['seeds'],
};

function StrategyFields({
  draft,
  change,
}: {
  draft: SweepDraft;
  change: (part: Partial<SweepDraft>) => void;
}) {
  const names = draft.strategy ? NUMBERS_OF[draft.strategy] : [];
  return names.map((name) => (
    <Field key={name} label={NUMBERS[name].label} hint={NUMBERS[name].hint}>
      <Input
        inputMode="numeric"
        value={draft[name]}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  ));
}
