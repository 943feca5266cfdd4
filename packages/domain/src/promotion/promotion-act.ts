/**
 * What can be done with an alias: promote a version to it, remove it, or return to what it pointed to before.
 * Returning undoes the last act still in force, so that doing it again goes one step further back.
 */
/** The alias of the version in use; where no alias is named, this one is meant. */
export const CHAMPION = 'champion';

export const PROMOTION_ACTS = ['PROMOTE', 'DEMOTE', 'ROLL_BACK'] as const;

export type PromotionAct = (typeof PROMOTION_ACTS)[number];

/** An act that was allowed; a demotion names the version that lost the alias. */
export type AllowedAct = { act: PromotionAct; versionId: string };

/** The version that rolling back would return to; null when there is none. `acts` of one alias, oldest first. */
export function findRollbackTarget(acts: readonly AllowedAct[]): string | null {
  const holders: (string | null)[] = [];
  for (const { act, versionId } of acts) {
    if (act === 'ROLL_BACK') holders.pop();
    else holders.push(act === 'DEMOTE' ? null : versionId);
  }
  return holders.at(-2) ?? null;
}
