/**
 * Moving an alias through the gate. The verdict, the record and the alias are written in one transaction, also when the
 * gate refuses: then the record stays and the alias does not move. Of two promotions at once one wins and the other is told.
 */
import { AppError } from '@microtome/domain/app-error';
import { judgePromotion, type PromotionVerdict } from '@microtome/domain/promotion-policy';
import type { Prisma, Promotion } from '../generated/prisma/client.ts';
import type { Transaction } from './database.ts';
import { type ComparePairs, gatherPromotionFacts, type PromotionFacts } from './promotion-facts.ts';
import type { Store } from './store.ts';
import { checkText } from './text-fields.ts';

export const CHAMPION = 'champion';

const ALIAS_SHAPE = /^[a-z][a-z0-9-]*$/;
const WHO_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 2_000;

export type PromotionRequest = {
  versionId: string;
  /** Why, for all to read. */
  reason: string;
  alias?: string;
  promotedBy?: string;
  /** Go past rules of quality that refuse; recorded. Rules of safety always hold. */
  override?: boolean;
  /** Computes off the caller's thread; in place when left out. */
  compare?: ComparePairs;
};

/** The verdict that a promotion would get now. */
export async function judgeModelVersion(
  store: Store,
  { versionId, alias = CHAMPION, compare }: { versionId: string; alias?: string; compare?: ComparePairs },
): Promise<PromotionVerdict> {
  return judgePromotion(await gatherPromotionFacts(store, { versionId, alias, compare }));
}

/**
 * Asks the gate and, when it allows or may be overridden, moves the alias. A refusal is a result: `allowed` is false.
 * @throws AppError NOT_FOUND; BAD_INPUT without a reason; CONFLICT when the alias moved while the gate was judging
 */
export async function promoteModelVersion(store: Store, request: PromotionRequest): Promise<Promotion> {
  const { alias = CHAMPION, override = false } = request;
  const reason = checkText(request.reason, { noun: 'reason', maxLength: REASON_LENGTH_MAX });
  const promotedBy = checkText(request.promotedBy ?? 'unknown', { noun: 'name', maxLength: WHO_LENGTH_MAX });
  if (!ALIAS_SHAPE.test(alias)) {
    throw new AppError(
      'BAD_INPUT',
      `The alias '${alias}' does not fit: small letters, digits and '-', beginning with a letter.`,
    );
  }
  const facts = await gatherPromotionFacts(store, {
    versionId: request.versionId,
    alias,
    compare: request.compare,
  });
  const verdict = judgePromotion(facts);
  const overridden = !verdict.allowed && verdict.canOverride && override;
  return store.database.prisma.$transaction(async (tx) => {
    await refuseMovedAlias(tx, facts, alias);
    const promotion = await tx.promotion.create({
      data: {
        modelId: facts.version.modelId,
        versionId: facts.version.id,
        splitKind: facts.version.splitKind,
        aliasName: alias,
        fromVersionId: facts.championVersionId,
        allowed: verdict.allowed || overridden,
        overridden,
        verdict: verdict as unknown as Prisma.InputJsonObject,
        reason,
        promotedBy,
      },
    });
    if (promotion.allowed) await moveAlias(tx, promotion);
    return promotion;
  });
}

/** The verdict was about the version that held the alias then: with another one it is worth nothing. */
async function refuseMovedAlias(tx: Transaction, facts: PromotionFacts, alias: string): Promise<void> {
  const { modelId, model } = facts.version;
  await tx.$queryRaw`select from model where id = ${modelId}::uuid for update`;
  const row = await tx.alias.findUnique({
    where: { modelId_name: { modelId, name: alias } },
    select: { promotion: { select: { versionId: true } } },
  });
  if ((row?.promotion.versionId ?? null) !== facts.championVersionId) {
    throw new AppError(
      'CONFLICT',
      `${model.name}@${alias} was moved meanwhile. Look at it, and promote again.`,
    );
  }
}

async function moveAlias(tx: Transaction, { id, modelId, aliasName }: Promotion): Promise<void> {
  await tx.alias.upsert({
    where: { modelId_name: { modelId, name: aliasName } },
    create: { modelId, name: aliasName, promotionId: id },
    update: { promotionId: id, movedAt: new Date() },
  });
}
