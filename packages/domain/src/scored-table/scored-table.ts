/**
 * A table of scores as statistics take it: whose each row is, which rows are positive, on which side they are, and the
 * probabilities of each model. Two sites of one patient, or rows of one class alone, are refused.
 */
import { AppError } from '../app-error.ts';
import { countNoun } from '../count-noun.ts';
import type { Scored } from '../metrics/scored.ts';
import { findNameRule, type NameRule, openNameRule } from '../source/name-rule.ts';
import { compareKeys } from '../split/split.ts';
import { findUsualPositive } from '../task/propose-task.ts';
import {
  labelClass,
  nameNegativeSide,
  namePositiveSide,
  placeClasses,
  type TaskSides,
} from '../task/task.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { countUnits, hasUnits, nameUnit, warnOfIntervals } from '../unit/unit-words.ts';
import { type CollectedRows, TABLE_SIDES, type TableSide } from './collect-rows.ts';
import type { ScoreColumns, ScoreWish } from './score-columns.ts';

export type TableReading = {
  /** Classes that are positive; told by their names where it is empty. */
  positive: readonly string[];
  /** All others when null. */
  negative: readonly string[] | null;
  /** How a patient is told from a file or slide; found when null. */
  rule: string | null;
  pattern: string | null;
};

export type TableRows = {
  side: TableSide;
  labels: Scored['labels'];
  patients: Scored['patients'];
  /** Of the patients, by number; empty where nothing binds rows together. */
  keys: string[];
  sites: string[];
  /** Of each row, -1 where it has none. */
  siteOf: Int32Array;
  /** One column a model. */
  scores: Float64Array[];
};

export type ScoredTable = {
  unit: SplittingUnit;
  positiveName: string;
  negativeName: string;
  models: ScoreWish[];
  /** VALIDATION before TEST; ALL where the table tells no sides. Those without rows are left out. */
  sides: TableRows[];
  rows: number;
  layout: string;
  /** What was left out, and what a reader must keep in mind. */
  notes: string[];
};

type Grouped = {
  unit: SplittingUnit;
  keys: readonly string[];
  keyOf: Int32Array;
  sites: readonly string[];
  siteOf: Int32Array;
  /** How patients were told, where no column does. */
  told: string | null;
};

/** @throws AppError BAD_INPUT */
export function buildScoredTable(
  columns: ScoreColumns,
  rows: CollectedRows,
  reading: TableReading,
): ScoredTable {
  const total = rows.lines.length;
  if (total === 0) throw refuseEmpty(rows.trainRows);
  const { classNames, sides } = placeLabels(columns, rows, reading);
  const labels = Array.from(classNames, (_, place) => labelClass(sides, place));
  const grouped = sortSites(groupRows(columns, rows, reading));
  refuseTwoSites(grouped, rows);
  const kept = TABLE_SIDES.flatMap((side, at) => {
    const members = pick(
      rows,
      (row) => rows.sideOf[row] === at && labels[rows.classOf[row] as number] !== null,
    );
    return members.length > 0 ? [takeRows(rows, { side, members, labels, grouped })] : [];
  });
  const keptRows = kept.reduce((sum, { labels: own }) => sum + own.length, 0);
  const positiveName = namePositiveSide(sides, classNames);
  return {
    unit: grouped.unit,
    positiveName,
    negativeName: nameNegativeSide(sides, { classNames, positiveName }),
    models: columns.scores.map(({ column, isLogit, threshold }) => ({ column, isLogit, threshold })),
    sides: kept,
    rows: keptRows,
    layout: columns.layout,
    notes: [
      ...(grouped.told ? [grouped.told] : []),
      ...describeLeftOut(rows.trainRows, total - keptRows),
      ...describeSides(kept, grouped.unit),
      ...(warnOfIntervals(grouped.unit) && hasUnits(grouped.unit)
        ? [warnOfIntervals(grouped.unit) as string]
        : []),
      ...(hasUnits(grouped.unit)
        ? []
        : ['Patients unknown: nothing in the table binds rows together, so no figure has an interval.']),
      ...describeCalls(columns, kept),
    ],
  };
}

