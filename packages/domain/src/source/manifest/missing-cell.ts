/** How tables write that they do not know. Words that may be a class (none, unknown) are not among them. */

const MISSING = new Set([
  '',
  "'--",
  '--',
  '-',
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  '<na>',
  '[not available]',
]);

const MISSING_LENGTH_MAX = Math.max(...[...MISSING].map(({ length }) => length));

/** The cell's text without spaces around it, in composed characters; null where it is missing. */
export function readCellText(cell: string | null | undefined): string | null {
  const text = cell?.trim() ?? '';
  if (text.length <= MISSING_LENGTH_MAX && MISSING.has(text.toLowerCase())) return null;
  return text.normalize('NFC');
}
