/**
 * What a list says of each thing in it: its id and its side. The ways in which publishers write that are told apart by the
 * head and the cells: a column that names the side, columns train, val and test that hold ids or true and false, a column
 * of folds; or one list for each side.
 */
import { AppError } from '../app-error.ts';
import { parseGivenSubset } from '../source/given-subset.ts';
import type { ListTable } from './read-list.ts';

export type ListEntry = { id: string; patient: string | null; site: string | null; side: string };

/** Names of columns, where they are not to be found by themselves. */
export type ListColumns = { id?: string; patient?: string; site?: string; side?: string; fold?: string };

type ListReading = {
  entries: ListEntry[];
  /** How the list was understood, in words. */
  layout: string;
  /** Rows without an id or without a side. */
  leftOut: number;
  /** What the ids are, where their column says it. */
  idsAre: ListedIds | null;
};

/** Ids that are no patients. */
export type ListedIds = 'SLIDE' | 'GROUP';

const PATIENT_NAMES =
  /^(patient|patient[ _]?id|case|case[ _]?id|subject|subject[ _]?id|participant|person)$/i;
const SITE_NAMES = /^(site|center|centre|hospital|institution|tissue source site)$/i;
const FOLD_NAMES = /^(k[ _-]?)?fold([ _-]?(id|number|index))?$/i;
const ID_NAMES =
  /^(group|path|file|file[ _-]?name|filename|image|image[ _-]?(name|id|path)|slide|slide[ _-]?(id|name)|tile[ _-]?filename|id|name)$/i;
const FOLD = 'fold ';
const SLIDE_NAMES = /^(slide|wsi)([ _-]?(id|name))?$/i;
const GROUP_NAMES = /^group([ _-]?(id|name))?$/i;
const FLAGS: Record<string, boolean> = {
  true: true,
  false: false,
  '1': true,
  '0': false,
  yes: true,
  no: false,
};

/** `side` is that of the whole list, where each side has a list of its own. */
export function readEntries(table: ListTable, given: ListColumns, side: string | null): ListReading {
  const at = (name: string | undefined) => (name === undefined ? -1 : findGiven(table, name));
  const ofSides = table.columns.flatMap((name, column) => (parseGivenSubset(name) ? [column] : []));
  if (side !== null) return readRows(table, given, { layout: `every row is ${side}`, sideOf: () => side });
  const sideColumn = given.side === undefined ? findSideColumn(table) : at(given.side);
  if (sideColumn >= 0) return readSideColumn(table, given, sideColumn);
  if (ofSides.length >= 2) {
    return isFlags(table, ofSides) ? readFlags(table, given, ofSides) : readColumnsOfIds(table, ofSides);
  }
  const fold =
    given.fold === undefined ? table.columns.findIndex((name) => FOLD_NAMES.test(name)) : at(given.fold);
  if (fold >= 0) {
    return readRows(table, given, {
      layout: `column '${table.columns[fold]}' numbers the folds`,
      taken: [fold],
      sideOf: (row) => row[fold] && `${FOLD}${row[fold]}`,
    });
  }
  const columns = table.columns.map((name) => `'${name}'`).join(', ');
  throw new AppError(
    'BAD_INPUT',
    `No column of ${columns} tells the side: name it, e.g. --map side=COLUMN, or give one list for each side.`,
  );
}

/** Whether a side of a list is a fold of a cross-validation. */
export function isFold(side: string): boolean {
  return side.startsWith(FOLD);
}

/** Whose each id is, from a table of ids and patients such as CLAM's labels. */
export function readPatients(table: ListTable, given: ListColumns): Map<string, string> {
  const { entries } = readRows(table, given, { layout: '', sideOf: () => 'any' });
  const patients = new Map<string, string>();
  for (const { id, patient } of entries) {
    if (patient === null) throw new AppError('BAD_INPUT', `The table of patients names none for '${id}'.`);
    const known = patients.get(id);
    if (known !== undefined && known !== patient) {
      throw new AppError(
        'BAD_INPUT',
        `The table of patients gives '${id}' to '${known}' and to '${patient}'.`,
      );
    }
    patients.set(id, patient);
  }
  return patients;
}

/** The side that a file's name tells: `train_40_binary.csv`; null when it tells none. */
export function sideOfFileName(name: string): string | null {
  for (const word of name.replace(/\.[^.]*$/, '').split(/[^\p{L}]+/u)) {
    const subset = parseGivenSubset(word);
    if (subset) return subset;
  }
  return null;
}

type Rows = {
  layout: string;
  /** Columns that are not ids. */
  taken?: readonly number[];
  sideOf: (row: readonly (string | null)[]) => string | null | undefined;
};

