/** A table as CSV: a header, then one line per row; a number reads back as exactly the double that is stored. */
import { formatCsvText } from '@microtome/domain/csv-cell';
import { countRows, type ExportTable } from './export-table.ts';

const LINES_PER_CHUNK = 2000;

/** In chunks of some thousand lines, so that a large table is never in memory as text. */
export function* writeCsv(table: ExportTable): Generator<string> {
  const rows = countRows(table);
  yield `${table.columns.map(({ name }) => formatCsvText(name)).join(',')}\n`;
  let lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    lines.push(`${table.columns.map(({ values }) => writeValue(values[row])).join(',')}\n`);
    if (lines.length < LINES_PER_CHUNK) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

/** An undefined value is an empty field. */
function writeValue(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? formatCsvText(value) : String(value);
}
