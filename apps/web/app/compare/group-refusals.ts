/** Why pairs were not tested, each reason once, with the pairs that it applies to. Pure. */

type Refusable = { a: { name: string }; b: { name: string }; refused?: string | null };

type Refusal = { reason: string; names: string[] };

export function groupRefusals(pairs: readonly Refusable[]): Refusal[] {
  const reasons = new Map<string, string[]>();
  for (const { a, b, refused } of pairs) {
    if (!refused) continue;
    reasons.set(refused, [...(reasons.get(refused) ?? []), `${a.name} and ${b.name}`]);
  }
  return [...reasons].map(([reason, names]) => ({ reason, names }));
}
