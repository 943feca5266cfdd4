/**
 * What the bootstrap needs in order to rank resampled patients without sorting again: wins between any two
 * patients (for AUC), and each patient's counts at checkpoints down the falling order of scores (for average
 * precision and for sensitivity at a fixed specificity).
 */
import { AppError } from '../app-error.ts';
import { endOfTie, orderByScore } from '../metrics/score-order.ts';
import type { Scored } from '../metrics/scored.ts';

/** Above this many patients the matrix of wins would take more than 128 MB: wins are then counted patch by patch. */
const MATRIX_PATIENTS_MAX = 4096;
/** Above this many the counts at the checkpoints would take hundreds of megabytes. */
const PATIENTS_MAX = 65_536;

/** Up to this many distinct scores there is a checkpoint at each, and all results are exact. */
const TIES_KEPT_ALL = 512;
/** Else checkpoints lie an eighth of their rank apart, but never further than a 64th of all patches. */
const CHECKPOINT_GROWTH = 1 / 8;
const CHECKPOINT_SHARE_MAX = 1 / 64;

export type RankingTables = {
  patientCount: number;
  /**
   * [i * P + j], i <= j: 2 x the wins of patient i's positives over patient j's negatives and the other way
   * round, a tie counting one. Below the diagonal 0. Null for more than 4,096 patients.
   */
  pairWins: Float64Array | null;
  /** The scores, falling, and the patients and labels of their patches. */
  scores: Float64Array;
  patients: Int32Array;
  labels: Uint8Array;
  /** 1 where the next score is lower. */
  endsTie: Uint8Array;
  checkpoints: Checkpoints;
  /** Average precision of the patches themselves. */
  averagePrecision: number;
};

export type Checkpoints = {
  /** How many patches lie above each checkpoint: rising, first 0, always at the end of a tie. */
  ranks: Uint32Array;
  /** 1 where the patches since the checkpoint before are one tie. */
  isOneTie: Uint8Array;
  /** [checkpoint * P + patient]: positives and negatives of the patient above it. */
  positivesAbove: Float64Array;
  negativesAbove: Float64Array;
};

/** Sorts once and builds all tables: O(N log N + N x P). */
export function buildRankingTables(scored: Scored, patientCount: number): RankingTables {
  if (patientCount > PATIENTS_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `Intervals are computed over up to ${PATIENTS_MAX} units of a dataset, not ${patientCount}.`,
    );
  }
  const order = orderByScore(scored.probabilities);
  const scores = Float64Array.from(order, (patch) => scored.probabilities[patch] as number);
  const patients = new Int32Array(order.length);
  const labels = new Uint8Array(order.length);
  for (let rank = 0; rank < order.length; rank++) {
    patients[rank] = scored.patients[order[rank] as number] as number;
    labels[rank] = scored.labels[order[rank] as number] as number;
  }
  const endsTie = new Uint8Array(order.length);
  for (let start = 0; start < order.length; ) {
    start = endOfTie(scored.probabilities, { order, start });
    endsTie[start - 1] = 1;
  }
  const ranked = { patientCount, patients, labels, endsTie };
  return {
    ...ranked,
    scores,
    pairWins: patientCount > MATRIX_PATIENTS_MAX ? null : countPairWins(ranked),
    checkpoints: countAtCheckpoints(ranked),
    averagePrecision: averagePrecisionInOrder(ranked),
  };
}

type Ranked = Pick<RankingTables, 'patientCount' | 'patients' | 'labels' | 'endsTie'>;

/**
 * From the lowest score up. A negative counts one from the moment its tie is reached, for the positives in
 * the tie, and two from then on.
 */
function countPairWins({ patientCount, patients, labels, endsTie }: Ranked): Float64Array {
  const wins = new Float64Array(patientCount * patientCount);
  const doubledNegatives = new Float64Array(patientCount);
  const countNegatives = (from: number, to: number) => {
    for (let rank = from; rank > to; rank--) {
      if (labels[rank] === 1) continue;
      const patient = patients[rank] as number;
      doubledNegatives[patient] = (doubledNegatives[patient] as number) + 1;
    }
  };
  for (let last = patients.length - 1; last >= 0; ) {
    let before = last - 1;
    while (before >= 0 && endsTie[before] === 0) before--;
    countNegatives(last, before);
    for (let rank = last; rank > before; rank--) {
      if (labels[rank] === 1) addRow(wins, { patient: patients[rank] as number, row: doubledNegatives });
    }
    countNegatives(last, before);
    last = before;
  }
  return foldBelowDiagonal(wins, patientCount);
}

function foldBelowDiagonal(wins: Float64Array, patientCount: number): Float64Array {
  for (let patient = 0; patient < patientCount; patient++) {
    for (let other = 0; other < patient; other++) {
      const below = patient * patientCount + other;
      const above = other * patientCount + patient;
      wins[above] = (wins[above] as number) + (wins[below] as number);
      wins[below] = 0;
    }
  }
  return wins;
}

function addRow(table: Float64Array, { patient, row }: { patient: number; row: Float64Array }): void {
  const start = patient * row.length;
  for (let other = 0; other < row.length; other++) {
    table[start + other] = (table[start + other] as number) + (row[other] as number);
  }
}

function countAtCheckpoints({ patientCount, patients, labels, endsTie }: Ranked): Checkpoints {
  const { ranks, isOneTie } = placeCheckpoints(endsTie);
  const positivesAbove = new Float64Array(ranks.length * patientCount);
  const negativesAbove = new Float64Array(ranks.length * patientCount);
  for (let checkpoint = 1; checkpoint < ranks.length; checkpoint++) {
    const row = checkpoint * patientCount;
    positivesAbove.copyWithin(row, row - patientCount, row);
    negativesAbove.copyWithin(row, row - patientCount, row);
    for (let rank = ranks[checkpoint - 1] as number; rank < (ranks[checkpoint] as number); rank++) {
      const above = labels[rank] === 1 ? positivesAbove : negativesAbove;
      const cell = row + (patients[rank] as number);
      above[cell] = (above[cell] as number) + 1;
    }
  }
  return { ranks, isOneTie, positivesAbove, negativesAbove };
}

function averagePrecisionInOrder({ labels, endsTie }: Pick<RankingTables, 'labels' | 'endsTie'>): number {
  let [sum, positives, counted] = [0, 0, 0];
  for (let rank = 0; rank < labels.length; rank++) {
    positives += labels[rank] as number;
    if (endsTie[rank] === 0) continue;
    sum += ((positives - counted) * positives) / (rank + 1);
    counted = positives;
  }
  return sum / positives;
}

function placeCheckpoints(endsTie: Uint8Array): Pick<Checkpoints, 'ranks' | 'isOneTie'> {
  const keepsAll = endsTie.reduce((sum, ends) => sum + ends, 0) <= TIES_KEPT_ALL;
  const ranks = [0];
  const isOneTie = [1];
  let ties = 0;
  let last = 0;
  for (let rank = 1; rank <= endsTie.length; rank++) {
    if (endsTie[rank - 1] === 0) continue;
    ties++;
    const spacing = keepsAll ? 1 : Math.min(last * CHECKPOINT_GROWTH, endsTie.length * CHECKPOINT_SHARE_MAX);
    if (rank - last < spacing && rank < endsTie.length) continue;
    ranks.push(rank);
    isOneTie.push(ties === 1 ? 1 : 0);
    last = rank;
    ties = 0;
  }
  return { ranks: Uint32Array.from(ranks), isOneTie: Uint8Array.from(isOneTie) };
}
