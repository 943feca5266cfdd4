/** What the gate looks at: a version's run, its TEST, its split's audit, and the gaps to colour-baseline and champion. */
import { AppError } from '@microtome/domain/app-error';
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import {
  COLOUR_BASELINE,
  type PromotionCandidate,
  type PromotionChampion,
} from '@microtome/domain/promotion/promotion-gate';
import type { Evaluation, Prisma } from '../../generated/prisma/client.ts';
import { type Compare, measureAucGap } from '../comparison/comparisons.ts';
import type { Store } from '../store.ts';

const withEvidence = {
  model: true,
  run: { include: { split: true, evaluations: { where: { subset: 'TEST' } }, testOpening: true } },
} satisfies Prisma.ModelVersionInclude;

type VersionWithEvidence = Prisma.ModelVersionGetPayload<{ include: typeof withEvidence }>;

type Means = { compare: Compare; auditSplit: (splitId: string) => Promise<SplitAudit> };

/** NOT_FOUND when there is no such version. */
export async function getVersionWithEvidence(store: Store, versionId: string): Promise<VersionWithEvidence> {
  const version = await store.database.prisma.modelVersion.findUnique({
    where: { id: versionId },
    include: withEvidence,
  });
  if (!version) throw new AppError('NOT_FOUND', `There is no model version ${versionId}.`);
  return version;
}

export async function gatherEvidence(
  store: Store,
  { version: { run }, compare, auditSplit }: { version: VersionWithEvidence } & Means,
): Promise<PromotionCandidate> {
  const [test] = run.evaluations;
  return {
    architecture: run.architecture,
    runStatus: run.status,
    splitKind: run.splitKind,
    test: test ? { metrics: test.metrics, intervals: test.intervals } : null,
    splitTestOpenings: await store.database.prisma.testOpening.count({ where: { splitId: run.splitId } }),
    // A gate that is asked before the audit is done has it made, rather than refuse for want of it.
    audit: await auditSplit(run.splitId),
    baseline: test ? await measureAgainstBaseline(store, { run, compare }) : null,
  };
}

/** How the version stands against the one that holds the alias. */
export async function gatherChampion(
  store: Store,
  { version, holderId, compare }: { version: VersionWithEvidence; holderId: string; compare: Compare },
): Promise<PromotionChampion> {
  const champion = await getVersionWithEvidence(store, holderId);
  const canPair = version.run.testOpening !== null && champion.run.testOpening !== null;
  const gap = canPair
    ? await measureAucGap(store, { runId: version.runId, otherRunId: champion.runId, compare })
    : null;
  return { name: `version ${champion.number}`, gap };
}

/** Of several baselines the one that is best on VALIDATION: the hardest to beat, chosen without a look at TEST. */
async function measureAgainstBaseline(
  store: Store,
  { run, compare }: { run: VersionWithEvidence['run']; compare: Compare },
): Promise<PromotionCandidate['baseline']> {
  const baselines = await store.database.prisma.run.findMany({
    where: {
      splitId: run.splitId,
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
    gap: await measureAucGap(store, { runId: run.id, otherRunId: best.id, compare }),
  };
}

function readAuc({ evaluations }: { evaluations: Pick<Evaluation, 'metrics'>[] }): number {
  return evaluations[0]?.metrics.auc ?? Number.NEGATIVE_INFINITY;
}
