/**
 * The task that an import proposes: what was asked for, or else the class that tumour is called by in public sets, or
 * else the last one, against all others.
 */
import { type NamedSides, namePositiveSide, nameTask, placeClasses, type TaskSide } from './task.ts';

/** As folders and tables of public sets write it, in lower case; the first that a dataset has is proposed. */
const USUAL_POSITIVES = [
  'idc',
  'tum',
  'tumor',
  'tumour',
  'malignant',
  'cancer',
  'carcinoma',
  'metastasis',
  'positive',
  'ssa',
  'true',
  'yes',
  '1',
];

export type ProposedTask = { name: string; positiveName: string; sides: TaskSide[] };

/**
 * Null for a dataset of one class, which no task can be made of unless it is asked for.
 * @throws AppError BAD_INPUT for classes that were asked for and are not there
 */
export function proposeTask(
  classNames: readonly string[],
  wanted: (NamedSides & { name?: string | undefined; positiveName?: string | undefined }) | null,
): ProposedTask | null {
  if (!wanted && classNames.length < 2) return null;
  const sides = placeClasses(
    classNames,
    wanted ?? { positive: [findUsualPositive(classNames) ?? classNames.at(-1) ?? ''] },
  );
  return {
    sides,
    name: wanted?.name ?? nameTask(sides, classNames),
    positiveName: wanted?.positiveName ?? namePositiveSide(sides, classNames),
  };
}

/** The class that is positive by its name; null where no name says so. */
export function findUsualPositive(classNames: readonly string[]): string | null {
  for (const usual of USUAL_POSITIVES) {
    const found = classNames.find((name) => name.toLowerCase() === usual);
    if (found !== undefined) return found;
  }
  return null;
}
