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
import {
  countTestPatients,
  NOTHING_SHARED,
  refusePairs,
  type TestPatientCounts,
} from '@microtome/domain/comparison/refuse-pair';
import {
  type ContextPair,
  describePairInContext,
  describeSilentPair,
  NO_SHARED_CONTEXT,
} from '@microtome/domain/context/context-pair';
import { mapInOrder } from '../map-in-order.ts';
import { listPatientsOfSide } from '../split/split-sides.ts';
import type { Store } from '../store.ts';
import { type ComparedRun, type JudgedRun, listComparedRuns } from './compared-runs.ts';
import { measurePair, measurePairInContext, type PairMeans } from './measure-pair.ts';

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
  /** The same pairs on the patches that have a context in both. Takes as long once more. */
  listContextPairs(): Promise<ContextPair<ComparedRun>[]>;
};

type PairOfRuns = { a: JudgedRun; b: JudgedRun };

/** NOT_FOUND for an unknown run, BAD_INPUT unless there are 2 to 200 different ones and the reference is one of them. */
export async function compareRuns(
  store: Store,
  asked: ComparisonRequest,
  means: PairMeans = {},
): Promise<RunComparison> {
  const { runIds, referenceId, sharedPatientsOnly } = checkComparison(asked);
  const runs = await listComparedRuns(store, runIds);
  const { reference, pairs, sentence } = choosePairs({ runs, referenceId });
  const request = { pairs, sharedPatientsOnly, means };
  let tested: Promise<PairedComparison<ComparedRun>[]> | undefined;
  let inContext: Promise<ContextPair<ComparedRun>[]> | undefined;
  return {
    runs: runs.map(({ row }) => row),
    differences: listHyperparameterDifferences(runs.map(({ hyperparameters }) => hyperparameters)),
    warnings: listComparisonWarnings(runs),
    reference: reference?.row ?? null,
    pairing: sentence,
    listPairs: () => {
      tested ??= testPairs(store, request);
      return tested;
    },
    listContextPairs: () => {
      inContext ??= testContextPairs(store, request);
      return inContext;
    },
  };
}

type PairsRequest = { pairs: PairOfRuns[]; sharedPatientsOnly: boolean; means: PairMeans };

async function testPairs(store: Store, request: PairsRequest): Promise<PairedComparison<ComparedRun>[]> {
  const questions = await askAboutPairs(store, request);
  const work = async ({ refused, counts, ...question }: PairQuestion): Promise<TestedPair<ComparedRun>> => {
    const sides = { ...describeSides(question), counts };
    if (refused) return describeRefusedPair(sides, refused);
    const measured = await measurePair(store, nameRuns(question), request.means);
    return measured ? describeTestedPair(sides, measured) : describeRefusedPair(sides, NOTHING_SHARED);
  };
  return judgePairs(await workInOrder(questions, work));
}

async function testContextPairs(store: Store, request: PairsRequest): Promise<ContextPair<ComparedRun>[]> {
  const questions = await askAboutPairs(store, request);
  const work = async ({ refused, ...question }: PairQuestion) => {
    const sides = describeSides(question);
    if (refused) return describeSilentPair(sides, refused);
    const measured = await measurePairInContext(store, nameRuns(question), request.means);
    return measured ? describePairInContext(sides, measured) : describeSilentPair(sides, NO_SHARED_CONTEXT);
  };
  return judgePairs(await workInOrder(questions, work));
}

type PairQuestion = PairOfRuns & { counts: TestPatientCounts; refused: string | null };

/** Who is on TEST of both, and why a pair may not be tested. */
async function askAboutPairs(
  store: Store,
  { pairs, sharedPatientsOnly }: PairsRequest,
): Promise<PairQuestion[]> {
  const splitIds = pairs.flatMap(({ a, b }) => [a.splitId, b.splitId]);
  const test = await listPatientsOfSide(store, { splitIds, subset: 'TEST' });
  const questions = pairs.map(({ a, b }) => {
    const counts = countTestPatients(test.get(a.splitId), test.get(b.splitId));
    return { a, b, counts, sharedPatientsOnly };
  });
  const refusals = refusePairs(questions);
  return questions.map(({ a, b, counts }, at) => ({ a, b, counts, refused: refusals[at] ?? null }));
}

async function workInOrder<Result>(
  questions: readonly PairQuestion[],
  work: (question: PairQuestion) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const inOrder = mapInOrder(questions, { inFlightMax: PAIRS_IN_FLIGHT_MAX, work });
  for await (const result of inOrder) results.push(result);
  return results;
}

function describeSides({ a, b }: PairOfRuns) {
  return { a: a.row, b: b.row, unit: a.unit };
}

function nameRuns({ a, b }: PairOfRuns) {
  return { runIdA: a.id, runIdB: b.id };
}
