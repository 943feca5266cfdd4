/** Two runs on the same opened TEST patients: metrics of both, their paired differences by patient, and the tests. */
import type { Agreement } from '@microtome/domain/comparison/agreement';
import type { PairedComparison as DomainComparison } from '@microtome/domain/comparison/compare-paired';
import type { Subset } from '@microtome/domain/split/subset';
import { warnOfFewPatients } from '@microtome/domain/statistics/few-patients';
import type { Background } from '../background/background.ts';
import type { PredictionServices } from '../evaluation/run-predictions.ts';
import { loadScoredSubset } from '../evaluation/scored-subset.ts';
import { createResultCache, type ResultCache } from '../result-cache.ts';
import { alignPatches } from './align-patches.ts';
import type { ComparedRun } from './compare-runs.ts';
import type { TestPatients } from './test-patients.ts';

export const COMPARISON_DRAWS = 2000;
const COMPARISON_SEED = 1;
const CACHED_PAIRS = 400;

export type PairedMetric = {
  name: string;
  a: number;
  b: number;
  difference: number;
  low: number | null;
  high: number | null;
  pValue: number | null;
  adjustedP: number | null;
  /** After Holm over the tested pairs, for this metric. */
  acrossPairsP: number | null;
};

/** Of the patients, by falling distance of the two accuracies. */
export type DifferingPatient = {
  patientKey: string;
  patches: number;
  onlyA: number;
  onlyB: number;
  accuracyA: number;
  accuracyB: number;
};

/** What was computed, shared by all who ask again: never changed. */
export type PairStatistics = {
  result: DomainComparison;
  patientKeys: string[];
};

export type PairCache = ResultCache<PairStatistics | null>;
export type PairServices = PredictionServices & { background: Background; pairStatistics: PairCache };

export type PairedComparison = {
  a: ComparedRun;
  b: ComparedRun;
  subset: Subset;
  /** TEST patients of run a, of run b, and those of both: they are paired. */
  patients: number;
  patientsB: number;
  sharedPatients: number;
  /** True where the pair was restricted to the patients that both share. */
  restricted: boolean;
  patches: number;
  draws: number;
  metrics: PairedMetric[];
  tests: PairTests | null;
  differing: DifferingPatient[];
  /** Why its intervals and p-values must not be taken at their word; null where they may. */
  caution: string | null;
  refused: string | null;
};

export type PairTests = Pick<
  DomainComparison,
  'clusteredAuc' | 'naiveAuc' | 'signFlip' | 'clusteredMcNemar' | 'naiveMcNemar' | 'skippedDraws'
> & {
  agreement: Agreement;
  /** Mean over patients of the difference of their accuracies: what the sign flip judges. */
  meanAccuracyDifference: number;
};

type Pairing = { a: ComparedRun; b: ComparedRun; testPatients: TestPatients; sharedPatientsOnly: boolean };

export function createPairCache(): PairCache {
  return createResultCache(CACHED_PAIRS);
}

/** A pair that is not compared says why in `refused`. `isWithinLimit` is asked only for pairs that could be. */
export async function pairRuns(
  services: PairServices,
  pairing: Pairing & { isWithinLimit(): boolean },
): Promise<PairedComparison> {
  const { a, b } = pairing;
  const counts = countPatients(pairing);
  const refuse = (refused: string): PairedComparison => ({
    a,
    b,
    subset: 'TEST',
    patches: 0,
    draws: 0,
    metrics: [],
    tests: null,
    differing: [],
    refused,
    ...counts,
    restricted: false,
    caution: null,
  });
  const reason = refusePair(pairing, counts);
  if (reason) return refuse(reason);
  if (!pairing.isWithinLimit())
    return refuse('Not computed: 20 pairs are tested at once. Compare fewer runs.');
  const statistics = await computePair(services, pairing);
  if (!statistics) return refuse('They share no patches.');
  return {
    ...refuse(''),
    ...describeStatistics(statistics),
    ...describePatients(counts, statistics.patientKeys.length),
    refused: null,
  };
}

