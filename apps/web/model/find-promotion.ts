/** Since when, by whom and how a model's champion is the champion. */

type Alias<Promotion> = { name: string; promotion: Promotion };

/** The act that made it so; null where there is no champion. */
export function findPromotion<Promotion>(aliases: readonly Alias<Promotion>[]): Promotion | null {
  return aliases.find(({ name }) => name === 'champion')?.promotion ?? null;
}
