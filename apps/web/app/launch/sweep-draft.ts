/** A sweep as it is typed into the launch form, and the request that it becomes. Pure; the API has the last word. */
import '../../form/checked-values.ts';
import * as z from 'zod/mini';
import { parseField, type SchemaField, titleField } from '../../form/schema-fields.ts';
import type { MetricCatalogue } from '../../metrics/metric-catalogue.ts';
import type { Strategy } from '../../sweep/sweep-strategies.ts';
import type { Hyperparameters } from './launch-plan.ts';

/** One hyperparameter that varies: a list of values, or for drawn settings a range. */
type VariedDraft = {
  key: string;
  from: 'values' | 'range';
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
  /** Separated by commas. */
  seeds: string;
};

export type SweepRequest = {
  strategy: Strategy;
  name: string;
  base: Hyperparameters;
  [option: string]: unknown;
};
type ReadDraft = { request: SweepRequest; errors: [] } | { request: null; errors: string[] };

/** What a sweep can be ranked by. */
export function listRankings(catalogue: MetricCatalogue): { metric: string; title: string }[] {
  return [...catalogue.values()]
    .filter(({ canRankSweep }) => canRankSweep)
    .map(({ name, title, better }) => ({
      metric: name,
      title: better === 'LOWER' ? `${title} (less is better)` : title,
    }));
}

export function createDraft(strategy: Strategy | null): SweepDraft {
  // Both are filled in: a grid takes the values, drawn settings the range.
  const learningRate: VariedDraft = {
    key: 'learningRate',
    from: 'range',
    values: '0.0003, 0.001, 0.003',
    low: '0.0001',
    high: '0.01',
    isLog: true,
  };
  return {
    strategy,
    name: '',
    metric: 'auc',
    varied: [learningRate],
    trials: '9',
    drawSeed: '1',
    eta: '3',
    minEpochs: '2',
    maxEpochs: '18',
    folds: '5',
    seeds: '1, 2, 3',
  };
}

export function createVaried(key: string): VariedDraft {
  return { key, from: 'values', values: '', low: '', high: '', isLog: false };
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

/** Reads the part of the draft that its strategy needs, in the form that the API takes; the rest is ignored. */
export function createSweepSchema(fields: readonly SchemaField[]) {
  const schema = createChosenSchema(fields);
  const read = z.transform((draft: SweepDraft, { issues }) => {
    const { data, error } = schema.safeParse(draft);
    for (const { message, path } of error?.issues ?? []) {
      issues.push({ code: 'custom', message, path, input: draft });
    }
    return data ? toOptions(data) : {};
  });
  return z.pipe(z.custom<SweepDraft>(), read);
}

/** What is typed for the strategy that is chosen. */
function createChosenSchema(fields: readonly SchemaField[]) {
  const space = createSpaceSchema(fields, { allowsRange: false });
  const drawnSpace = createSpaceSchema(fields, { allowsRange: true });
  const trials = createWholeSchema('Settings');
  const drawSeed = createWholeSchema('Seed of the draws');
  return z.discriminatedUnion('strategy', [
    z.object({ strategy: z.null() }),
    z.object({ strategy: z.literal('GRID'), varied: space }),
    z.object({ strategy: z.literal('RANDOM'), varied: drawnSpace, trials, drawSeed }),
    z.object({
      strategy: z.literal('HALVING'),
      varied: drawnSpace,
      trials,
      drawSeed,
      eta: createWholeSchema('Keep one of'),
      minEpochs: createWholeSchema('Epochs of the first rung'),
      maxEpochs: createWholeSchema('Epochs of the last rung'),
    }),
    z.object({ strategy: z.literal('FOLDS'), folds: createWholeSchema('Folds') }),
    z.object({
      strategy: z.literal('SEEDS'),
      seeds: z.pipe(z.pipe(z.string(), z.transform(listValues)), z.array(createWholeSchema('Seeds'))),
    }),
  ]);
}

type Chosen = z.output<ReturnType<typeof createChosenSchema>>;

/** As the API calls it. */
function toOptions(chosen: Chosen): Record<string, unknown> {
  if (chosen.strategy === null) return {};
  const { strategy: _, ...options } = chosen;
  if (!('varied' in options)) return options;
  const { varied: space, ...rest } = options;
  if (!('drawSeed' in rest)) return { space };
  const { drawSeed: seed, ...drawn } = rest;
  return { space, seed, ...drawn };
}

/** The request without its dataset and experiment, or every sentence that says what to correct. */
export function readDraft(
  draft: SweepDraft,
  { fields, changed, splitId }: { fields: readonly SchemaField[]; changed: Hyperparameters; splitId: string },
): ReadDraft {
  const read = createSweepSchema(fields).safeParse(draft);
  const errors = read.success ? [] : read.error.issues.map(({ message }) => message);
  const makesSplits = draft.strategy === 'FOLDS';
  if (!makesSplits && !splitId) errors.push('Choose a split first.');
  const { strategy } = draft;
  if (!read.success || !strategy || errors.length > 0) return { request: null, errors };
  const { epochs: _, ...withoutEpochs } = changed;
  const request = {
    strategy,
    name: draft.name.trim() || nameSweep(draft),
    metric: draft.metric,
    base: strategy === 'HALVING' ? withoutEpochs : changed,
    ...(makesSplits ? {} : { splitIds: [splitId] }),
    ...read.data,
  };
  return { request, errors: [] };
}

function createWholeSchema(label: string) {
  const read = z.transform((text: string, { issues }) => {
    const value = Number(text.trim() || Number.NaN);
    if (!Number.isInteger(value) || value < 0)
      issues.push({ code: 'custom', message: `${label}: "${text}" is not a whole number.`, input: text });
    return value;
  });
  return z.pipe(z.string(), read);
}

function createSpaceSchema(fields: readonly SchemaField[], { allowsRange }: { allowsRange: boolean }) {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const read = z.transform((varied: VariedDraft, { issues }): [string, unknown][] => {
    const field = byKey.get(varied.key);
    if (!field) return [];
    const refuse = (message: string) => issues.push({ code: 'custom', message, input: varied });
    const parse = (text: string) => {
      const { value, error } = parseField(field, field.kind === 'flag' ? isYes(text) : text);
      if (error) refuse(`${titleField(field.key)}, "${text}": ${error}`);
      return value;
    };
    if (allowsRange && varied.from === 'range' && field.kind === 'number') {
      const range = { low: parse(varied.low), high: parse(varied.high) };
      return [[field.key, { ...range, log: varied.isLog, whole: field.integer }]];
    }
    const values = listValues(varied.values).map(parse);
    if (values.length === 0) refuse(`${titleField(field.key)}: name at least one value.`);
    return [[field.key, values]];
  });
  return z.pipe(
    z.array(z.pipe(z.custom<VariedDraft>(), read)).check(z.minLength(1, 'Choose a hyperparameter to vary.')),
    z.transform((entries: [string, unknown][][]) => Object.fromEntries(entries.flat())),
  );
}

function isYes(text: string): boolean {
  return text === 'yes' || text === 'true';
}

function nameSweep({ strategy, varied, folds }: SweepDraft): string {
  const keys = varied.map(({ key }) => titleField(key).toLowerCase()).join(', ');
  if (strategy === 'FOLDS') return `${folds}-fold cross-validation`;
  if (strategy === 'SEEDS') return 'Seeds';
  return `${strategy === 'GRID' ? 'Grid' : strategy === 'RANDOM' ? 'Random search' : 'Halving'} over ${keys}`;
}
