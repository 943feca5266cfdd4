/**
 * Which patches of an evaluation tell a person most: those that the run got wrong while it was most certain, and those that it
 * nearly called the other way. Pure.
 */

export const TELLING_KINDS = ['ERROR', 'UNCERTAIN'] as const;

export type TellingKind = (typeof TELLING_KINDS)[number];

type Told = { labels: ArrayLike<number>; probabilities: ArrayLike<number> };
type Wanted = { kind: TellingKind; threshold: number; count: number };

/** Positions, the most telling first; of equal ones the first. Looks at each patch once, and keeps no more than are wanted. */
export function findTellingPatches({ labels, probabilities }: Told, wanted: Wanted): number[] {
  const kept: { at: number; rank: number }[] = [];
  for (let at = 0; at < probabilities.length; at++) {
    const rank = rankPatch(probabilities[at] as number, labels[at] as number, wanted);
    const last = kept[kept.length - 1];
    if (rank === null || (kept.length === wanted.count && (!last || rank >= last.rank))) continue;
    let place = kept.length;
    while (place > 0 && (kept[place - 1]?.rank ?? 0) > rank) place--;
    kept.splice(place, 0, { at, rank });
    if (kept.length > wanted.count) kept.pop();
  }
  return kept.map(({ at }) => at);
}

/** The smaller, the more telling; null of a patch that is not meant. */
function rankPatch(probability: number, label: number, { kind, threshold }: Wanted): number | null {
  if (kind === 'UNCERTAIN') return Math.abs(probability - threshold);
  const isCalled = probability >= threshold;
  return isCalled === (label === 1) ? null : 1 - Math.abs(probability - label);
}
