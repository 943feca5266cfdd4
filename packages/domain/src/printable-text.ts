/**
 * Characters that make a text look different from what it is: they break lines, turn the direction of what follows,
 * cannot be seen, or are halves of characters, which a database refuses. A name has none of them; where the name is
 * not ours to choose, as that of a file, they are written as \uXXXX. Scripts and emoji need some that cannot be seen:
 * these stay where they join or choose a form, and nowhere else.
 */

const INVISIBLE = String.raw`\p{Default_Ignorable_Code_Point}`;
/** Emoji, and what can be seen of the scripts whose letters join. */
const JOINABLE = String.raw`(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}]|(?![${INVISIBLE}\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Han}])[\p{L}\p{M}])`;
const IN_PLACE = [
  String.raw`(?<=${JOINABLE}|\p{Extended_Pictographic}\ufe0f)[\u200c\u200d](?=${JOINABLE})`,
  String.raw`(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
  String.raw`(?<=\p{sc=Han})[\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=(?!${INVISIBLE})\p{sc=Mongolian})[\u180b-\u180d\u180f]`,
].join('|');
const UNPRINTABLE = new RegExp(String.raw`(?!${IN_PLACE})[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}${INVISIBLE}]`, 'u');
/** What most names are made of. A source asks about millions of them, and the expression above is slow. */
const PLAIN = /^[\x20-\x7e]*$/;
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

/** The first such character, as U+XXXX; null in a text that is what it looks like. */
export function findUnprintable(text: string): string | null {
  if (PLAIN.test(text)) return null;
  const found = UNPRINTABLE.exec(text);
  return found && `U+${toHex(found[0])}`;
}

/** The text with each such character written out. */
export function escapeUnprintable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(EVERY_UNPRINTABLE, (character) => {
    const hex = toHex(character).toLowerCase();
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex}`;
  });
}

function toHex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