function readRows(table: ListTable, given: ListColumns, { layout, taken = [], sideOf }: Rows): ListReading {
  const patient =
    given.patient === undefined ? findNamed(table, PATIENT_NAMES) : findGiven(table, given.patient);
  const site = given.site === undefined ? findNamed(table, SITE_NAMES) : findGiven(table, given.site);
  const id =
    given.id === undefined ? findIdColumn(table, [...taken, patient, site]) : findGiven(table, given.id);
  const key = id >= 0 ? id : patient;
  if (key < 0) throw new AppError('BAD_INPUT', 'No column holds ids: name it, e.g. --map id=COLUMN.');
  const entries = table.rows.flatMap((row): ListEntry[] => {
    const [ofRow, rowSide] = [row[key], sideOf(row)];
    if (!ofRow || !rowSide) return [];
    return [{ id: ofRow, patient: row[patient] ?? null, site: row[site] ?? null, side: rowSide }];
  });
  const columns = [`ids in '${table.columns[key] || 'the first column'}'`];
  if (patient >= 0 && patient !== key) columns.push(`patients in '${table.columns[patient]}'`);
  return {
    entries,
    layout: `${layout}, ${columns.join(', ')}`,
    leftOut: table.rows.length - entries.length,
    idsAre: nameIds(table.columns[key] ?? ''),
  };
}

function readSideColumn(table: ListTable, given: ListColumns, column: number): ListReading {
  return readRows(table, given, {
    layout: `column '${table.columns[column]}' names the side`,
    taken: [column],
    sideOf: (row) => {
      const cell = row[column];
      if (!cell) return null;
      const subset = parseGivenSubset(cell);
      if (!subset) {
        throw new AppError(
          'BAD_INPUT',
          `'${cell}' in column '${table.columns[column]}' names no side of a split.`,
        );
      }
      return subset;
    },
  });
}

function readFlags(table: ListTable, given: ListColumns, columns: readonly number[]): ListReading {
  const sides = columns.map((column) => ({
    column,
    side: parseGivenSubset(table.columns[column] ?? '') as string,
  }));
  // A row may be true of several sides, and is then on all of them.
  const readings = sides.map(({ column, side }) =>
    readRows(table, given, {
      layout: 'true and false in a column for each side',
      taken: columns,
      sideOf: (row) => (FLAGS[row[column]?.toLowerCase() ?? ''] ? side : null),
    }),
  );
  const entries = readings.flatMap((reading) => reading.entries);
  const told = table.rows.filter((row) => columns.some((column) => FLAGS[row[column]?.toLowerCase() ?? '']));
  const [first] = readings;
  return {
    entries,
    layout: first?.layout ?? '',
    leftOut: table.rows.length - told.length,
    idsAre: first?.idsAre ?? null,
  };
}

function readColumnsOfIds(table: ListTable, columns: readonly number[]): ListReading {
  const entries = columns.flatMap((column) => {
    const side = parseGivenSubset(table.columns[column] ?? '') as string;
    return table.rows.flatMap((row): ListEntry[] => {
      const id = row[column];
      return id ? [{ id, patient: null, site: null, side }] : [];
    });
  });
  return { entries, layout: 'ids in a column for each side', leftOut: 0, idsAre: null };
}

function isFlags({ rows }: ListTable, columns: readonly number[]): boolean {
  return rows.every((row) => columns.every((column) => !row[column] || row[column].toLowerCase() in FLAGS));
}

/** The column all of whose cells name sides. */
function findSideColumn({ columns, rows }: ListTable): number {
  return columns.findIndex((_, column) => {
    const cells = rows.flatMap((row) => row[column] ?? []);
    return cells.length > 0 && cells.every((cell) => parseGivenSubset(cell) !== null);
  });
}

function findIdColumn(table: ListTable, taken: readonly number[]): number {
  const free = table.columns.map((_, column) => column).filter((column) => !taken.includes(column));
  const named = free.find((column) => ID_NAMES.test(table.columns[column] ?? ''));
  const unnamed = free.find(
    (column) => !table.columns[column] && table.rows.some((row) => !/^\d*$/.test(row[column] ?? '')),
  );
  return named ?? unnamed ?? (free.length === 1 ? (free[0] as number) : -1);
}

function nameIds(column: string): ListedIds | null {
  if (SLIDE_NAMES.test(column)) return 'SLIDE';
  return GROUP_NAMES.test(column) ? 'GROUP' : null;
}

function findNamed({ columns }: ListTable, names: RegExp): number {
  return columns.findIndex((column) => names.test(column));
}

function findGiven({ columns }: ListTable, name: string): number {
  const column = columns.indexOf(name);
  if (column >= 0) return column;
  throw new AppError(
    'BAD_INPUT',
    `There is no column '${name}'. There are: ${columns.map((one) => `'${one}'`).join(', ')}.`,
  );
}