function countPatients({ a, b, testPatients }: Pairing) {
  const [ofA, ofB] = [testPatients.get(a.splitId), testPatients.get(b.splitId)];
  const shared = ofA && ofB ? [...ofA].filter((key) => ofB.has(key)).length : 0;
  return { patients: ofA?.size ?? 0, patientsB: ofB?.size ?? 0, sharedPatients: shared };
}

/** On a split by patch patients are known only from the predictions; elsewhere one may have strips alone. */
function describePatients(counts: ReturnType<typeof countPatients>, paired: number) {
  const { patients, patientsB, sharedPatients } = counts;
  return {
    patients: patients || paired,
    patientsB: patientsB || paired,
    sharedPatients: paired,
    restricted: sharedPatients < Math.max(patients, patientsB),
    caution: warnOfFewPatients(paired),
  };
}

function refusePair(
  { a, b, sharedPatientsOnly }: Pairing,
  { patients, patientsB, sharedPatients }: ReturnType<typeof countPatients>,
): string | null {
  const unfinished = [a, b].find(({ status }) => status !== 'SUCCEEDED');
  if (unfinished) return `Run '${unfinished.name}' is ${unfinished.status}: it has no TEST predictions.`;
  const sealed = [a, b].find(({ testOpening }) => testOpening === null);
  if (sealed) return `TEST of run '${sealed.name}' is sealed: open it first.`;
  if (a.datasetId !== b.datasetId) return 'The two runs are on different data sets.';
  if (a.threshold === null || b.threshold === null) return 'One of the two runs has no threshold.';
  if (a.splitId === b.splitId) return null;
  const byPatch = [a, b].find(({ splitKind }) => splitKind === 'PATCH');
  if (byPatch) {
    return `Run '${byPatch.name}' is on a split by patch, whose TEST has no patients of its own: it can be paired only on the same split.`;
  }
  if (sharedPatients === patients && sharedPatients === patientsB) return null;
  const sizes = `Their TEST patients differ: ${patients} and ${patientsB}, of whom they share ${sharedPatients}.`;
  if (sharedPatients < 2) return `${sizes} They cannot be paired.`;
  return sharedPatientsOnly ? null : `${sizes} They can be paired on the ${sharedPatients} that they share.`;
}

/** Kept by the content hashes of the two prediction files: whoever asks again waits for no statistics. */
function computePair(services: PairServices, { a, b }: Pairing): Promise<PairStatistics | null> {
  const parts = [a, b].map(({ datasetId, threshold, artifacts }) => {
    const predictions = artifacts.find(({ role }) => role === 'PREDICTIONS_TEST');
    return [datasetId, predictions?.artifactHash, threshold];
  });
  return services.pairStatistics.get(JSON.stringify(parts), async () => {
    const aligned = alignPatches({
      a: await loadScoredSubset(services, { runId: a.id, subset: 'TEST' }),
      b: await loadScoredSubset(services, { runId: b.id, subset: 'TEST' }),
    });
    if (!aligned) return null;
    const { patientKeys, ...columns } = aligned;
    const result = await services.background.compare({
      ...columns,
      thresholdA: a.threshold ?? 0.5,
      thresholdB: b.threshold ?? 0.5,
      draws: COMPARISON_DRAWS,
      seed: COMPARISON_SEED,
    });
    return { result, patientKeys };
  });
}

function describeStatistics({ result, patientKeys }: PairStatistics) {
  const { differences, patients, agreement, skippedDraws } = result;
  const { clusteredAuc, naiveAuc, signFlip, clusteredMcNemar, naiveMcNemar } = result;
  const gaps = patients.map(({ accuracyA, accuracyB }) => accuracyA - accuracyB);
  const meanAccuracyDifference = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const ofAuc = { clusteredAuc, naiveAuc };
  const ofCalls = { signFlip, clusteredMcNemar, naiveMcNemar, agreement, meanAccuracyDifference };
  return {
    patches: result.patchCount,
    draws: result.draws,
    metrics: differences.map(({ metric, interval, ...difference }) => ({
      ...difference,
      name: metric,
      low: interval?.[0] ?? null,
      high: interval?.[1] ?? null,
      acrossPairsP: null,
    })),
    tests: { ...ofAuc, ...ofCalls, skippedDraws },
    differing: patients.map(({ patient, ...row }) => ({ ...row, patientKey: patientKeys[patient] ?? '' })),
  };
}