function refuseEmpty(trainRows: number): AppError {
  const found =
    trainRows > 0 ? `${countNoun(trainRows, 'row')} of TRAIN and none of another side` : 'no rows';
  return new AppError('BAD_INPUT', `The table has ${found}: there is nothing to evaluate.`);
}

/** The classes in the order of their names, so that the order of the rows decides nothing. */
function placeLabels(
  { names, label }: ScoreColumns,
  { classNames }: CollectedRows,
  { positive, negative }: TableReading,
): { classNames: readonly string[]; sides: TaskSides } {
  const shown = classNames.toSorted(compareKeys).map((name) => `'${name}'`);
  if (classNames.length === 1) {
    throw new AppError(
      'BAD_INPUT',
      `All labels in '${names[label]}' are ${shown[0]}: with one class nothing can be told apart.`,
    );
  }
  const list = shown.length > 12 ? `${shown.slice(0, 12).join(', ')} and more` : shown.join(', ');
  const unknown = [...positive, ...(negative ?? [])].find((name) => !classNames.includes(name));
  if (unknown !== undefined) {
    throw new AppError(
      'BAD_INPUT',
      `There is no label '${unknown.slice(0, 60)}' in '${names[label]}': there are ${list}.`,
    );
  }
  const usual = findUsualPositive(classNames);
  const wanted = positive.length > 0 ? positive : usual === null ? [] : [usual];
  if (wanted.length > 0)
    return { classNames, sides: placeClasses(classNames, { positive: wanted, negative }) };
  throw new AppError(
    'BAD_INPUT',
    `The labels in '${names[label]}' are ${list}: say which of them is positive, since no name tells it.`,
  );
}

/** By the column of the unit; where none tells patients, by the form of files or slides if it has one. */
function groupRows(columns: ScoreColumns, rows: CollectedRows, reading: TableReading): Grouped {
  const { unit } = columns;
  const { keys, keyOf, sites, siteOf } = rows;
  const rule = reading.rule ?? reading.pattern;
  if (unit === 'PATIENT' || unit === 'GROUP' || columns.key < 0) {
    if (rule !== null && columns.key < 0) {
      throw new AppError(
        'BAD_INPUT',
        'The table tells no slides or files that a rule could read patients from.',
      );
    }
    return { unit, keys, keyOf, sites, siteOf, told: null };
  }
  const opened = rule === null ? findNameRule(keys) : openNameRule(reading.rule ?? 'regex', reading.pattern);
  if (opened.name === 'none') return { unit, keys, keyOf, sites, siteOf, told: null };
  return readPatients(rows, opened, columns.site === null);
}

function readPatients(rows: CollectedRows, rule: NameRule, takesSites: boolean): Grouped {
  const [patients, sites] = [new Map<string, number>(), new Map<string, number>()];
  const place = (words: Map<string, number>, word: string) =>
    words.get(word) ?? words.set(word, words.size).size - 1;
  const facts = rows.keys.map((key, at) => {
    const told = rule.read(key);
    const patient = told?.patient ?? told?.slide;
    if (!told || !patient) {
      const line = rows.lines[rows.keyOf.indexOf(at)];
      throw new AppError(
        'BAD_INPUT',
        `The rule '${rule.name}' tells no patient of '${key}' (${rows.place} ${line}).`,
      );
    }
    return { patient: place(patients, patient), site: told.site === null ? -1 : place(sites, told.site) };
  });
  const isTold = takesSites && sites.size > 0;
  return {
    unit: 'PATIENT',
    keys: [...patients.keys()],
    keyOf: rows.keyOf.map((key) => facts[key]?.patient ?? -1),
    sites: isTold ? [...sites.keys()] : rows.sites,
    siteOf: isTold ? rows.keyOf.map((key) => facts[key]?.site ?? -1) : rows.siteOf,
    told: `Patients are told by names. ${rule.about}`,
  };
}

