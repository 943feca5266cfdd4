/**
 * Which hyperparameters the runs of a sweep get. A sweep is expanded once, before anything is written, so that a
 * mistake in its last run is known before its first one is queued.
 */
import { AppError } from '../app-error.ts';
import { SWEEP_METRICS, type SweepMetric } from '../metrics/metric.ts';
import { parseHyperparameters } from '../run/hyperparameters.ts';
import { DEFAULT_ETA, planRungs, type Rung } from './halving.ts';
import { DEFAULT_SWEEP_METRIC } from './sweep-ranking.ts';
import { combineValues, drawSettings, parseSpace, type Setting } from './sweep-space.ts';

export const SWEEP_STRATEGIES = ['GRID', 'RANDOM', 'HALVING', 'FOLDS', 'SEEDS'] as const;
export type SweepStrategy = (typeof SWEEP_STRATEGIES)[number];

/** The most runs of one sweep, all rungs of a halving together. */
const SWEEP_RUNS_MAX = 200;

export type SweepRequest = {
  strategy: SweepStrategy;
  /** Hyperparameters that all runs share; unknown keys are errors. */
  base: unknown;
  /** The metric on VALIDATION by which the runs are ranked; `auc` when left out. */
  metric?: string;
  /** GRID, RANDOM, HALVING: hyperparameter → list of values; the last two also → { low, high, log?, whole? }. */
  space?: unknown;
  /** SEEDS: the seeds. */
  seeds?: number[];
  /** RANDOM, HALVING: how many settings to draw; a HALVING without it takes every combination of the lists. */
  trials?: number;
  /** RANDOM, HALVING: seed of the draws. */
  seed?: number;
  /** HALVING: one run in this many goes on, with this many times the epochs. */
  eta?: number;
  /** HALVING: epochs of the first rung. */
  minEpochs?: number;
  /** HALVING: epochs of the last rung. */
  maxEpochs?: number;
  /** Digests, since a split that is still to be made has no id yet. FOLDS: a run for each; the others take exactly one. */
  splitDigests: string[];
};

export type SweepRun = {
  splitDigest: string;
  label: string;
  hyperparameters: Record<string, unknown>;
  /** Place of the setting within the sweep, from 0. */
  place: number;
};

export type ExpandedSweep = {
  metric: SweepMetric;
  /** The runs that are launched at once, in launch order: of a HALVING those of its first rung. */
  runs: SweepRun[];
  /** HALVING: the rungs, each with its number of runs and epochs; empty in the others. */
  rungs: Rung[];
};

/** The options that each strategy takes besides `base`, `metric` and the splits. */
const OPTIONS = {
  GRID: ['space'],
  RANDOM: ['space', 'trials', 'seed'],
  HALVING: ['space', 'trials', 'seed', 'eta', 'minEpochs', 'maxEpochs'],
  FOLDS: [],
  SEEDS: ['seeds'],
} as const satisfies Record<SweepStrategy, readonly (keyof SweepRequest)[]>;
const ALL_OPTIONS = ['space', 'seeds', 'trials', 'seed', 'eta', 'minEpochs', 'maxEpochs'] as const;

/**
 * The runs of a sweep, each with what differs as its label.
 * @throws AppError BAD_INPUT that names the key and value that do not fit.
 */
export function expandSweep(request: SweepRequest): ExpandedSweep {
  refuseForeignOptions(request);
  const metric = parseMetric(request.metric);
  const base = requireObject(request.base);
  const settings = listSettings(request);
  checkRunCount(settings.length);
  const rungs = request.strategy === 'HALVING' ? planHalving(request, { base, settings }) : [];
  checkRunCount(rungs.reduce((sum, { runs }) => sum + runs, 0));
  const epochs = rungs[0] ? { epochs: rungs[0].epochs } : {};
  const runs = settings.map(({ splitDigest, setting, label }, place) => {
    return { splitDigest, label, place, hyperparameters: { ...base, ...setting, ...epochs } };
  });
  for (const { hyperparameters } of runs) parseHyperparameters(hyperparameters);
  return { metric, runs, rungs };
}

