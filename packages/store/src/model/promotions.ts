/**
 * The gate and the acts behind it: promoting a version, taking its alias away, returning to the one before. The
 * verdict is computed first, which may take seconds; then, in one transaction under the model's lock, it is recorded
 * and the alias moves, unless the alias or the policy moved meanwhile.
 */
import { AppError } from '@microtome/domain/app-error';
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import {
  type AllowedAct,
  CHAMPION,
  findRollbackTarget,
  type PromotionAct,
} from '@microtome/domain/promotion/promotion-act';
import {
  judgePromotion,
  judgeRollback,
  type PromotionVerdict,
} from '@microtome/domain/promotion/promotion-gate';
import { checkPerson, checkText } from '@microtome/domain/text-rules';
import type { ModelVersion, Promotion } from '../../generated/prisma/client.ts';
import type { PairMeans } from '../comparison/measure-pair.ts';
import type { Transaction } from '../database/database.ts';
import { auditStoredSplit } from '../split/split-audit.ts';
import type { Store } from '../store.ts';
import { gatherChampion, gatherEvidence, getVersionWithEvidence } from './promotion-evidence.ts';
import { findPolicyInForce, lockModel } from './promotion-policies.ts';

const ALIAS_SHAPE = /^[a-z][a-z0-9-]*$/;
const ALIAS_LENGTH_MAX = 60;
/** Taking an alias away needs no verdict: a person who sees harm must be able to stop it at once. */
const NOTHING_JUDGED: PromotionVerdict = { allowed: true, canOverride: false, rules: [], reasons: [] };

/** Where the gate has its figures computed; in the caller's thread when left out. */
type GateMeans = { pairs?: PairMeans; auditSplit?: (splitId: string) => Promise<SplitAudit> };

export type AliasRequest = {
  /** The version to promote, to take the alias from, or to return to. */
  versionId: string;
  /** `champion` when left out. */
  alias?: string | undefined;
  reason: string;
  promotedBy?: string | undefined;
};

type PromotionRequest = AliasRequest & {
  /** Go past quality rules that do not hold; recorded. Safety rules always hold. */
  override?: boolean;
} & GateMeans;

/** What the gate says, and the version of the model’s policy that it judged by. */
export type GateVerdict = PromotionVerdict & { policyVersion: number };

type Judged = { verdict: PromotionVerdict; policyVersion: number };
type Place = { modelId: string; aliasName: string };
/** The last act that moved an alias, and the version that holds the alias since. */
type Position = { lastActId: string | null; holderId: string | null };
type CheckedRequest = { version: ModelVersion & { model: { name: string } }; place: Place; texts: Texts };
type Texts = { reason: string; promotedBy: string };

/** What the gate would say now. NOT_FOUND when there is no such version. */
export async function judgeModelVersion(
  store: Store,
  { versionId, alias = CHAMPION, ...means }: { versionId: string; alias?: string } & GateMeans,
): Promise<GateVerdict> {
  const { modelId } = await getVersionWithEvidence(store, versionId);
  const { holderId } = await findPosition(store.database.prisma, { modelId, aliasName: alias });
  const { verdict, policyVersion } = await judge(store, { versionId, holderId, act: 'PROMOTE', means });
  return { ...verdict, policyVersion };
}

/**
 * Asks the gate and, when it allows, moves the alias. A refusal is recorded too and is a result, not an error.
 * @throws AppError NOT_FOUND; BAD_INPUT without a reason; CONFLICT when the version holds the alias already, or when
 * alias or policy moved meanwhile
 */
export async function promoteModelVersion(store: Store, request: PromotionRequest): Promise<Promotion> {
  const checked = await checkRequest(store, request);
  const { version, place } = checked;
  const position = await findPosition(store.database.prisma, place);
  if (position.holderId === version.id) throwConflict(checked, `is its ${place.aliasName} already.`);
  const { holderId } = position;
  const judged = await judge(store, { versionId: version.id, holderId, act: 'PROMOTE', means: request });
  const { allowed, canOverride } = judged.verdict;
  const overridden = !allowed && canOverride && (request.override ?? false);
  return record(store, { checked, position, judged, act: 'PROMOTE', overridden });
}

/**
 * Takes the alias away from the version that holds it: nothing is in use then. The gate is not asked.
 * @throws AppError NOT_FOUND; BAD_INPUT without a reason; CONFLICT when the version does not hold the alias
 */
export async function demoteModelVersion(store: Store, request: AliasRequest): Promise<Promotion> {
  const checked = await checkRequest(store, request);
  const { version, place } = checked;
  const position = await findPosition(store.database.prisma, place);
  if (position.holderId !== version.id)
    throwConflict(checked, `is not its ${place.aliasName}: nothing to take away.`);
  const { version: policyVersion } = await findPolicyInForce(store.database.prisma, place.modelId);
  const judged = { verdict: NOTHING_JUDGED, policyVersion };
  return record(store, { checked, position, judged, act: 'DEMOTE', overridden: false });
}

/**
 * Returns the alias to the version that held it before the last act that stands; rules of safety must hold as ever.
 * @throws AppError NOT_FOUND; BAD_INPUT without a reason; CONFLICT when the version is not the one before, or when
 * alias or policy moved meanwhile
 */
