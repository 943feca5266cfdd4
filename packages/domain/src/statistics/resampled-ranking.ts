/**
 * Ranking metrics of a resample, in which each patient counts a whole number of times: from the ranking
 * tables, without sorting. AUC and sensitivity are exact. Average precision is exact up to 512 distinct
 * scores; beyond that, precision between two checkpoints follows the straight path between their counts,
 * and the error of this on the original patches is added to every resample. The remaining error is far
 * below the spread of the draws.
 */
import { invariant } from '../app-error.ts';
import type { Checkpoints, RankingTables } from './ranking-tables.ts';

const RATE_SLACK = 1e-12;

/** The tables are read once for this many resamples, which takes half the time of one by one. */
export const RESAMPLES_AT_ONCE = 4;

/** Multiplicities of four resamples side by side: [4 * patient + resample]. */
type FourWeights = Float64Array;

/** Counts of a resample above every checkpoint. */
export type CountsAbove = { positives: Float64Array; negatives: Float64Array };

type Resample = { tables: RankingTables; weights: Float64Array; above: CountsAbove };

/** Puts up to four resamples side by side; missing ones draw no patients. */
export function interleave(resamples: readonly Float64Array[], patientCount: number): FourWeights {
  const four = new Float64Array(patientCount * RESAMPLES_AT_ONCE);
  resamples.forEach((weights, resample) => {
    for (let patient = 0; patient < patientCount; patient++) {
      four[patient * RESAMPLES_AT_ONCE + resample] = weights[patient] as number;
    }
  });
  return four;
}

/** Twice the wins of positives over negatives in four resamples; divided by 2 x the pairs they are the AUC. */
export function countDoubledWins(tables: RankingTables, four: FourWeights): number[] {
  const { pairWins, patientCount } = tables;
  const totals = [0, 0, 0, 0];
  if (!pairWins) return totals.map((_, resample) => countWinsInOrder(tables, { four, resample }));
  for (let patient = 0; patient < patientCount; patient++) {
    let wins0 = 0;
    let wins1 = 0;
    let wins2 = 0;
    let wins3 = 0;
    for (let other = patient; other < patientCount; other++) {
      const wins = pairWins[patient * patientCount + other] as number;
      wins0 += wins * (four[other * 4] as number);
      wins1 += wins * (four[other * 4 + 1] as number);
      wins2 += wins * (four[other * 4 + 2] as number);
      wins3 += wins * (four[other * 4 + 3] as number);
    }
    [wins0, wins1, wins2, wins3].forEach((wins, resample) => {
      totals[resample] = (totals[resample] as number) + wins * (four[patient * 4 + resample] as number);
    });
  }
  return totals;
}

/** The same of one resample from the falling order of the patches: a positive wins over all negatives below its tie. */
function countWinsInOrder(
  { patients, labels, endsTie }: RankingTables,
  { four, resample }: { four: FourWeights; resample: number },
): number {
  let [doubledWins, positivesAbove, positives, negatives] = [0, 0, 0, 0];
  for (let rank = 0; rank < patients.length; rank++) {
    const weight = four[(patients[rank] as number) * RESAMPLES_AT_ONCE + resample] as number;
    if (labels[rank] === 1) positives += weight;
    else negatives += weight;
    if (endsTie[rank] === 0) continue;
    doubledWins += negatives * (2 * positivesAbove + positives);
    positivesAbove += positives;
    positives = 0;
    negatives = 0;
  }
  return doubledWins;
}

/** The weighted counts above every checkpoint in four resamples. */
export function countAbove(checkpoints: Checkpoints, four: FourWeights): CountsAbove[] {
  const rows = checkpoints.ranks.length;
  const above = Array.from({ length: RESAMPLES_AT_ONCE }, () => ({
    positives: new Float64Array(rows),
    negatives: new Float64Array(rows),
  }));
  const sums = new Float64Array(2 * RESAMPLES_AT_ONCE);
  for (let row = 0; row < rows; row++) {
    weighRow(checkpoints, { row, four, sums });
    for (let resample = 0; resample < RESAMPLES_AT_ONCE; resample++) {
      const counts = above[resample] as CountsAbove;
      counts.positives[row] = sums[resample] as number;
      counts.negatives[row] = sums[RESAMPLES_AT_ONCE + resample] as number;
    }
  }
  return above;
}

/** What the checkpoints miss of the average precision of the original patches. */
export function findPrecisionMissed(tables: RankingTables): number {
  const weights = new Float64Array(tables.patientCount).fill(1);
  const [above] = countAbove(tables.checkpoints, interleave([weights], tables.patientCount));
  invariant(above, 'one resample gives one set of counts');
  return tables.averagePrecision - resampleAveragePrecision({ tables, weights, above });
}

/**
 * Average precision of one resample by checkpoints, to which the caller adds what they miss. A patch that
 * is drawn w times is a tie of w: its precision is taken at the end of the tie, half a tie further down
 * than the path, so the mean multiplicity of the positives takes part.
 */
