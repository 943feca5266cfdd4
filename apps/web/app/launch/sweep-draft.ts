/** A sweep as it is typed into the launch form, and the request that it becomes. Pure; the API has the last word. */
import { parseField, type SchemaField, titleField } from '../../form/schema-fields.ts';
import type { Strategy } from '../../sweep/sweep-strategies.ts';
import type { Hyperparameters } from './launch-plan.ts';

/** One hyperparameter that varies: a list of values, or for drawn settings a range. */
export type VariedDraft = {
  key: string;
  isRange: boolean;
  /** Separated by commas. */
  values: string;
  low: string;
  high: string;
  isLog: boolean;
};

export type SweepDraft = {
  /** Null: a single run. */
  strategy: Strategy | null;
  name: string;
  metric: string;
  varied: VariedDraft[];
  trials: string;
  drawSeed: string;
  eta: string;
  minEpochs: string;
  maxEpochs: string;
  folds: string;
  seeds: string;
};

export type SweepRequest = {
  strategy: Strategy;
  name: string;
  base: Hyperparameters;
  [option: string]: unknown;
};
export type ReadDraft = { request: SweepRequest; errors: [] } | { request: null; errors: string[] };

export const SWEEP_METRICS = [
  { value: 'auc', label: 'ROC AUC' },
  { value: 'averagePrecision', label: 'Average precision' },
  { value: 'balancedAccuracy', label: 'Balanced accuracy' },
  { value: 'f1', label: 'F1' },
  { value: 'brier', label: 'Brier score (less is better)' },
  { value: 'logLoss', label: 'Log loss (less is better)' },
] as const;

export function createDraft(strategy: Strategy | null): SweepDraft {
  return {
    ...{ strategy, name: '', metric: 'auc' },
    // Both are filled in: a grid takes the values, drawn settings the range.
    varied: [
      {
        ...{ key: 'learningRate', values: '0.0003, 0.001, 0.003' },
        ...{ isRange: true, low: '0.0001', high: '0.01', isLog: true },
      },
    ],
    ...{
      trials: '9',
      drawSeed: '1',
      eta: '3',
      minEpochs: '2',
      maxEpochs: '18',
      folds: '5',
      seeds: '1, 2, 3',
    },
  };
}

export function createVaried(key: string): VariedDraft {
  return { key, isRange: false, values: '', low: '', high: '', isLog: false };
}

/** Whether this strategy draws its settings, so that a hyperparameter may have a range. */
export function isDrawn(strategy: Strategy | null): boolean {
  return strategy === 'RANDOM' || strategy === 'HALVING';
}

export function listValues(text: string): string[] {
  return text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

/** The request without its data set and experiment, or every sentence that says what to mend. */
export function readDraft(
  draft: SweepDraft & { strategy: Strategy },
  { fields, changed, splitId }: { fields: readonly SchemaField[]; changed: Hyperparameters; splitId: string },
): ReadDraft {
  const errors: string[] = [];
  const whole = (label: string, text: string) => readWhole(label, { text, errors });
  const { strategy, metric } = draft;
  const options = readOptions(draft, { fields, errors, whole });
  if (strategy !== 'FOLDS' && !splitId) errors.push('Choose a split first.');
  if (errors.length > 0) return { request: null, errors };
  const { epochs, ...others } = changed;
  const base = strategy === 'HALVING' || epochs === undefined ? others : { ...others, epochs };
  const splits = strategy === 'FOLDS' ? {} : { splitIds: [splitId] };
  const name = draft.name.trim() || nameSweep(draft);
  return { request: { strategy, name, metric, base, ...splits, ...options }, errors: [] };
}

type Reading = {
  fields: readonly SchemaField[];
  errors: string[];
  whole: (label: string, text: string) => number;
};

function readOptions(draft: SweepDraft & { strategy: Strategy }, reading: Reading): Record<string, unknown> {
  const { whole } = reading;
  switch (draft.strategy) {
    case 'FOLDS':
      return { folds: whole('Folds', draft.folds) };
    case 'SEEDS':
      return { seeds: listValues(draft.seeds).map((seed) => whole('Seeds', seed)) };
    case 'GRID':
      return { space: readSpace(draft, reading) };
    default: {
      const drawn = {
        trials: whole('Settings', draft.trials),
        seed: whole('Seed of the draws', draft.drawSeed),
      };
      const space = readSpace(draft, reading);
      if (draft.strategy === 'RANDOM') return { space, ...drawn };
      const eta = whole('Keep one of', draft.eta);
      const minEpochs = whole('Epochs of the first rung', draft.minEpochs);
      const maxEpochs = whole('Epochs of the last rung', draft.maxEpochs);
      return { space, ...drawn, eta, minEpochs, maxEpochs };
    }
  }
}

function readSpace(draft: SweepDraft, { fields, errors }: Reading): Record<string, unknown> {
  if (draft.varied.length === 0) errors.push('Choose a hyperparameter to vary.');
  const space: Record<string, unknown> = {};
  for (const varied of draft.varied) {
    const field = fields.find(({ key }) => key === varied.key);
    if (!field) continue;
    const parse = (text: string) => readValue(field, { text, errors });
    if (varied.isRange && isDrawn(draft.strategy) && field.kind === 'number') {
      const [low, high] = [parse(varied.low), parse(varied.high)];
      space[field.key] = { low, high, log: varied.isLog, whole: field.integer };
      continue;
    }
    const values = listValues(varied.values).map(parse);
    if (values.length === 0) errors.push(`${titleField(field.key)}: name at least one value.`);
    space[field.key] = values;
  }
  return space;
}

function readValue(field: SchemaField, { text, errors }: { text: string; errors: string[] }) {
  const typed = field.kind === 'flag' ? readFlag(text) : text;
  const { value, error } = parseField(field, typed);
  if (error) errors.push(`${titleField(field.key)}, "${text}": ${error}`);
  return value;
}

function readFlag(text: string): boolean {
  return text === 'yes' || text === 'true';
}

function readWhole(label: string, { text, errors }: { text: string; errors: string[] }): number {
  const value = Number(text.trim() || Number.NaN);
  if (!Number.isInteger(value) || value < 0) errors.push(`${label}: "${text}" is no whole number.`);
  return value;
}

function nameSweep({ strategy, varied, folds }: SweepDraft): string {
  const keys = varied.map(({ key }) => titleField(key).toLowerCase()).join(', ');
  if (strategy === 'FOLDS') return `${folds}-fold cross-validation`;
  if (strategy === 'SEEDS') return 'Seeds';
  return `${strategy === 'GRID' ? 'Grid' : strategy === 'RANDOM' ? 'Random search' : 'Halving'} over ${keys}`;
}