export async function rollBackModelVersion(
  store: Store,
  request: AliasRequest & GateMeans,
): Promise<Promotion> {
  const checked = await checkRequest(store, request);
  const { version, place } = checked;
  const position = await findPosition(store.database.prisma, place);
  const targetId = findRollbackTarget(await listAllowedActs(store, place));
  if (targetId !== version.id) throwConflict(checked, `did not hold its ${place.aliasName} before this one.`);
  const judged = await judge(store, {
    versionId: version.id,
    holderId: null,
    act: 'ROLL_BACK',
    means: request,
  });
  return record(store, { checked, position, judged, act: 'ROLL_BACK', overridden: false });
}

/** The version that rolling the alias back would return to; null when there is none. */
export async function findPreviousVersionId(
  store: Store,
  { modelId, alias = CHAMPION }: { modelId: string; alias?: string },
): Promise<string | null> {
  return findRollbackTarget(await listAllowedActs(store, { modelId, aliasName: alias }));
}

async function record(
  store: Store,
  request: {
    checked: CheckedRequest;
    position: Position;
    judged: Judged;
    act: PromotionAct;
    overridden: boolean;
  },
): Promise<Promotion> {
  const { checked, position, judged, act, overridden } = request;
  const { version, place, texts } = checked;
  const { verdict, policyVersion } = judged;
  return store.database.prisma.$transaction(async (tx) => {
    const { name } = await lockModel(tx, place.modelId);
    const now = await findPosition(tx, place);
    if (now.lastActId !== position.lastActId) throwMoved(`The ${place.aliasName} of '${name}' moved`);
    if ((await findPolicyInForce(tx, place.modelId)).version !== policyVersion)
      throwMoved(`The policy of '${name}' changed`);
    const { _max } = await tx.promotion.aggregate({
      where: { modelId: place.modelId },
      _max: { number: true },
    });
    const promotion = await tx.promotion.create({
      data: {
        ...place,
        ...texts,
        act,
        policyVersion,
        overridden,
        number: (_max.number ?? 0) + 1,
        versionId: version.id,
        splitKind: version.splitKind,
        fromVersionId: position.holderId,
        allowed: verdict.allowed || overridden,
        verdict,
      },
    });
    if (promotion.allowed) await moveAlias(tx, promotion);
    return promotion;
  });
}

async function moveAlias(
  tx: Transaction,
  { id: promotionId, act, modelId, aliasName: name }: Promotion,
): Promise<void> {
  const where = { modelId_name: { modelId, name } };
  if (act === 'DEMOTE') {
    await tx.alias.delete({ where });
    return;
  }
  const update = { promotionId, movedAt: new Date() };
  await tx.alias.upsert({ where, create: { modelId, name, promotionId }, update });
}

async function judge(
  store: Store,
  request: { versionId: string; holderId: string | null; act: PromotionAct; means: GateMeans },
): Promise<Judged> {
  const { versionId, holderId, act, means } = request;
  const { pairs, auditSplit = (splitId) => auditStoredSplit(store, { splitId }) } = means;
  const version = await getVersionWithEvidence(store, versionId);
  const { version: policyVersion, policy } = await findPolicyInForce(store.database.prisma, version.modelId);
  const candidate = await gatherEvidence(store, { version, policy, pairs, auditSplit });
  if (act === 'ROLL_BACK') return { verdict: judgeRollback({ policy, candidate }), policyVersion };
  // A version is not compared with itself.
  const isRivalled = holderId !== null && holderId !== versionId;
  const champion = isRivalled ? await gatherChampion(store, { version, holderId, candidate, pairs }) : null;
  return { verdict: judgePromotion({ policy, candidate, champion }), policyVersion };
}

async function findPosition(
  prisma: Pick<Transaction, 'promotion'>,
  { modelId, aliasName }: Place,
): Promise<Position> {
  const last = await prisma.promotion.findFirst({
    where: { modelId, aliasName, allowed: true },
    orderBy: { number: 'desc' },
    select: { id: true, act: true, versionId: true },
  });
  return { lastActId: last?.id ?? null, holderId: last && last.act !== 'DEMOTE' ? last.versionId : null };
}

async function listAllowedActs(store: Store, { modelId, aliasName }: Place): Promise<AllowedAct[]> {
  const acts = await store.database.prisma.promotion.findMany({
    where: { modelId, aliasName, allowed: true },
    orderBy: { number: 'asc' },
    select: { act: true, versionId: true },
  });
  return acts;
}

async function checkRequest(store: Store, request: AliasRequest): Promise<CheckedRequest> {
  const aliasName = checkAlias(request.alias ?? CHAMPION);
  const texts = {
    reason: checkText(request.reason, 'reason'),
    promotedBy: checkPerson(request.promotedBy),
  };
  const version = await getVersionWithEvidence(store, request.versionId);
  return { version, place: { modelId: version.modelId, aliasName }, texts };
}

function throwConflict({ version }: CheckedRequest, what: string): never {
  throw new AppError('CONFLICT', `Version ${version.number} of '${version.model.name}' ${what}`);
}

function throwMoved(what: string): never {
  throw new AppError('CONFLICT', `${what} meanwhile: look at it again, then decide.`);
}

function checkAlias(alias: string): string {
  if (alias.length <= ALIAS_LENGTH_MAX && ALIAS_SHAPE.test(alias)) return alias;
  throw new AppError(
    'BAD_INPUT',
    `The alias '${alias}' does not fit: small letters, digits and '-', beginning with a letter.`,
  );
}
