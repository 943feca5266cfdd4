/** Puts a block into a text where the cursor is, on lines of its own with an empty one around it. Pure. */

/** `at`: where the cursor stands behind the block. */
export function insertBlock(text: string, place: number, block: string): { text: string; at: number } {
  // Never in the middle of a line.
  const end = text.indexOf('\n', place);
  const isLineStart = place === 0 || text[place - 1] === '\n';
  const cut = isLineStart ? place : end < 0 ? text.length : end;
  const before = text.slice(0, cut).replace(/\n*$/, '');
  const after = text.slice(cut).replace(/^\n*/, '');
  const head = before === '' ? block : `${before}\n\n${block}`;
  return { text: `${head}\n\n${after}`, at: head.length + 1 };
}
