/** What the gate looks at: a version's run, its TEST, its split's audit, and the gaps to colour-baseline and champion. */
import { AppError } from '@microtome/domain/app-error';
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import { judgeLearning } from '@microtome/domain/evaluation/learning';
import type { ExternalResult } from '@microtome/domain/promotion/external-validation';
import type { ContextOfCandidate } from '@microtome/domain/promotion/judge-context';
import type {
  AucGap,
  PromotionCandidate,
  PromotionChampion,
} from '@microtome/domain/promotion/promotion-gate';
import type { PromotionPolicy } from '@microtome/domain/promotion/promotion-policy';
import type { Evaluation, ExternalEvaluation, Prisma } from '../../generated/prisma/client.ts';
import { measurePair, measurePairInContext, type PairMeans } from '../comparison/measure-pair.ts';
import { measureContext } from '../evaluation/context-figures.ts';
import { measureExamContext } from '../external-evaluation/exam-context.ts';
import { findExternalModel } from '../model-check/model-checks.ts';
import { type OnSplit, requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';
import { listColourBaselines } from './colour-baselines.ts';

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

type JudgedRun = VersionWithEvidence['run'];
/** What of the policy decides which figures are gathered. */
type Asked = Pick<PromotionPolicy, 'judgeInContext'>;
type Gathering = {
  run: JudgedRun;
  context: ContextOfCandidate | undefined;
} & Pick<Means, 'pairs'>;

/** Of an exam that has nothing to say in context. */
const UNDEFINED_HERE = { patients: 0, balancedAccuracy: null };

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
  { version: { run }, policy, pairs, auditSplit }: { version: VersionWithEvidence; policy: Asked } & Means,
): Promise<PromotionCandidate> {
  const validation = run.evaluations.find(({ subset }) => subset === 'VALIDATION');
  const { unit } = run.experiment.dataset;
  const { test, context } = await gatherTest(store, { run, policy, pairs });
  return {
    architecture: run.architecture,
    runStatus: run.status,
    ...(run.origin === 'EXTERNAL' ? { externalModel: await findExternalModel(store, run.id) } : {}),
    splitKind: run.splitKind,
    unit,
    test,
    ...(context ? { context } : {}),
    ...(validation ? { learning: judgeLearning({ ...validation, unit }) } : {}),
    splitTestOpenings: await store.database.prisma.testOpening.count({ where: { splitId: run.splitId } }),
    // If the audit is not done yet, it is made now, rather than refusing because it is missing.
    audit: await auditSplit(run.splitId),
    externalResults: await listExternalResults(store, { run, context, pairs }),
    baseline: test ? await measureAgainstBaseline(store, { run, context, pairs }) : null,
  };
}

/** In context where the policy asks for it and there is something to say. */
async function gatherTest(
  store: Store,
  { run, policy, pairs }: { run: JudgedRun; policy: Asked } & Pick<Means, 'pairs'>,
): Promise<Pick<PromotionCandidate, 'test' | 'context'>> {
  const row = run.evaluations.find(({ subset }) => subset === 'TEST');
  if (!row) return { test: null };
  const test = { metrics: row.metrics, intervals: row.intervals };
  if (!policy.judgeInContext) return { test };
  const { readContext = (evaluation: Evaluation) => measureContext(store, evaluation) } = pairs ?? {};
  const found = await readContext(row);
  return found ? { test: found.inContext, context: 'READ' } : { test, context: 'SILENT' };
}

/** Of exams with labels; in context where TEST is read so. */
async function listExternalResults(
  store: Store,
  { run, context, pairs }: Gathering,
): Promise<ExternalResult[]> {
  const { readExamContext = (exam: ExternalEvaluation) => measureExamContext(store, exam) } = pairs ?? {};
  const results: ExternalResult[] = [];
  for (const { dataset, ...exam } of run.externalEvaluations) {
    if (!exam.metrics) continue;
    const { patients, balancedAccuracy } =
      context === 'READ'
        ? ((await readExamContext(exam))?.inContext.metrics ?? UNDEFINED_HERE)
        : exam.metrics;
    const { name: datasetName, unit } = dataset;
    results.push({ datasetName, sites: exam.sites, unit, patients, balancedAccuracy });
  }
  return results;
}

/** How the version stands against the one that holds the alias. */
export async function gatherChampion(
  store: Store,
  {
    version,
    holderId,
    candidate: { context },
    pairs,
  }: { version: VersionWithEvidence; holderId: string; candidate: PromotionCandidate } & Pick<Means, 'pairs'>,
): Promise<PromotionChampion> {
  const champion = await getVersionWithEvidence(store, holderId);
  const canPair = version.run.testOpening !== null && champion.run.testOpening !== null;
  const gap = canPair
    ? await measureAucGap(store, { runIdA: version.runId, runIdB: champion.runId, context }, pairs)
    : null;
  return { name: `version ${champion.number}`, gap };
}

async function measureAgainstBaseline(
  store: Store,
  { run, context, pairs }: Gathering,
): Promise<PromotionCandidate['baseline']> {
  const baselines = await listColourBaselines(store, {
    id: run.id,
    splitId: run.splitId,
    taskId: run.experiment.task.id,
  });
  const best = baselines.find(({ testSealed }) => !testSealed);
  if (!best) return null;
  return {
    runName: best.name,
    gap: await measureAucGap(store, { runIdA: run.id, runIdB: best.id, context }, pairs),
  };
}

/** TEST AUC of run a minus that of run b on shared patients; null where there is none. */
async function measureAucGap(
  store: Store,
  { context, ...runIds }: { runIdA: string; runIdB: string } & Pick<Gathering, 'context'>,
  pairs: PairMeans | undefined,
): Promise<AucGap | null> {
  const measure = context === 'READ' ? measurePairInContext : measurePair;
  const measured = await measure(store, runIds, pairs);
  const auc = measured?.statistics.differences.find(({ metric }) => metric === 'auc');
  if (!measured || !auc) return null;
  const { difference, interval } = auc;
  return { difference, interval, sharedPatients: measured.patientKeys.length };
}
