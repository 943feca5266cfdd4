/**
 * A task of a dataset: which of its classes are positive, which negative and which left out. A class is known by its
 * position among the dataset's classes; `sides` has one word for each of them. What is positive is decided here and
 * nowhere else: labels, counts and names all follow from the sides.
 */
import { AppError } from '../app-error.ts';

export const TASK_SIDES = ['POSITIVE', 'NEGATIVE', 'LEFT_OUT'] as const;
/** More than any published set of patches has. */
export const CLASSES_MAX = 100;
/** With more names a side is no longer a name. */
const NAMED_NEGATIVES_MAX = 2;

/** The one class of a dataset whose patches came without any: it can be looked at and predicted, and nothing else. */
export const UNLABELLED = 'unlabelled';

export type TaskSide = (typeof TASK_SIDES)[number];
export type TaskSides = readonly TaskSide[];

/** Classes by name, as a user gives them; what is neither positive nor negative is left out. */
export type NamedSides = {
  positive: readonly string[];
  /** All others when left out. */
  negative?: readonly string[] | null | undefined;
};

/** Whether these are the classes of a dataset that has none. */
export function isUnlabelled(classNames: readonly string[]): boolean {
  return classNames.length === 1 && classNames[0] === UNLABELLED;
}

/** 1 for a positive class, 0 for a negative one, null for one that is left out. */
export function labelClass(sides: TaskSides, position: number): 0 | 1 | null {
  const side = sides[position];
  if (side === 'POSITIVE') return 1;
  return side === 'NEGATIVE' ? 0 : null;
}

/** Patches on either side of a task, of patches counted by class. */
export function countSides(
  sides: TaskSides,
  classCounts: readonly number[],
): { positives: number; negatives: number; leftOut: number } {
  const counted = { positives: 0, negatives: 0, leftOut: 0 };
  classCounts.forEach((count, position) => {
    const label = labelClass(sides, position);
    if (label === 1) counted.positives += count;
    else if (label === 0) counted.negatives += count;
    else counted.leftOut += count;
  });
  return counted;
}

/** The names of a side's classes, in their order. */
export function listSide(sides: TaskSides, side: TaskSide, classNames: readonly string[]): string[] {
  return classNames.filter((_, position) => sides[position] === side);
}

/** Whether two tasks, of one dataset or of two, have the same classes by name on the same sides. */
export function haveSameSides(
  a: { sides: TaskSides; classNames: readonly string[] },
  b: { sides: TaskSides; classNames: readonly string[] },
): boolean {
  const name = ({ sides, classNames }: typeof a) =>
    JSON.stringify(
      (['POSITIVE', 'NEGATIVE'] as const).map((side) => listSide(sides, side, classNames).toSorted()),
    );
  return name(a) === name(b);
}

/** BAD_INPUT for a class that the dataset lacks, is given twice or on both sides, and for a side without a class. */
export function placeClasses(classNames: readonly string[], { positive, negative }: NamedSides): TaskSide[] {
  const sides = new Map<string, TaskSide>();
  for (const [side, names] of [['POSITIVE', positive] as const, ['NEGATIVE', negative ?? []] as const]) {
    for (const name of names) {
      if (!classNames.includes(name)) throw describeUnknown(name, classNames);
      if (sides.has(name)) throw new AppError('BAD_INPUT', `The class '${name}' is named twice in the task.`);
      sides.set(name, side);
    }
  }
  const rest: TaskSide = negative ? 'LEFT_OUT' : 'NEGATIVE';
  const placed = classNames.map((name) => sides.get(name) ?? rest);
  for (const side of ['POSITIVE', 'NEGATIVE'] as const) {
    if (placed.includes(side)) continue;
    throw new AppError('BAD_INPUT', `The task has no ${side.toLowerCase()} class: it needs at least one.`);
  }
  return placed;
}

/** What the positive side is called where it has no name: its classes, `A or B`. */
export function namePositiveSide(sides: TaskSides, classNames: readonly string[]): string {
  return listSide(sides, 'POSITIVE', classNames).join(' or ');
}

/** What the negative side is called: its classes, `C or D`; of many, or where it is all others, `not A`. */
export function nameNegativeSide(
  sides: TaskSides,
  { classNames, positiveName }: { classNames: readonly string[]; positiveName: string },
): string {
  const negative = listSide(sides, 'NEGATIVE', classNames);
  return negative.length > NAMED_NEGATIVES_MAX ? `not ${positiveName}` : negative.join(' or ');
}

/** `TUM against all`, `malignant against benign`, `A or B against C`. */
export function nameTask(sides: TaskSides, classNames: readonly string[]): string {
  const negative = listSide(sides, 'NEGATIVE', classNames);
  const isAllOthers = negative.length > 1 && !sides.includes('LEFT_OUT');
  return `${namePositiveSide(sides, classNames)} against ${isAllOthers ? 'all' : negative.join(' or ')}`;
}

function describeUnknown(name: string, classNames: readonly string[]): AppError {
  const known = classNames.map((known) => `'${known}'`).join(', ');
  return new AppError('BAD_INPUT', `The dataset has no class '${name}': its classes are ${known}.`);
}