type SplitSetting = { splitDigest: string; label: string; setting: Setting };

function listSettings(request: SweepRequest): SplitSetting[] {
  if (request.strategy === 'FOLDS') {
    if (new Set(request.splitDigests).size < 2)
      throw new AppError('BAD_INPUT', 'FOLDS needs at least two splits, one for each fold.');
    return request.splitDigests.map((splitDigest, fold) => ({
      splitDigest,
      label: `fold ${fold + 1}`,
      setting: {},
    }));
  }
  const [splitDigest, ...others] = request.splitDigests;
  if (!splitDigest || others.length > 0) {
    throw new AppError(
      'BAD_INPUT',
      `${request.strategy} takes exactly one split, not ${request.splitDigests.length}.`,
    );
  }
  return varySettings(request).map((setting) => ({ splitDigest, setting, label: labelSetting(setting) }));
}

function varySettings(request: SweepRequest): Setting[] {
  if (request.strategy === 'SEEDS') {
    if (!request.seeds?.length) throw new AppError('BAD_INPUT', 'SEEDS needs a list of seeds.');
    return [...new Set(request.seeds)].map((seed) => ({ seed }));
  }
  const { strategy, trials, seed = 1 } = request;
  const space = parseSpace(request.space);
  if (strategy === 'HALVING' && 'epochs' in space) {
    throw new AppError(
      'BAD_INPUT',
      "HALVING gives each rung its 'epochs' itself: take them out of the space.",
    );
  }
  if (strategy === 'GRID' || (strategy === 'HALVING' && trials === undefined))
    return combineValues(space, SWEEP_RUNS_MAX);
  if (!trials || trials < 1) {
    throw new AppError('BAD_INPUT', `${strategy} needs the number of trials, not ${trials ?? 'none'}.`);
  }
  checkRunCount(trials);
  return drawSettings(space, { trials, seed });
}

function planHalving(
  request: SweepRequest,
  { base, settings }: { base: Setting; settings: readonly SplitSetting[] },
): Rung[] {
  const { eta = DEFAULT_ETA, minEpochs = 1, maxEpochs } = request;
  if ('epochs' in base) {
    throw new AppError(
      'BAD_INPUT',
      "HALVING gives each rung its 'epochs' itself: leave them out of the base.",
    );
  }
  if (maxEpochs === undefined)
    throw new AppError('BAD_INPUT', 'HALVING needs maxEpochs, the epochs of its last rung.');
  parseHyperparameters({ ...base, ...settings[0]?.setting, epochs: maxEpochs });
  return planRungs({ candidates: settings.length, eta, minEpochs, maxEpochs });
}

function checkRunCount(count: number): void {
  if (count <= SWEEP_RUNS_MAX) return;
  const limit = `at most ${SWEEP_RUNS_MAX} are launched together`;
  throw new AppError('BAD_INPUT', `The sweep has ${count} runs: ${limit}.`);
}

/** Silently ignoring an option that a strategy does not know would mislead the user. */
function refuseForeignOptions(request: SweepRequest): void {
  const known: readonly string[] = OPTIONS[request.strategy];
  const foreign = ALL_OPTIONS.find((option) => request[option] !== undefined && !known.includes(option));
  if (foreign) throw new AppError('BAD_INPUT', `${request.strategy} takes no ${foreign}.`);
}

function parseMetric(metric: string = DEFAULT_SWEEP_METRIC): SweepMetric {
  const known = SWEEP_METRICS.find((name) => name === metric);
  if (known) return known;
  throw new AppError(
    'BAD_INPUT',
    `A sweep cannot be ranked by '${metric}': choose one of ${SWEEP_METRICS.join(', ')}.`,
  );
}

/** Numbers have four digits: a label only tells settings apart; the run itself has every digit. */
function labelSetting(setting: Setting): string {
  return Object.entries(setting)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`)
    .join(', ');
}

function requireObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('BAD_INPUT', 'The hyperparameters that all runs share have to be an object.');
  }
  return value as Record<string, unknown>;
}
