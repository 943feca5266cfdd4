/** What the gate looks at: a version's run, its TEST, its split's audit, and the gaps to colour-baseline and champion. */
import { AppError } from '@microtome/domain/app-error';
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import { judgeLearning } from '@microtome/domain/evaluation/learning';
import {
  type AucGap,
  COLOUR_BASELINE,
  type PromotionCandidate,
  type PromotionChampion,
} from '@microtome/domain/promotion/promotion-gate';
import type { Evaluation, Prisma } from '../../generated/prisma/client.ts';
import { measurePair, type PairMeans } from '../comparison/measure-pair.ts';
import { findExternalModel } from '../model-check/model-checks.ts';
import { type OnSplit, requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';

const withEvidence = {
  model: true,
  run: {
    include: {
      experiment: { select: { task: true, dataset: { select: { unit: true } } } },
      split: true,
      evaluations: true,
      testOpening: true,
      externalEvaluations: { include: { dataset: { select: { name: true, unit: true } } } },
    },
  },
} satisfies Prisma.ModelVersionInclude;

type StoredVersion = Prisma.ModelVersionGetPayload<{ include: typeof withEvidence }>;
type VersionWithEvidence = Omit<StoredVersion, 'run'> & { run: OnSplit<StoredVersion['run']> };

type Means = { pairs: PairMeans | undefined; auditSplit: (splitId: string) => Promise<SplitAudit> };

/** NOT_FOUND when there is no such version. */
export async function getVersionWithEvidence(store: Store, versionId: string): Promise<VersionWithEvidence> {
  const version = await store.database.prisma.modelVersion.findUnique({
    where: { id: versionId },
    include: withEvidence,
  });
  if (!version) throw new AppError('NOT_FOUND', `There is no model version ${versionId}.`);
  return { ...version, run: requireSplit(version.run) };
}

export async function gatherEvidence(
  store: Store,
  { version: { run }, pairs, auditSplit }: { version: VersionWithEvidence } & Means,
): Promise<PromotionCandidate> {
  const test = run.evaluations.find(({ subset }) => subset === 'TEST');
  const validation = run.evaluations.find(({ subset }) => subset === 'VALIDATION');
  const { unit } = run.experiment.dataset;
  return {
    architecture: run.architecture,
    runStatus: run.status,
    ...(run.origin === 'EXTERNAL' ? { externalModel: await findExternalModel(store, run.id) } : {}),
    splitKind: run.splitKind,
    unit,
    test: test ? { metrics: test.metrics, intervals: test.intervals } : null,
    ...(validation ? { learning: judgeLearning({ ...validation, unit }) } : {}),
    splitTestOpenings: await store.database.prisma.testOpening.count({ where: { splitId: run.splitId } }),
    // If the audit is not done yet, it is made now, rather than refusing because it is missing.
    audit: await auditSplit(run.splitId),
    externalResults: run.externalEvaluations.flatMap(({ dataset, sites, metrics }) =>
      metrics
        ? [
            {
              datasetName: dataset.name,
              sites,
              unit: dataset.unit,
              patients: metrics.patients,
              balancedAccuracy: metrics.balancedAccuracy,
            },
          ]
        : [],
    ),
    baseline: test ? await measureAgainstBaseline(store, { run, pairs }) : null,
  };
}

/** How the version stands against the one that holds the alias. */
export async function gatherChampion(
  store: Store,
  { version, holderId, pairs }: { version: VersionWithEvidence; holderId: string } & Pick<Means, 'pairs'>,
): Promise<PromotionChampion> {
  const champion = await getVersionWithEvidence(store, holderId);
  const canPair = version.run.testOpening !== null && champion.run.testOpening !== null;
  const gap = canPair
    ? await measureAucGap(store, { runIdA: version.runId, runIdB: champion.runId }, pairs)
    : null;
  return { name: `version ${champion.number}`, gap };
}

/** Of several baselines the best on VALIDATION: the hardest to beat, chosen without looking at TEST. */
async function measureAgainstBaseline(
  store: Store,
  { run, pairs }: { run: VersionWithEvidence['run'] } & Pick<Means, 'pairs'>,
): Promise<PromotionCandidate['baseline']> {
  const baselines = await store.database.prisma.run.findMany({
    where: {
      splitId: run.splitId,
      experiment: { taskId: run.experiment.task.id },
      architecture: COLOUR_BASELINE,
      status: 'SUCCEEDED',
      testOpening: { isNot: null },
      id: { not: run.id },
    },
    orderBy: { finishedAt: 'desc' },
    select: { id: true, name: true, evaluations: { where: { subset: 'VALIDATION' } } },
  });
  const ranked = baselines.toSorted((a, b) => readAuc(b) - readAuc(a));
  const [best] = ranked;
  if (!best) return null;
  return {
    runName: best.name,
    gap: await measureAucGap(store, { runIdA: run.id, runIdB: best.id }, pairs),
  };
}

/** TEST AUC of run a minus that of run b on shared patients; null where there is none. */
async function measureAucGap(
  store: Store,
  runIds: { runIdA: string; runIdB: string },
  pairs: PairMeans | undefined,
): Promise<AucGap | null> {
  const measured = await measurePair(store, runIds, pairs);
  const auc = measured?.statistics.differences.find(({ metric }) => metric === 'auc');
  if (!measured || !auc) return null;
  const { difference, interval } = auc;
  return { difference, interval, sharedPatients: measured.patientKeys.length };
}

function readAuc({ evaluations }: { evaluations: Pick<Evaluation, 'metrics'>[] }): number {
  return evaluations[0]?.metrics.auc ?? Number.NEGATIVE_INFINITY;
}
