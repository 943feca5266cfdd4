/**
 * Which hyperparameters the runs of a sweep get. A sweep is expanded once, before anything is written, so that a
 * mistake in its last run is known before its first one is queued.
 */
import { z } from 'zod';
import { AppError } from './app-error.ts';
import { parseHyperparameters } from './hyperparameters.ts';
import { createRandom, deriveSeed, type SeededRandom } from './seeded-random.ts';

export const SWEEP_STRATEGIES = ['GRID', 'RANDOM', 'FOLDS', 'SEEDS'] as const;
export type SweepStrategy = (typeof SWEEP_STRATEGIES)[number];

/** The most runs of one sweep. */
export const SWEEP_RUNS_MAX = 200;

const valueList = z.array(z.union([z.string(), z.number(), z.boolean()])).min(1);
const numberRange = z
  .strictObject({
    low: z.number(),
    high: z.number(),
    log: z.boolean().default(false),
    whole: z.boolean().default(false),
  })
  .refine(({ low, high }) => low < high, 'low has to be below high')
  .refine(({ low, log }) => !log || low > 0, 'a logarithmic range has to begin above 0');
const spaceSchema = z.record(z.string(), z.union([valueList, numberRange]));

type NumberRange = z.infer<typeof numberRange>;
type Space = z.infer<typeof spaceSchema>;

export type SweepRequest = {
  strategy: SweepStrategy;
  /** What all runs share; unknown keys are errors. */
  base: unknown;
  /** GRID and RANDOM: hyperparameter → list of values; RANDOM also → { low, high, log?, whole? }. */
  space?: unknown;
  /** SEEDS: the seeds. */
  seeds?: number[];
  /** RANDOM: how many runs. */
  trials?: number;
  /** RANDOM: seed of the draws. */
  seed?: number;
  /** FOLDS: one run for each; the other strategies take exactly one. */
  splitIds: string[];
};

export type SweepRun = { splitId: string; label: string; hyperparameters: Record<string, unknown> };

/**
 * The runs of a sweep, in launch order, each with what differs as its label.
 * @throws AppError BAD_INPUT that names the key and value that do not fit.
 */
export function expandSweep(request: SweepRequest): SweepRun[] {
  const base = requireObject(request.base);
  const runs = expandByStrategy(request, base);
  if (runs.length > SWEEP_RUNS_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `The sweep has ${runs.length} runs: at most ${SWEEP_RUNS_MAX} are launched together.`,
    );
  }
  for (const run of runs) parseHyperparameters(run.hyperparameters);
  return runs;
}

function expandByStrategy(request: SweepRequest, base: Record<string, unknown>): SweepRun[] {
  if (request.strategy === 'FOLDS') {
    if (request.splitIds.length < 2)
      throw new AppError('BAD_INPUT', 'FOLDS needs at least two splits, one for each fold.');
    return request.splitIds.map((splitId, fold) => ({
      splitId,
      label: `fold ${fold + 1}`,
      hyperparameters: base,
    }));
  }
  const [splitId, ...others] = request.splitIds;
  if (!splitId || others.length > 0) {
    throw new AppError(
      'BAD_INPUT',
      `${request.strategy} takes exactly one split, not ${request.splitIds.length}.`,
    );
  }
  return listSettings(request).map((setting) => ({
    splitId,
    label: Object.entries(setting)
      .map(([key, value]) => `${key} ${value}`)
      .join(', '),
    hyperparameters: { ...base, ...setting },
  }));
}

function listSettings(request: SweepRequest): Record<string, unknown>[] {
  if (request.strategy === 'SEEDS') {
    if (!request.seeds?.length) throw new AppError('BAD_INPUT', 'SEEDS needs a list of seeds.');
    return [...new Set(request.seeds)].map((seed) => ({ seed }));
  }
  const space = parseSpace(request.space);
  if (request.strategy === 'GRID') return combine(space);
  const { trials, seed = 1 } = request;
  if (!trials || trials < 1)
    throw new AppError('BAD_INPUT', `RANDOM needs the number of trials, not ${trials ?? 'none'}.`);
  return Array.from({ length: trials }, (_, trial) =>
    drawSetting(space, createRandom(deriveSeed(seed, 'sweep', trial))),
  );
}

function combine(space: Space): Record<string, unknown>[] {
  let settings: Record<string, unknown>[] = [{}];
  for (const [key, values] of Object.entries(space)) {
    if (!Array.isArray(values))
      throw new AppError('BAD_INPUT', `GRID needs a list of values for '${key}', not a range.`);
    settings = settings.flatMap((setting) => values.map((value) => ({ ...setting, [key]: value })));
    if (settings.length > SWEEP_RUNS_MAX) break; // refused by the caller; no need to make them all
  }
  return settings;
}

function drawSetting(space: Space, random: SeededRandom): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(space).map(([key, values]) => [
      key,
      Array.isArray(values) ? values[Math.floor(random.next() * values.length)] : drawNumber(values, random),
    ]),
  );
}

function drawNumber({ low, high, log, whole }: NumberRange, random: SeededRandom): number {
  const u = random.next();
  if (whole) return Math.floor(low + u * (high - low + 1));
  return log ? Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low))) : low + u * (high - low);
}

function parseSpace(space: unknown): Space {
  const parsed = spaceSchema.safeParse(space ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new AppError(
      'BAD_INPUT',
      `The space of the sweep does not fit at '${issue.path.join('.')}': ${issue.message}.`,
    );
  }
  if (Object.keys(parsed.data).length === 0)
    throw new AppError('BAD_INPUT', 'The space of the sweep names no hyperparameter.');
  return parsed.data;
}

function requireObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('BAD_INPUT', 'The hyperparameters that all runs share have to be an object.');
  }
  return value as Record<string, unknown>;
}
