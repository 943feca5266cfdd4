/** What the gate judges: everything about one version that a rule of the policy asks for, from what is stored. */
import { AppError } from '@microtome/domain/app-error';
import { comparePaired, type PairedComparison } from '@microtome/domain/comparison';
import type { EvaluationMetrics } from '@microtome/domain/evaluation';
import {
  type AucGap,
  type PromotionCandidate,
  type PromotionChampion,
  type PromotionPolicy,
  parsePromotionPolicy,
} from '@microtome/domain/promotion-policy';
import type { RunStatus } from '@microtome/domain/run-status';
import type { SplitKind } from '@microtome/domain/split';
import type { Prisma } from '../generated/prisma/client.ts';
import { EVALUATION_DRAWS, EVALUATION_SEED } from './evaluations.ts';
import { loadScored, type ScoredPredictions } from './predictions.ts';
import type { Store } from './store.ts';

type ComparisonInput = Parameters<typeof comparePaired>[0];
/** Computes a paired comparison, off the caller's thread where there is a way. */
export type ComparePairs = (input: ComparisonInput) => PairedComparison | Promise<PairedComparison>;

const INCLUDE = {
  model: true,
  run: { include: { split: true, testOpening: true, evaluations: { where: { subset: 'TEST' } } } },
} as const satisfies Prisma.ModelVersionInclude;

export type VersionWithRun = Prisma.ModelVersionGetPayload<{ include: typeof INCLUDE }>;

export type PromotionFacts = {
  version: VersionWithRun;
  policy: PromotionPolicy;
  candidate: PromotionCandidate;
  champion: PromotionChampion | null;
  /** The version that the alias pointed to when these facts were gathered; null when to none. */
  championVersionId: string | null;
};

export type FactsRequest = { versionId: string; alias: string; compare?: ComparePairs };

/** Gathers the facts. NOT_FOUND when there is no such version. */
export async function gatherPromotionFacts(store: Store, request: FactsRequest): Promise<PromotionFacts> {
  const { compare = comparePaired } = request;
  const version = await getVersion(store, request.versionId);
  const { run, model } = version;
  const holder = await findHolder(store, { modelId: model.id, alias: request.alias });
  const champion = holder && holder.id !== version.id ? holder : null;
  const testEvaluation = run.testOpening ? run.evaluations[0] : undefined;
  const candidate: PromotionCandidate = {
    runStatus: run.status as RunStatus,
    splitKind: run.splitKind as SplitKind,
    test: testEvaluation
      ? {
          metrics: testEvaluation.metrics as unknown as EvaluationMetrics,
          intervals: testEvaluation.intervals as Record<string, [number, number]>,
        }
      : null,
    splitTestOpenings: await store.database.prisma.testOpening.count({ where: { splitId: run.splitId } }),
    audit: run.split.audit as PromotionCandidate['audit'],
  };
  return {
    version,
    policy: parsePromotionPolicy(model.policy),
    candidate,
    champion: champion && {
      name: `${model.name} version ${champion.number}`,
      gap: candidate.test ? await measureGap(store, { a: version, b: champion, compare }) : null,
    },
    championVersionId: holder?.id ?? null,
  };
}

async function getVersion(store: Store, versionId: string): Promise<VersionWithRun> {
  const version = await store.database.prisma.modelVersion.findUnique({
    where: { id: versionId },
    include: INCLUDE,
  });
  if (!version) throw new AppError('NOT_FOUND', `There is no model version '${versionId}'.`);
  return version;
}

async function findHolder(
  store: Store,
  { modelId, alias }: { modelId: string; alias: string },
): Promise<VersionWithRun | null> {
  const row = await store.database.prisma.alias.findUnique({
    where: { modelId_name: { modelId, name: alias } },
    include: { promotion: { include: { version: { include: INCLUDE } } } },
  });
  return row?.promotion.version ?? null;
}

/** AUC of a minus that of b on the TEST patches that both were judged on; null when they share none or TEST is sealed. */
async function measureGap(
  store: Store,
  { a, b, compare }: { a: VersionWithRun; b: VersionWithRun; compare: ComparePairs },
): Promise<AucGap | null> {
  if (!a.run.testOpening || !b.run.testOpening) return null;
  const [scoredA, scoredB] = await Promise.all(
    [a, b].map(({ runId }) => loadScored(store, { runId, subset: 'TEST' })),
  );
  const shared = alignPatches(scoredA!, scoredB!);
  const sharedPatients = new Set(shared.patients).size;
  if (sharedPatients === 0) return null;
  const { differences } = await compare({
    ...shared,
    thresholdA: a.run.threshold ?? 0.5,
    thresholdB: b.run.threshold ?? 0.5,
    draws: EVALUATION_DRAWS,
    seed: EVALUATION_SEED,
  });
  const auc = differences.find(({ metric }) => metric === 'auc');
  return auc ? { difference: auc.difference, interval: auc.interval, sharedPatients } : null;
}

/** The patches of both, by patient and place: the two runs may be on different data sets that hold the same patients. */
function alignPatches(a: ScoredPredictions, b: ScoredPredictions) {
  const placesB = new Map(listPlaces(b).map((place, position) => [place, position]));
  const pairs = listPlaces(a).flatMap((place, position) => {
    const other = placesB.get(place);
    return other === undefined ? [] : [[position, other] as const];
  });
  const numbers = new Map<number, number>();
  const renumber = (patient: number) => {
    if (!numbers.has(patient)) numbers.set(patient, numbers.size);
    return numbers.get(patient)!;
  };
  return {
    a: Float64Array.from(pairs, ([position]) => a.scored.probabilities[position]!),
    b: Float64Array.from(pairs, ([, position]) => b.scored.probabilities[position]!),
    labels: Uint8Array.from(pairs, ([position]) => a.scored.labels[position]!),
    patients: Int32Array.from(pairs, ([position]) => renumber(a.scored.patients[position]!)),
  };
}

function listPlaces({ patches, patientKeys }: ScoredPredictions): string[] {
  return Array.from(
    { length: patches.count },
    (_, position) =>
      `${patientKeys[patches.patients[position]!]} ${patches.x[position]} ${patches.y[position]}`,
  );
}
