/**
 * The rows of a table of scores, read one by one into columns of numbers. What is wrong with a row is told by its line and
 * its value; nothing is guessed, corrected or left out in silence.
 */
import { AppError } from '../app-error.ts';
import { countNoun } from '../count-noun.ts';
import { calibrate } from '../metrics/calibration.ts';
import { parseGivenSubset } from '../source/given-subset.ts';
import { readCellText } from '../source/manifest/missing-cell.ts';
import { CLASSES_MAX } from '../task/task.ts';
import { nameUnit } from '../unit/unit-words.ts';
import { type GrowingColumn, growColumn } from './growing-column.ts';
import type { ScoreColumn, ScoreColumns } from './score-columns.ts';

/** More than any table of patches that was published has. */
const ROWS_MAX = 10_000_000;
const SHOWN_VALUE_LENGTH = 60;

/** The side of a row; ALL where the table tells none. */
export const TABLE_SIDES = ['VALIDATION', 'TEST', 'ALL'] as const;
export type TableSide = (typeof TABLE_SIDES)[number];

/** One entry a row in each column. */
export type CollectedRows = {
  /** What the table calls its rows. */
  place: 'line' | 'row';
  lines: Int32Array;
  /** Positions in `keys`, -1 where the table tells none; and so on. */
  keyOf: Int32Array;
  keys: readonly string[];
  siteOf: Int32Array;
  sites: readonly string[];
  classOf: Int32Array;
  classNames: readonly string[];
  /** Positions in TABLE_SIDES. */
  sideOf: Uint8Array;
  /** Probabilities, one column a model. */
  scores: Float64Array[];
  /** Rows of TRAIN, which were passed over. */
  trainRows: number;
};

type Row = { line: number; cells: readonly (string | null)[] };

type RowCollector = { add(row: Row): void; finish(): CollectedRows };

/** @throws AppError BAD_INPUT that names the line */
export function collectRows(
  columns: ScoreColumns,
  place: CollectedRows['place'],
  rowsMax = ROWS_MAX,
): RowCollector {
  const [keys, sites, classes] = [createWords(), createWords(), createWords()];
  const [lines, keyOf, siteOf, classOf] = [growInts(), growInts(), growInts(), growInts()];
  const sideOf = growColumn((length) => new Uint8Array(length));
  const scores = columns.scores.map(() => growColumn((length) => new Float64Array(length)));
  const read = createReader(columns, place === 'line' ? 'Line' : 'Row');
  let [count, trainRows] = [0, 0];
  return {
    add(row) {
      const { key, site, label, side, values } = read(row) ?? {};
      count += 1;
      if (count > rowsMax) throw refuseLength(rowsMax);
      if (side === undefined || values === undefined || label === undefined) {
        trainRows += 1;
        return;
      }
      lines.add(row.line);
      keyOf.add(key ? keys.place(key) : -1);
      siteOf.add(site ? sites.place(site) : -1);
      classOf.add(classes.place(label));
      if (classes.words.length > CLASSES_MAX) throw refuseClasses(columns);
      sideOf.add(TABLE_SIDES.indexOf(side));
      for (const [at, value] of values.entries()) scores[at]?.add(value);
    },
    finish: () => ({
      place,
      lines: lines.view(),
      keyOf: keyOf.view(),
      keys: keys.words,
      siteOf: siteOf.view(),
      sites: sites.words,
      classOf: classOf.view(),
      classNames: classes.words,
      sideOf: sideOf.view(),
      scores: scores.map((column) => column.view()),
      trainRows,
    }),
  };
}

type ReadRow = {
  key: string | null;
  site: string | null;
  label: string;
  side: TableSide;
  values: number[];
};

/** Null for a row of TRAIN, of which nothing else is read. */
function createReader(columns: ScoreColumns, place: string): (row: Row) => ReadRow | null {
  const { names, subset, site, unit } = columns;
  const name = (position: number) => `'${names[position]}'`;
  return ({ line, cells }) => {
    const at = `${place} ${line}`;
    if (cells.length !== names.length) {
      const found = countNoun(cells.length, 'cell');
      throw new AppError('BAD_INPUT', `${at} has ${found} where the head has ${names.length}.`);
    }
    const side = subset === null ? 'ALL' : readSide(cells[subset], { at, name: name(subset) });
    if (side === 'TRAIN') return null;
    const label = readCellText(cells[columns.label]);
    if (label === null) throw new AppError('BAD_INPUT', `${at} has no label in ${name(columns.label)}.`);
    const key = columns.key < 0 ? null : readCellText(cells[columns.key]);
    if (key === null && unit !== 'NONE') {
      throw new AppError('BAD_INPUT', `${at} has no ${nameUnit(unit).one} in ${name(columns.key)}.`);
    }
    return {
      key,
      site: site === null ? null : readCellText(cells[site]),
      label: normaliseLabel(label),
      side,
      values: columns.scores.map((score) => readScore(cells[score.position], { at, score })),
    };
  };
}

function readSide(cell: string | null | undefined, { at, name }: { at: string; name: string }) {
  const text = readCellText(cell);
  const side = text === null ? null : parseGivenSubset(text);
  if (side) return side;
  const found = text === null ? 'names no side' : `has '${text.slice(0, SHOWN_VALUE_LENGTH)}'`;
  throw new AppError('BAD_INPUT', `${at} ${found} in ${name}: a side is train, validation or test.`);
}

/** Programs write 1 as 1.0 too. */
function normaliseLabel(label: string): string {
  return /^\d+\.0+$/.test(label) ? label.slice(0, label.indexOf('.')) : label;
}

function readScore(
  cell: string | null | undefined,
  { at, score: { column, isLogit } }: { at: string; score: ScoreColumn },
): number {
  const text = readCellText(cell);
  const value = text === null ? Number.NaN : Number(text);
  if (Number.isNaN(value) || (isLogit && !Number.isFinite(value))) {
    const shown = (cell ?? '').trim().slice(0, SHOWN_VALUE_LENGTH);
    throw new AppError('BAD_INPUT', `${at} has '${shown}' in '${column}', which is no score.`);
  }
  if (isLogit) return calibrate(value, 1);
  if (value >= 0 && value <= 1) return value;
  throw new AppError(
    'BAD_INPUT',
    `${at} has ${value} in '${column}': a probability lies from 0 to 1. If these are log-odds, name the column as logits.`,
  );
}

function refuseLength(rowsMax: number): AppError {
  return new AppError('BAD_INPUT', `The table has more than ${rowsMax.toLocaleString('en')} rows.`);
}

function refuseClasses({ names, label }: ScoreColumns): AppError {
  return new AppError(
    'BAD_INPUT',
    `'${names[label]}' holds more than ${CLASSES_MAX} labels, so it is no column of labels: name the one that is.`,
  );
}

function growInts(): GrowingColumn<Int32Array> {
  return growColumn((length) => new Int32Array(length));
}

function createWords(): { words: string[]; place(word: string): number } {
  const [words, places]: [string[], Map<string, number>] = [[], new Map()];
  return {
    words,
    place(word) {
      const known = places.get(word);
      if (known !== undefined) return known;
      places.set(word, words.length);
      return words.push(word) - 1;
    },
  };
}
