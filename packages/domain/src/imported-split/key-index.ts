/** Finds keys as people write them: the very key first, then one that differs in case alone. */

type FoundKey = { kind: 'one'; position: number } | { kind: 'none' } | { kind: 'many' };

type KeyIndex = {
  /** `isOwn` leaves out keys that cannot be meant. */
  find(name: string, isOwn?: (position: number) => boolean): FoundKey;
};

export function createKeyIndex(keys: readonly string[]): KeyIndex {
  const exact = indexKeys(keys, (key) => key);
  const folded = indexKeys(keys, (key) => key.toLowerCase());
  return {
    find(name, isOwn = () => true) {
      const key = name.normalize('NFC').trim();
      const found = (exact.get(key) ?? folded.get(key.toLowerCase()) ?? []).filter(isOwn);
      const [position] = found;
      if (position === undefined) return { kind: 'none' };
      return found.length === 1 ? { kind: 'one', position } : { kind: 'many' };
    },
  };
}

function indexKeys(keys: readonly string[], fold: (key: string) => string): Map<string, number[]> {
  const index = new Map<string, number[]>();
  keys.forEach((key, position) => {
    const folded = fold(key.normalize('NFC'));
    const known = index.get(folded);
    if (known) known.push(position);
    else index.set(folded, [position]);
  });
  return index;
}
