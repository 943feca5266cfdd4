/** A list of a split as a table: CSV with any of the usual separators, or JSON. What stands for "missing" becomes null. */
import { parse } from 'csv-parse/sync';
import { AppError } from '../app-error.ts';

/** A row may be shorter than the head; what is beyond the head is left out. */
export type ListTable = { columns: string[]; rows: (string | null)[][] };

const MISSING = new Set(['', "'--", '--', 'na', 'n/a', 'nan', 'null', 'none']);
const SEPARATORS = [',', '\t', ';'];
const ROWS_MAX = 2_000_000;

/** @throws AppError BAD_INPUT when the text is no list, or too long a one */
export function readList(text: string, fileName: string): ListTable {
  const table = /^\s*[[{]/.test(text) ? readJson(text, fileName) : readCsv(text, fileName);
  if (table.rows.length === 0) throw new AppError('BAD_INPUT', `${fileName} has no row below its head.`);
  if (table.rows.length > ROWS_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `${fileName} has ${table.rows.length} rows; at most ${ROWS_MAX} are read.`,
    );
  }
  return table;
}

function readCsv(text: string, fileName: string): ListTable {
  if (text.includes('\0')) throw new AppError('BAD_INPUT', `${fileName} is no text: it holds zero bytes.`);
  const head = text.slice(0, text.search(/[\r\n]|$/));
  const counts = SEPARATORS.map((separator) => head.split(separator).length);
  const delimiter = SEPARATORS[counts.indexOf(Math.max(...counts))];
  try {
    const [columns = [], ...rows] = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    });
    return shape(columns, rows);
  } catch (error) {
    throw new AppError('BAD_INPUT', `${fileName} cannot be read as a table: ${(error as Error).message}.`);
  }
}

/** An object of lists has a column for each; a list of objects is a table with their keys as columns. */
function readJson(text: string, fileName: string): ListTable {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('BAD_INPUT', `${fileName} cannot be read as JSON: ${(error as Error).message}.`);
  }
  if (Array.isArray(value)) {
    const objects = value.filter((row) => row !== null && typeof row === 'object');
    const columns = [...new Set(objects.flatMap((row) => Object.keys(row)))];
    return shape(
      columns,
      objects.map((row) => columns.map((column) => writeCell((row as Record<string, unknown>)[column]))),
    );
  }
  const lists = Object.entries(value as object).filter((entry): entry is [string, unknown[]] =>
    Array.isArray(entry[1]),
  );
  if (lists.length === 0) throw new AppError('BAD_INPUT', `${fileName} holds no list.`);
  const length = lists.reduce((most, [, list]) => Math.max(most, list.length), 0);
  return shape(
    lists.map(([name]) => name),
    Array.from({ length }, (_, at) => lists.map(([, list]) => writeCell(list[at]))),
  );
}

function writeCell(value: unknown): string {
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value);
}

function shape(columns: readonly string[], rows: readonly (readonly string[])[]): ListTable {
  return {
    columns: columns.map((column) => column.normalize('NFC')),
    rows: rows.map((row) =>
      columns.map((_, at) => {
        const cell = (row[at] ?? '').normalize('NFC').trim();
        return MISSING.has(cell.toLowerCase()) ? null : cell;
      }),
    ),
  };
}
