/** The fields that a search for columns finds: each word that is typed stands in the name, best names first. Pure. */
type Named = { name: string; about: string };

type Search = { typed: string; most: number };

/** `others`: how many more were found than are given. */
export function listChoices<Field extends Named>(
  fields: readonly Field[],
  { typed, most }: Search,
): { fields: Field[]; others: number } {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = fields
    .map((field) => ({ field, rank: rankName(field, words) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank)
    .map(({ field }) => field);
  return { fields: found.slice(0, most), others: Math.max(0, found.length - most) };
}

/** 0 where the name begins so, then where it stands within, then where only what is said of it has the words. */
function rankName({ name, about }: Named, words: readonly string[]): number {
  const low = name.toLowerCase();
  if (words.every((word) => low.includes(word)))
    return words[0] === undefined || low.startsWith(words[0]) ? 0 : 1;
  const text = `${low} ${about.toLowerCase()}`;
  return words.every((word) => text.includes(word)) ? 2 : Number.POSITIVE_INFINITY;
}
