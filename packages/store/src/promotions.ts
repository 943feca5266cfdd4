/**
 * The gate and what passes through it. The verdict is computed first, which may take seconds; then, in one transaction
 * under the model's lock, it is recorded and the alias moves, unless somebody else moved it meanwhile.
 */
import { AppError, invariant } from '@microtome/domain/app-error';
import type { SplitAudit } from '@microtome/domain/audit-evidence';
import { comparePaired } from '@microtome/domain/comparison';
import type { EvaluationMetrics } from '@microtome/domain/evaluation';
import {
  judgePromotion,
  type PromotionCandidate,
  type PromotionChampion,
  type PromotionVerdict,
  parsePromotionPolicy,
} from '@microtome/domain/promotion-policy';
import type { RunStatus } from '@microtome/domain/run-status';
import type { SplitKind } from '@microtome/domain/split';
import type { Prisma, Promotion } from '../generated/prisma/client.ts';
import { type Compare, measureAucGap } from './comparisons.ts';
import type { Transaction } from './database.ts';
import { auditStoredSplit } from './split-audit.ts';
import type { Store } from './store.ts';
import { checkText } from './text-fields.ts';

/** The network that a real model must beat, where a run of it stands on the same split. */
const BASELINE_ARCHITECTURE = 'colour-baseline';
const ALIAS_SHAPE = /^[a-z][a-z0-9-]*$/;
const ALIAS_LENGTH_MAX = 60;
const WHO_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 2_000;

const withEvidence = {
  model: true,
  run: { include: { split: true, evaluations: { where: { subset: 'TEST' } }, testOpening: true } },
} satisfies Prisma.ModelVersionInclude;

type VersionWithEvidence = Prisma.ModelVersionGetPayload<{ include: typeof withEvidence }>;

export type PromotionRequest = {
  versionId: string;
  /** `champion` when left out. */
  alias?: string;
  reason: string;
  promotedBy?: string;
  /** Go past quality rules that do not hold; recorded. Safety rules always hold. */
  override?: boolean;
} & GateMeans;

/** Where the gate has its figures computed; in the caller's thread when left out. */
export type GateMeans = { compare?: Compare; auditSplit?: (splitId: string) => Promise<SplitAudit> };

type Judged = { version: VersionWithEvidence; verdict: PromotionVerdict; holder: AliasHolder | null };
type AliasHolder = { promotionId: string; versionId: string };

/** What the gate would say now. NOT_FOUND when there is no such version. */
export async function judgeModelVersion(
  store: Store,
  request: { versionId: string; alias?: string } & GateMeans,
): Promise<PromotionVerdict> {
  return (await judge(store, request)).verdict;
}

/**
 * Asks the gate and, when it allows, moves the alias. A refusal is recorded too and is a result, not an error.
 * @throws AppError NOT_FOUND; BAD_INPUT without a reason; CONFLICT when the version holds the alias already, or when
 * the alias moved meanwhile
 */
