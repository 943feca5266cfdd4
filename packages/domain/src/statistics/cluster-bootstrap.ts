/**
 * The bootstrap by patient: draw as many patients as there are, with replacement, and compute every metric
 * of the drawn ones. Several runs on the same patches share the draws, so their differences are paired.
 */
import { invariant } from '../app-error.ts';
import { MACRO_METRICS, RUN_METRICS, type RunMetric } from '../metrics/metric.ts';
import { countPatients, type Scored } from '../metrics/scored.ts';
import { createRandom, type SeededRandom } from '../seeded-random.ts';
import {
  type AdditiveMetric,
  measureAdditive,
  measureMacro,
  resampleSums,
  sumByPatient,
} from './patient-sums.ts';
import { measureRanking } from './ranking-draws.ts';
import { buildRankingTables } from './ranking-tables.ts';

/** The metrics that get an interval, named as in an evaluation. */
export type BootstrapMetric = RunMetric | 'prevalence';
export const BOOTSTRAP_METRICS: readonly BootstrapMetric[] = [...RUN_METRICS, 'prevalence'];

/** A metric's value in every kept draw; NaN where that draw does not have it. */
export type DrawnMetrics = Record<BootstrapMetric, Float64Array>;

type BootstrapResult = {
  /** One entry per run, in the order given. */
  runs: DrawnMetrics[];
  keptDraws: number;
  /** Draws that lacked a class. */
  skippedDraws: number;
};

type Run = { scored: Scored; threshold: number };

/**
 * Draws `draws` times from the patients; the runs must be on the same patches. Each draw takes P numbers of
 * mulberry32(seed) and with each the patient at floor(number x P).
 */
export function bootstrapByPatient({
  runs,
  draws,
  seed,
}: {
  runs: readonly Run[];
  draws: number;
  seed: number;
}): BootstrapResult {
  const patientCount = Math.max(0, ...runs.map(({ scored }) => countPatients(scored.patients)));
  const random = createRandom(seed);
  const resamples: Float64Array[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const weights = drawPatients(patientCount, random);
    if (runs[0] && hasBothClasses(runs[0].scored, weights)) resamples.push(weights);
  }
  return {
    runs: runs.map((run) => measureRun(run, resamples)),
    keptDraws: resamples.length,
    skippedDraws: draws - resamples.length,
  };
}

/** How often each patient is drawn in one resample. */
export function drawPatients(patientCount: number, random: SeededRandom): Float64Array {
  const weights = new Float64Array(patientCount);
  for (let draw = 0; draw < patientCount; draw++) {
    const patient = Math.floor(random.next() * patientCount);
    weights[patient] = (weights[patient] as number) + 1;
  }
  return weights;
}

/** The percentile interval (linear between order statistics, R's type 7); null without values. NaN is left out. */
export function intervalByPercentile(values: Float64Array, level = 0.95): [low: number, high: number] | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return null;
  const tail = (1 - level) / 2;
  return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
}

/** Two-sided bootstrap p of "no difference": 2 min((1 + #<=0), (1 + #>=0)) / (B + 1), at most 1. */
export function findBootstrapP(differences: Float64Array): number | null {
  const values = differences.filter((value) => !Number.isNaN(value));
  if (values.length === 0) return null;
  const below = values.filter((value) => value <= 0).length;
  const above = values.filter((value) => value >= 0).length;
  return Math.min(1, (2 * (1 + Math.min(below, above))) / (values.length + 1));
}

function measureRun({ scored, threshold }: Run, resamples: readonly Float64Array[]): DrawnMetrics {
  const columns = createColumns(resamples.length);
  const patientCount = resamples[0]?.length ?? 0;
  if (patientCount === 0) return columns;
  measureRanking(buildRankingTables(scored, patientCount), { resamples, columns });
  const sums = sumByPatient({ scored, threshold, patientCount });
  resamples.forEach((weights, draw) => {
    const total = resampleSums(sums, weights);
    for (const [metric, value] of Object.entries(measureAdditive(total))) {
      columns[metric as AdditiveMetric][draw] = value ?? Number.NaN;
    }
    MACRO_METRICS.forEach((metric, at) => {
      columns[`macro.${metric}`][draw] = measureMacro(total, at);
    });
  });
  return columns;
}

/** Without both classes among the drawn patients most metrics do not exist: such a draw is skipped whole. */
function hasBothClasses({ labels, patients }: Scored, weights: Float64Array): boolean {
  let hasPositive = false;
  let hasNegative = false;
  for (let index = 0; index < labels.length && !(hasPositive && hasNegative); index++) {
    if (weights[patients[index] as number] === 0) continue;
    if (labels[index] === 1) hasPositive = true;
    else hasNegative = true;
  }
  return hasPositive && hasNegative;
}

function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below];
  const high = sorted[Math.min(sorted.length - 1, below + 1)];
  invariant(low !== undefined && high !== undefined, 'a quantile lies within its values');
  return low + (position - below) * (high - low);
}

function createColumns(draws: number): DrawnMetrics {
  return Object.fromEntries(
    BOOTSTRAP_METRICS.map((metric) => [metric, new Float64Array(draws)]),
  ) as DrawnMetrics;
}
