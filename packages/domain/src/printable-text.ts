/**
 * Characters that make a text look different from what it is: they break lines, turn the direction of what follows,
 * cannot be seen, or are halves of characters, which a database refuses. A name has none of them; where the name is
 * not ours to choose, as that of a file, they are written as \uXXXX. Joiners stay: scripts and emoji need them.
 */

const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

/** The first such character, as U+XXXX; null in a text that is what it looks like. */
export function findUnprintable(text: string): string | null {
  const found = UNPRINTABLE.exec(text);
  return found && `U+${toHex(found[0])}`;
}

/** The text with each such character written out. */
export function escapeUnprintable(text: string): string {
  return text.replace(EVERY_UNPRINTABLE, (character) => {
    const hex = toHex(character).toLowerCase();
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex}`;
  });
}

function toHex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
