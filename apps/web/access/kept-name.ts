/** The name that a person gave at an act, kept in the browser for the next one. A browser may refuse to keep anything. */

const KEY = 'microtome.name';

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function readName(open: () => Storage = () => localStorage): string {
  try {
    return open().getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

/** Without a name nothing is kept. */
export function keepName(name: string, open: () => Storage = () => localStorage): void {
  try {
    if (name.trim()) open().setItem(KEY, name.trim());
    else open().removeItem(KEY);
  } catch {
    // The act carries the name all the same; the next one asks for it again.
  }
}
