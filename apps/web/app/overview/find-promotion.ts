/** Since when, by whom and how a model's champion is the champion. */

type Act = {
  act: string;
  alias: string;
  allowed: boolean;
  overridden: boolean;
  promotedBy: string;
  createdAt: string;
  version: { id: string };
};

/** The newest act that made this version champion, of acts with the newest first; null where it is not among them. */
export function findPromotion<Promotion extends Act>(
  promotions: readonly Promotion[],
  versionId: string,
): Promotion | null {
  return (
    promotions.find(
      ({ alias, allowed, version }) => allowed && alias === 'champion' && version.id === versionId,
    ) ?? null
  );
}
