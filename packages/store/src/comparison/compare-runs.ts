/** Compares runs. Statistics are paired, by the dataset's unit, and only between runs whose TEST is open. */
import { choosePairs } from '@microtome/domain/comparison/choose-pairs';
import { type ComparisonRequest, checkComparison } from '@microtome/domain/comparison/comparison-request';
import { listComparisonWarnings } from '@microtome/domain/comparison/comparison-warnings';
import {
  type HyperparameterDifference,
  listHyperparameterDifferences,
} from '@microtome/domain/comparison/hyperparameter-differences';
import { judgePairs } from '@microtome/domain/comparison/judge-pairs';
import {
  describeRefusedPair,
  describeTestedPair,
  type PairedComparison,
  type TestedPair,
} from '@microtome/domain/comparison/paired-comparison';
import { countTestPatients, NOTHING_SHARED, refusePairs } from '@microtome/domain/comparison/refuse-pair';
import { mapInOrder } from '../map-in-order.ts';
import { listPatientsOfSide } from '../split/split-sides.ts';
import type { Store } from '../store.ts';
import { type ComparedRun, type JudgedRun, listComparedRuns } from './compared-runs.ts';
import { measurePair, type PairMeans } from './measure-pair.ts';

/** The predictions of the next pair are read while one is computed. */
const PAIRS_IN_FLIGHT_MAX = 2;

export type RunComparison = {
  runs: ComparedRun[];
  differences: HyperparameterDifference[];
  warnings: string[];
  /** The run that all others are tested against; null where every pair is tested. */
  reference: ComparedRun | null;
  /** Which pairs are tested and which are not, in words. */
  pairing: string;
  /** Takes seconds, once: a caller who only wants the rest need not wait. */
  listPairs(): Promise<PairedComparison<ComparedRun>[]>;
};

type PairOfRuns = { a: JudgedRun; b: JudgedRun };

/** NOT_FOUND for an unknown run, BAD_INPUT unless there are 2 to 200 different ones and the reference is one of them. */
export async function compareRuns(
  store: Store,
  request: ComparisonRequest,
  means: PairMeans = {},
): Promise<RunComparison> {
  const { runIds, referenceId, sharedPatientsOnly } = checkComparison(request);
  const runs = await listComparedRuns(store, runIds);
  const { reference, pairs, sentence } = choosePairs({ runs, referenceId });
  let tested: Promise<PairedComparison<ComparedRun>[]> | undefined;
  return {
    runs: runs.map(({ row }) => row),
    differences: listHyperparameterDifferences(runs.map(({ hyperparameters }) => hyperparameters)),
    warnings: listComparisonWarnings(runs),
    reference: reference?.row ?? null,
    pairing: sentence,
    listPairs: () => {
      tested ??= testPairs(store, { pairs, sharedPatientsOnly, means });
      return tested;
    },
  };
}

async function testPairs(
  store: Store,
  {
    pairs,
    sharedPatientsOnly,
    means,
  }: { pairs: PairOfRuns[]; sharedPatientsOnly: boolean; means: PairMeans },
): Promise<PairedComparison<ComparedRun>[]> {
  const splitIds = pairs.flatMap(({ a, b }) => [a.splitId, b.splitId]);
  const test = await listPatientsOfSide(store, { splitIds, subset: 'TEST' });
  const questions = pairs.map(({ a, b }) => {
    const counts = countTestPatients(test.get(a.splitId), test.get(b.splitId));
    return { a, b, counts, sharedPatientsOnly };
  });
  const refusals = refusePairs(questions);
  const work = async (at: number): Promise<TestedPair<ComparedRun>> => {
    const { a, b, counts } = questions[at]!;
    const sides = { a: a.row, b: b.row, unit: a.unit, counts };
    const refused = refusals[at];
    if (refused) return describeRefusedPair(sides, refused);
    const measured = await measurePair(store, { runIdA: a.id, runIdB: b.id }, means);
    return measured ? describeTestedPair(sides, measured) : describeRefusedPair(sides, NOTHING_SHARED);
  };
  const tested: TestedPair<ComparedRun>[] = [];
  for await (const pair of mapInOrder(questions.keys(), { inFlightMax: PAIRS_IN_FLIGHT_MAX, work })) {
    tested.push(pair);
  }
  return judgePairs(tested);
}