/** By name, so that the order of the rows decides nothing. */
function sortSites(grouped: Grouped): Grouped {
  const sites = grouped.sites.toSorted(compareKeys);
  const places = new Map(sites.map((site, place) => [site, place]));
  const moved = grouped.sites.map((site) => places.get(site) ?? -1);
  return { ...grouped, sites, siteOf: grouped.siteOf.map((site) => moved[site] ?? -1) };
}

function refuseTwoSites(
  { unit, keys, keyOf, sites, siteOf }: Grouped,
  { place, lines }: CollectedRows,
): void {
  if (!hasUnits(unit) || sites.length < 2) return;
  const first = new Int32Array(keys.length).fill(-1);
  for (let row = 0; row < keyOf.length; row++) {
    const [key, site] = [keyOf[row] as number, siteOf[row] as number];
    if (site < 0) continue;
    const known = first[key] as number;
    if (known < 0) first[key] = row;
    else if (siteOf[known] !== site) {
      throw new AppError(
        'BAD_INPUT',
        `The ${nameUnit(unit).one} '${keys[key]}' is at site '${sites[site]}' in ${place} ${lines[row]}, and at '${sites[siteOf[known] as number]}' in ${place} ${lines[known]}.`,
      );
    }
  }
}

function pick({ lines }: CollectedRows, isMember: (row: number) => boolean): Int32Array {
  const members = new Int32Array(lines.length);
  let count = 0;
  for (let row = 0; row < lines.length; row++) if (isMember(row)) members[count++] = row;
  return members.subarray(0, count);
}

type Membership = {
  side: TableSide;
  members: Int32Array;
  labels: readonly (0 | 1 | null)[];
  grouped: Grouped;
};

/** Patients are numbered as they come, without gaps. */
function takeRows(rows: CollectedRows, { side, members, labels, grouped }: Membership): TableRows {
  const { unit, keys, keyOf, sites, siteOf } = grouped;
  const numbers = new Map<number, number>();
  const number = (key: number) => numbers.get(key) ?? numbers.set(key, numbers.size).size - 1;
  return {
    side,
    labels: Uint8Array.from(members, (row) => labels[rows.classOf[row] as number] ?? 0),
    patients: Int32Array.from(members, (row) => (hasUnits(unit) ? number(keyOf[row] as number) : 0)),
    keys: [...numbers.keys()].map((key) => keys[key] as string),
    sites: [...sites],
    siteOf: Int32Array.from(members, (row) => siteOf[row] as number),
    scores: rows.scores.map((column) => Float64Array.from(members, (row) => column[row] as number)),
  };
}

function describeLeftOut(trainRows: number, leftOut: number): string[] {
  return [
    ...(trainRows > 0 ? [`Passed over: ${countNoun(trainRows, 'row')} of TRAIN.`] : []),
    ...(leftOut > 0 ? [`Left out: ${countNoun(leftOut, 'row')} of classes on neither side.`] : []),
  ];
}

/** A threshold that was chosen on patients of TEST flatters the figures of TEST. */
function describeSides(sides: readonly TableRows[], unit: SplittingUnit): string[] {
  const notes = sides.flatMap(({ side, labels }) =>
    new Set(labels).size < 2
      ? [
          `${side === 'ALL' ? 'The table' : side} has rows of one class alone: most figures do not exist there.`,
        ]
      : [],
  );
  const [first, second] = sides;
  if (!first || !second) return notes;
  const known = new Set(first.keys);
  const shared = second.keys.filter((key) => known.has(key)).length;
  if (shared === 0) return notes;
  return [
    ...notes,
    `${countUnits(unit, shared)} of ${second.side} ${shared === 1 ? 'is' : 'are'} in ${first.side} too: figures of ${second.side} flatter.`,
  ];
}

/** Calls in place of scores: their order tells little. */
function describeCalls({ scores }: ScoreColumns, sides: readonly TableRows[]): string[] {
  return scores.flatMap(({ column }, at) =>
    sides.every(({ scores: own }) => own[at]?.every((value) => value === 0 || value === 1))
      ? [`'${column}' holds nothing but 0 and 1: calls, no scores, so AUC and calibration say little of it.`]
      : [],
  );
}
