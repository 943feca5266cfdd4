/**
 * Text as a cell of a CSV file. A name that people chose may begin like a formula, which a spreadsheet runs as soon as
 * the file is opened: an apostrophe before it makes it text there. Numbers are written elsewhere, never by this.
 */

/** Signs that begin a formula, also as full-width characters; spreadsheets skip tabs and line ends before them. */
const LIKE_FORMULA = /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
/** Semicolons and tabs separate cells as well, where a country's spreadsheets do not use commas. */
const NEEDS_QUOTES = /[",;\t\r\n]/;

/** The cell, quoted where needed. */
export function formatCsvText(text: string): string {
  const harmless = LIKE_FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