export function resampleAveragePrecision({ tables, weights, above }: Resample): number {
  const { isOneTie } = tables.checkpoints;
  const multiplicity = averageMultiplicity(tables.checkpoints, weights);
  let sum = 0;
  for (let checkpoint = 1; checkpoint < isOneTie.length; checkpoint++) {
    const before = above.positives[checkpoint - 1] as number;
    const gained = (above.positives[checkpoint] as number) - before;
    if (gained === 0) continue;
    const called = before + gained + (above.negatives[checkpoint] as number);
    const calledBefore = before + (above.negatives[checkpoint - 1] as number);
    sum +=
      isOneTie[checkpoint] === 1 || calledBefore === 0
        ? (gained * (before + gained)) / called
        : integratePrecision({ before, gained, calledBefore, called, multiplicity });
  }
  return sum / (above.positives.at(-1) ?? 0);
}

/** Sensitivity of one resample at the lowest threshold whose specificity is at least the given one. */
export function resampleSensitivityAt(specificity: number, { tables, weights, above }: Resample): number {
  const { patients, labels, endsTie, checkpoints } = tables;
  const allowed = (1 - specificity + RATE_SLACK) * (above.negatives.at(-1) ?? 0);
  const checkpoint = findLastAllowed(above.negatives, allowed);
  let falsePositives = above.negatives[checkpoint] as number;
  let truePositives = above.positives[checkpoint] as number;
  let reached = truePositives;
  for (
    let rank = checkpoints.ranks[checkpoint] as number;
    rank < patients.length && falsePositives <= allowed;
    rank++
  ) {
    const weight = weights[patients[rank] as number] as number;
    if (labels[rank] === 1) truePositives += weight;
    else falsePositives += weight;
    if (endsTie[rank] === 1 && falsePositives <= allowed) reached = truePositives;
  }
  return reached / (above.positives.at(-1) ?? 0);
}

/**
 * The integral of (before + u) / (calledBefore + c u) for u from 0 to gained, where c is patches called per
 * positive gained: g/c + (before - calledBefore/c)/c ln(called / calledBefore); and half a tie's gain in
 * precision, (1 - precision) / called, for each positive.
 */
function integratePrecision(step: {
  before: number;
  gained: number;
  calledBefore: number;
  called: number;
  multiplicity: number;
}): number {
  const { before, gained, calledBefore, called, multiplicity } = step;
  const perPositive = (called - calledBefore) / gained;
  const offset = (before - calledBefore / perPositive) / perPositive;
  const middle = (called + calledBefore) / 2;
  const missedPerPositive = (1 - (before + gained / 2) / middle) / middle;
  const path = gained / perPositive + offset * Math.log(called / calledBefore);
  return path + (multiplicity / 2) * gained * missedPerPositive;
}

/** How often a drawn positive patch is drawn, on average over the drawn ones. */
function averageMultiplicity({ ranks, positivesAbove }: Checkpoints, weights: Float64Array): number {
  const start = (ranks.length - 1) * weights.length;
  let drawn = 0;
  let squared = 0;
  for (let patient = 0; patient < weights.length; patient++) {
    const weight = weights[patient] as number;
    const positives = positivesAbove[start + patient] as number;
    drawn += weight * positives;
    squared += weight * weight * positives;
  }
  return squared / drawn;
}

/** Unrolled for the four resamples: an inner loop over them would take most of the time. */
function weighRow(
  { positivesAbove, negativesAbove }: Checkpoints,
  { row, four, sums }: { row: number; four: FourWeights; sums: Float64Array },
): void {
  const patientCount = four.length / 4;
  let [positives0, positives1, positives2, positives3] = [0, 0, 0, 0];
  let [negatives0, negatives1, negatives2, negatives3] = [0, 0, 0, 0];
  let cell = row * patientCount;
  for (let at = 0; at < four.length; at += 4, cell++) {
    const positives = positivesAbove[cell] as number;
    const negatives = negativesAbove[cell] as number;
    const weight0 = four[at] as number;
    const weight1 = four[at + 1] as number;
    const weight2 = four[at + 2] as number;
    const weight3 = four[at + 3] as number;
    positives0 += weight0 * positives;
    positives1 += weight1 * positives;
    positives2 += weight2 * positives;
    positives3 += weight3 * positives;
    negatives0 += weight0 * negatives;
    negatives1 += weight1 * negatives;
    negatives2 += weight2 * negatives;
    negatives3 += weight3 * negatives;
  }
  sums[0] = positives0;
  sums[1] = positives1;
  sums[2] = positives2;
  sums[3] = positives3;
  sums[4] = negatives0;
  sums[5] = negatives1;
  sums[6] = negatives2;
  sums[7] = negatives3;
}

function findLastAllowed(negativesAbove: Float64Array, allowed: number): number {
  let low = 0;
  let high = negativesAbove.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((negativesAbove[middle] as number) <= allowed) low = middle;
    else high = middle - 1;
  }
  return low;
}
