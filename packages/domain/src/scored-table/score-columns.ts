/**
 * Which column of a table of scores says what: labels, patients, slides, sites and sides are known as those of a manifest
 * are, scores by their names or by what they hold. How the table was understood is said in words, for a person to check.
 */
import { AppError } from '../app-error.ts';
import { CONTEXT_COLUMN } from '../context/context-step.ts';
import { parseGivenSubset } from '../source/given-subset.ts';
import {
  type ColumnMap,
  findColumn,
  listColumns,
  mapColumns,
  recogniseColumns,
} from '../source/manifest/manifest-columns.ts';
import { readCellText } from '../source/manifest/missing-cell.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { nameUnit } from '../unit/unit-words.ts';

/** A column of scores as a person names it. */
export type ScoreWish = {
  column: string;
  /** Log-odds, which become probabilities. */
  isLogit: boolean;
  /** From which probability on a row is called positive; null where it is to be chosen. */
  threshold: number | null;
};

export type ScoreColumn = ScoreWish & { position: number };

export type ScoreColumns = {
  label: number;
  /** What statistics take for independent, and the column that tells it; -1 where none does. */
  unit: SplittingUnit;
  key: number;
  site: number | null;
  subset: number | null;
  scores: ScoreColumn[];
  names: readonly string[];
  /** In words. */
  layout: string;
};

type Sample = { columns: readonly string[]; rows: readonly (readonly (string | null)[])[] };

type ColumnWishes = {
  /** KEY=COLUMN, as of a manifest. */
  map: readonly string[];
  /** Empty where they are to be found. */
  scores: readonly ScoreWish[];
  /** The largest that the table tells when left out. */
  unit: SplittingUnit | null;
};

const SCORES_MAX = 20;
const UNITS = ['PATIENT', 'SLIDE', 'GROUP'] as const;
const UNIT_KEYS = { PATIENT: 'patient', SLIDE: 'slide', GROUP: 'group' } as const;
const SCORE_NAME = /score|prob|logit|pred|confidence|output|^p[_ -]/i;

/** @throws AppError BAD_INPUT that names what the table lacks, and what it has */
export function findScoreColumns(sample: Sample, { map: wishes, scores, unit }: ColumnWishes): ScoreColumns {
  const { columns } = sample;
  const wished = scores.map((wish) => ({ ...wish, position: findScoreColumn(columns, wish.column) }));
  refuseTwice(wished);
  // A column that is named as a score stands for nothing else, whatever it is called.
  const positions = new Set(wished.map(({ position }) => position));
  const recognised = dropPositions(recogniseColumns(sample), positions);
  const map = mapColumns(columns, dropUntold(recognised, sample), wishes);
  if (map.label === undefined) throw lacking('labels', 'label', columns);
  const found = wished.length > 0 ? wished : recogniseScores(sample, new Set(Object.values(map)));
  if (found.length === 0) throw lacking('scores', 'score', columns);
  if (found.length > SCORES_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `${found.length} columns hold scores: at most ${SCORES_MAX} are compared, so name those that are meant.`,
    );
  }
  const told = findUnit(map, { wanted: unit, columns });
  const own = { label: map.label, ...told, site: map.site ?? null, subset: map.subset ?? null };
  return { ...own, scores: found, names: columns, layout: describe(own, { columns, scores: found }) };
}

function findScoreColumn(columns: readonly string[], name: string): number {
  return findColumn(columns, name) ?? refuseNameless();
}

function refuseNameless(): never {
  throw new AppError('BAD_INPUT', 'A column of scores has no name.');
}

function refuseTwice(scores: readonly ScoreColumn[]): void {
  const twice = scores.find(({ position }, at) =>
    scores.slice(0, at).some((other) => other.position === position),
  );
  if (twice) throw new AppError('BAD_INPUT', `The scores '${twice.column}' are named twice.`);
}

function dropPositions(map: ColumnMap, positions: ReadonlySet<number>): ColumnMap {
  return Object.fromEntries(Object.entries(map).filter(([, position]) => !positions.has(position)));
}

/** A column that is called like sides and names none of them, such as `set` with numbers, tells none. */
function dropUntold(map: ColumnMap, { rows }: Sample): ColumnMap {
  const { subset, ...others } = map;
  if (subset === undefined) return map;
  const cells = rows.flatMap((row) => readCellText(row[subset]) ?? []);
  return cells.some((cell) => parseGivenSubset(cell) !== null) ? map : others;
}

/**
 * Numbers in columns whose names speak of scores, where most cells are some: what is none is told by its line. Where no
 * name does, numbers between 0 and 1 that are not all whole.
 */
function recogniseScores({ columns, rows }: Sample, taken: ReadonlySet<number>): ScoreColumn[] {
  const free = columns.flatMap((column, position) => {
    // It may lack numbers: it is taken where a person names it.
    if (taken.has(position) || column === CONTEXT_COLUMN) return [];
    const cells = rows.flatMap((row) => readCellText(row[position]) ?? []);
    const values = cells.map(Number);
    const numbers = values.filter((value) => !Number.isNaN(value));
    return numbers.length * 2 > values.length ? [{ column, position, values }] : [];
  });
  const named = free.filter(({ column }) => SCORE_NAME.test(column));
  const like = free.filter(
    ({ values }) =>
      values.every((value) => value >= 0 && value <= 1) && !values.every((value) => Number.isInteger(value)),
  );
  return (named.length > 0 ? named : like).map(({ column, position }) => ({
    column,
    position,
    isLogit: false,
    threshold: null,
  }));
}

function findUnit(
  map: ColumnMap,
  { wanted, columns }: { wanted: SplittingUnit | null; columns: readonly string[] },
): { unit: SplittingUnit; key: number } {
  if (wanted === 'NONE') return { unit: 'NONE', key: -1 };
  for (const unit of wanted ? [wanted] : UNITS) {
    const key = map[UNIT_KEYS[unit]];
    if (key !== undefined) return { unit, key };
  }
  if (wanted) throw lacking(nameUnit(wanted).many, UNIT_KEYS[wanted], columns);
  // Names of files may tell whose they are.
  return { unit: 'NONE', key: map.path ?? -1 };
}

function describe(
  { label, unit, key, site, subset }: Omit<ScoreColumns, 'scores' | 'names' | 'layout'>,
  { columns, scores }: { columns: readonly string[]; scores: readonly ScoreColumn[] },
): string {
  const name = (position: number) => `'${columns[position]}'`;
  const parts = [`labels in ${name(label)}`];
  if (key >= 0) parts.push(`${unit === 'NONE' ? 'files' : nameUnit(unit).many} in ${name(key)}`);
  if (site !== null) parts.push(`sites in ${name(site)}`);
  if (subset !== null) parts.push(`sides in ${name(subset)}`);
  parts.push(
    `scores in ${scores.map(({ column, isLogit }) => `'${column}'${isLogit ? ' (logits)' : ''}`).join(', ')}`,
  );
  return parts.join('; ');
}

function lacking(what: string, key: string, columns: readonly string[]): AppError {
  return new AppError(
    'BAD_INPUT',
    `No column holds ${what}: name it as '${key}'. The table has ${listColumns(columns)}.`,
  );
}
