/**
 * Whether a run has learned anything: a training that diverged to finite nonsense succeeds, with an AUC of about one half
 * and a threshold that means nothing. Said wherever the run is shown; never a reason to refuse.
 */

import type { Subset } from '../split/subset.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { hasFewPatients } from '../statistics/few-patients.ts';
import { Z_95 } from '../statistics/normal.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { nameUnit } from '../unit/unit-words.ts';
import type { EvaluationMetrics } from './evaluation.ts';

/** UNKNOWN where no result on these patches could have shown it. */
export const LEARNING_STATES = ['LEARNED', 'NOT_LEARNED', 'UNKNOWN'] as const;

export type Learning = {
  state: (typeof LEARNING_STATES)[number];
  /** What is said of it where there is room for one line. */
  title: string;
  /** What decided, as a sentence. */
  reason: string;
};

/** What is looked at of an evaluation; every stored one has it, but for the range of the first versions. */
export type LearningEvidence = {
  subset: Subset;
  metrics: Pick<EvaluationMetrics, 'auc' | 'patients' | 'confusion' | 'probabilityRange'>;
  intervals: Readonly<Record<string, Interval>>;
  /** What the dataset is split by, and so its intervals. */
  unit: SplittingUnit;
};

const CHANCE = 0.5;

/**
 * One probability for every patch is never learning, on however few patches. Otherwise AUC must lie above one half: its
 * 95 % interval by patient (bootstrap of whole patients) from ENOUGH_PATIENTS on. With fewer patients that interval
 * wanders, so a run is called chance only where AUC is within the error of chance even if patches were independent
 * (Mann and Whitney 1947: variance (m + n + 1) / 12mn under chance), the reckoning that favours the run most; and
 * where a perfect ranking would not lie outside that error either, nothing is said.
 *
 * What it misses: on few patients a run whose patients happen to differ in the right direction passes for one that has
 * learned; a network that has learned the colour of one patient passes; one that learned little, on patients who
 * differ much, is taken for chance.
 */
export function judgeLearning({ subset, metrics, intervals, unit }: LearningEvidence): Learning {
  const { auc, patients, confusion, probabilityRange: range } = metrics;
  const notLearned = (reason: string): Learning => ({
    state: 'NOT_LEARNED',
    title: `Did not learn: no better than chance on ${subset}`,
    reason,
  });
  if (range && range[0] === range[1]) {
    return notLearned(
      `Every patch of ${subset} gets the same probability, ${Number(range[0].toPrecision(3))}.`,
    );
  }
  if (auc === null) return unknown(`${subset} has patches of one class alone.`);
  if (auc === CHANCE) return notLearned(`AUC on ${subset} is 0.5 exactly.`);
  const error = standardErrorOfChance(confusion);
  if (CHANCE / error < Z_95) {
    return unknown(`${subset} has too few patches: even a perfect order of them could be chance.`);
  }
  const byPatient = hasFewPatients(patients) ? undefined : intervals.auc;
  const low = byPatient ? byPatient[0] : auc - Z_95 * error;
  const figure = `AUC on ${subset} is ${auc.toFixed(3)}, ${byPatient ? describeInterval(byPatient, unit) : describeError(error)}`;
  if (low > CHANCE)
    return { state: 'LEARNED', title: `Better than chance on ${subset}`, reason: `${figure}.` };
  return notLearned(`${figure}: it does not lie above 0.5.`);
}

function unknown(reason: string): Learning {
  return { state: 'UNKNOWN', title: 'Whether it has learned cannot be told', reason };
}

function standardErrorOfChance({ tp, fn, tn, fp }: EvaluationMetrics['confusion']): number {
  const [positives, negatives] = [tp + fn, tn + fp];
  return Math.sqrt((positives + negatives + 1) / (12 * positives * negatives));
}

function describeInterval([low, high]: Interval, unit: SplittingUnit): string {
  return `95 % interval ${nameUnit(unit).by} ${low.toFixed(3)} to ${high.toFixed(3)}`;
}

function describeError(error: number): string {
  return `and chance alone gives up to ${(CHANCE + Z_95 * error).toFixed(3)}`;
}