export async function promoteModelVersion(store: Store, request: PromotionRequest): Promise<Promotion> {
  const aliasName = checkAlias(request.alias ?? 'champion');
  const reason = checkText(request.reason, { noun: 'reason', maxLength: REASON_LENGTH_MAX });
  const promotedBy = checkText(request.promotedBy ?? 'unknown', { noun: 'name', maxLength: WHO_LENGTH_MAX });
  const judged = await judge(store, { ...request, alias: aliasName });
  const { version, verdict, holder } = judged;
  const { model } = version;
  if (holder?.versionId === version.id) {
    throw new AppError(
      'CONFLICT',
      `Version ${version.number} of '${model.name}' is its ${aliasName} already.`,
    );
  }
  const overridden = !verdict.allowed && verdict.canOverride && (request.override ?? false);
  return store.database.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select from model where id = ${model.id}::uuid for update`;
    const now = await findHolder(tx, { modelId: model.id, aliasName });
    if (now?.promotionId !== holder?.promotionId) {
      throw new AppError(
        'CONFLICT',
        `The ${aliasName} of '${model.name}' moved meanwhile: look at it again, then decide.`,
      );
    }
    const promotion = await tx.promotion.create({
      data: {
        modelId: model.id,
        versionId: version.id,
        splitKind: version.splitKind,
        aliasName,
        fromVersionId: holder?.versionId ?? null,
        allowed: verdict.allowed || overridden,
        overridden,
        verdict: JSON.parse(JSON.stringify(verdict)) as Prisma.InputJsonObject,
        reason,
        promotedBy,
      },
    });
    if (promotion.allowed) await moveAlias(tx, promotion);
    return promotion;
  });
}

async function moveAlias(
  tx: Transaction,
  { id: promotionId, modelId, aliasName: name }: Promotion,
): Promise<void> {
  await tx.alias.upsert({
    where: { modelId_name: { modelId, name } },
    create: { modelId, name, promotionId },
    update: { promotionId, movedAt: new Date() },
  });
}

async function judge(
  store: Store,
  {
    versionId,
    alias = 'champion',
    compare = comparePaired,
    auditSplit = (splitId) => auditStoredSplit(store, { splitId }),
  }: { versionId: string; alias?: string } & GateMeans,
): Promise<Judged> {
  const { prisma } = store.database;
  const version = await prisma.modelVersion.findUnique({ where: { id: versionId }, include: withEvidence });
  if (!version) throw new AppError('NOT_FOUND', `There is no model version ${versionId}.`);
  const holder = await findHolder(prisma, { modelId: version.modelId, aliasName: alias });
  const verdict = judgePromotion({
    policy: parsePromotionPolicy(version.model.policy),
    candidate: await gatherEvidence(store, { version, compare, auditSplit }),
    champion: await gatherChampion(store, { version, holder, compare }),
  });
  return { version, verdict, holder };
}

async function findHolder(
  prisma: Pick<Transaction, 'alias'>,
  { modelId, aliasName }: { modelId: string; aliasName: string },
): Promise<AliasHolder | null> {
  const alias = await prisma.alias.findUnique({
    where: { modelId_name: { modelId, name: aliasName } },
    select: { promotionId: true, promotion: { select: { versionId: true } } },
  });
  return alias ? { promotionId: alias.promotionId, versionId: alias.promotion.versionId } : null;
}

type Evidence = { version: VersionWithEvidence; compare: Compare };

async function gatherEvidence(
  store: Store,
  { version: { run }, compare, auditSplit }: Evidence & Pick<Required<GateMeans>, 'auditSplit'>,
): Promise<PromotionCandidate> {
  const [test] = run.evaluations;
  return {
    runStatus: run.status as RunStatus,
    splitKind: run.splitKind as SplitKind,
    test: test
      ? {
          metrics: test.metrics as unknown as EvaluationMetrics,
          intervals: test.intervals as unknown as Record<string, [number, number]>,
        }
      : null,
    splitTestOpenings: await store.database.prisma.testOpening.count({ where: { splitId: run.splitId } }),
    // A gate that is asked before the audit is done has it made, rather than refuse for want of it.
    audit: await auditSplit(run.splitId),
    againstBaseline: test ? await measureAgainstBaseline(store, { run, compare }) : null,
  };
}

async function measureAgainstBaseline(
  store: Store,
  { run, compare }: { run: VersionWithEvidence['run']; compare: Compare },
): Promise<PromotionCandidate['againstBaseline']> {
  const baseline = await store.database.prisma.run.findFirst({
    where: {
      splitId: run.splitId,
      architecture: BASELINE_ARCHITECTURE,
      status: 'SUCCEEDED',
      testOpening: { isNot: null },
      id: { not: run.id },
    },
    orderBy: { finishedAt: 'desc' },
    select: { id: true },
  });
  return baseline ? measureAucGap(store, { runId: run.id, otherRunId: baseline.id, compare }) : null;
}

/** Null when nobody holds the alias, or the version itself does. */
async function gatherChampion(
  store: Store,
  { version, holder, compare }: Evidence & { holder: AliasHolder | null },
): Promise<PromotionChampion | null> {
  if (!holder || holder.versionId === version.id) return null;
  const champion = await store.database.prisma.modelVersion.findUnique({
    where: { id: holder.versionId },
    include: withEvidence,
  });
  invariant(champion, `version ${holder.versionId} holds an alias but is not there`);
  const canPair = version.run.testOpening !== null && champion.run.testOpening !== null;
  const gap = canPair
    ? await measureAucGap(store, { runId: version.runId, otherRunId: champion.runId, compare })
    : null;
  return { name: `version ${champion.number}`, gap };
}

function checkAlias(alias: string): string {
  if (alias.length <= ALIAS_LENGTH_MAX && ALIAS_SHAPE.test(alias)) return alias;
  throw new AppError(
    'BAD_INPUT',
    `The alias '${alias}' does not fit: small letters, digits and '-', beginning with a letter.`,
  );
}
