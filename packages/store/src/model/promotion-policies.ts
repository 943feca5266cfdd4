/** The policies of models: each change is a new version with who, when and why; the largest version is in force. */
import { AppError, invariant } from '@microtome/domain/app-error';
import {
  type PromotionPolicy as GatePolicy,
  parsePromotionPolicy,
} from '@microtome/domain/promotion/promotion-policy';
import { checkPerson, checkText } from '@microtome/domain/text-rules';
import type { PromotionPolicy } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';

type PolicyChange = {
  modelId: string;
  /** Whole: what is left out gets its default. */
  policy: unknown;
  reason: string;
  changedBy?: string | undefined;
  /** The version that was looked at; CONFLICT when another is in force by now. */
  fromVersion: number;
};

/** The policy in force. */
export async function findPolicyInForce(
  prisma: Pick<Transaction, 'promotionPolicy'>,
  modelId: string,
): Promise<PromotionPolicy> {
  const policy = await prisma.promotionPolicy.findFirst({
    where: { modelId },
    orderBy: { version: 'desc' },
  });
  invariant(policy, `model ${modelId} has no policy`);
  return policy;
}

/**
 * Puts another policy in force. Promotions that were judged keep the version that judged them.
 * @throws AppError NOT_FOUND; BAD_INPUT for a rule, a bound or a text that does not fit; CONFLICT when it changes
 * nothing, or when it was changed meanwhile
 */
export async function changePromotionPolicy(store: Store, change: PolicyChange): Promise<PromotionPolicy> {
  const { modelId, fromVersion } = change;
  const policy = parsePromotionPolicy(change.policy);
  const reason = checkText(change.reason, 'reason');
  const changedBy = checkPerson(change.changedBy);
  return store.database.prisma.$transaction(async (tx) => {
    const { name } = await lockModel(tx, modelId);
    const inForce = await findPolicyInForce(tx, modelId);
    if (inForce.version !== fromVersion) {
      throw new AppError(
        'CONFLICT',
        `The policy of '${name}' was changed meanwhile by ${inForce.changedBy}: version ${inForce.version} is in force.`,
      );
    }
    if (isSamePolicy(inForce.policy, policy)) {
      throw new AppError('CONFLICT', `This is the policy of '${name}' already: nothing would change.`);
    }
    return insertPolicy(tx, { modelId, version: inForce.version + 1, policy, reason, changedBy });
  });
}

/** Writes one version of a policy, its bounds checked by the caller. */
export async function insertPolicy(
  tx: Pick<Transaction, 'promotionPolicy'>,
  row: { modelId: string; version: number; policy: GatePolicy; reason: string; changedBy: string },
): Promise<PromotionPolicy> {
  return tx.promotionPolicy.create({ data: row });
}

/**
 * Locks the model: acts on one model take turns.
 * @throws AppError NOT_FOUND
 */
export async function lockModel(tx: Transaction, modelId: string): Promise<{ name: string }> {
  const [model] = await tx.$queryRaw<
    { name: string }[]
  >`select name from model where id = ${modelId}::uuid for update`;
  if (!model) throw new AppError('NOT_FOUND', `There is no model '${modelId}'.`);
  return model;
}

function isSamePolicy(one: object, other: object): boolean {
  const write = (policy: object) => JSON.stringify(Object.entries(policy).sort());
  return write(one) === write(other);
}
