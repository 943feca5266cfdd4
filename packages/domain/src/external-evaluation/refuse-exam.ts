/**
 * Which patients a model may be tested on: none that it was trained or tuned on, and none whose result is still sealed at
 * home. A patient is the same by source and key, a patch by its pixels, in whatever dataset they lie.
 */
import { AppError } from '../app-error.ts';
import type { Subset } from '../split/subset.ts';
import { countSides, haveSameSides, listSide, namePositiveSide, type TaskSides } from '../task/task.ts';
import { isTellingName } from '../task/telling-name.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { nameUnit } from '../unit/unit-words.ts';
import { type Exam, nameExam } from './exam.ts';

const NAMED_MAX = 10;

/** A patient of the exam whom the model's own split has on a side: as a person, or by patches with the same pixels. */
export type SharedPatient = { patientKey: string; subset: Subset; kind: 'PATIENT' | 'PIXELS' };

type TaskOfClasses = { sides: TaskSides; classNames: readonly string[]; positiveName: string };

type Examination = Exam & {
  runName: string;
  /** What the keys of the exam stand for. */
  unit: SplittingUnit;
  /** Whether TEST of the run was opened. */
  isTestOpen: boolean;
  shared: readonly SharedPatient[];
};

/**
 * CONFLICT that names the patients whom the model was trained or tuned on, SEALED for those of a TEST that was not
 * opened; null where nothing speaks against the exam.
 */
export function refuseSeen({ runName, unit, isTestOpen, shared, ...exam }: Examination): AppError | null {
  const name = nameExam(exam);
  const seen = shared.filter(({ subset }) => subset !== 'TEST');
  for (const kind of ['PATIENT', 'PIXELS'] as const) {
    const keys = listKeys(seen.filter((one) => one.kind === kind));
    if (keys.length === 0) continue;
    const were = keys.length === 1 ? 'was' : 'were';
    const what =
      kind === 'PATIENT'
        ? `${keys.length} of its ${nameUnit(unit).many} ${were}`
        : `patches of ${keys.length} of its ${nameUnit(unit).many} have pixels that were`;
    return new AppError(
      'CONFLICT',
      `${name} cannot test run '${runName}': ${what} in TRAIN or VALIDATION of the run (${shortenList(keys)}).`,
    );
  }
  const sealed = listKeys(shared.filter(({ subset }) => subset === 'TEST'));
  if (sealed.length === 0 || isTestOpen) return null;
  const { one, many } = nameUnit(unit);
  return new AppError(
    'SEALED',
    `${name} holds ${sealed.length} ${sealed.length === 1 ? one : many} of TEST of run '${runName}', which is sealed (${shortenList(sealed)}): open TEST first.`,
  );
}

/**
 * Sides match where the classes have the same names, or where both tasks call their positive side the same. BAD_INPUT
 * that says what each calls positive, or that the exam has no patch of the task's classes; null where the task fits.
 */
export function refuseTask(
  home: TaskOfClasses,
  exam: TaskOfClasses & Exam & { name: string; classCounts: readonly number[] },
): AppError | null {
  const isNamedAlike = normalise(home.positiveName) === normalise(exam.positiveName);
  if (!isNamedAlike && !haveSameSides(home, exam)) {
    return new AppError(
      'BAD_INPUT',
      `Task '${exam.name}' of '${exam.datasetName}' asks for '${exam.positiveName}', the model for '${home.positiveName}': their sides do not match. Give that dataset a task whose positive side is called '${home.positiveName}'.`,
    );
  }
  const { positives, negatives } = countSides(exam.sides, exam.classCounts);
  if (positives + negatives > 0) return null;
  return new AppError(
    'BAD_INPUT',
    `${nameExam(exam)} has no patch of the classes of task '${exam.name}': there is nothing to evaluate.`,
  );
}

/**
 * Two sets that know no more than `0` and `1` match by chance: where the positive side has no name that tells what it is,
 * a person has to say that it means the same in both. The sentence to be confirmed; null where the names tell.
 */
export function doubtSides(
  home: TaskOfClasses & { datasetName: string },
  exam: TaskOfClasses & { datasetName: string },
): string | null {
  const isNamedAlike = normalise(home.positiveName) === normalise(exam.positiveName);
  if (isNamedAlike && isTellingName(exam.positiveName)) return null;
  const isToldByClass =
    haveSameSides(home, exam) && listSide(exam.sides, 'POSITIVE', exam.classNames).some(isTellingName);
  if (isToldByClass) return null;
  return `${describeSides(home)}, ${describeSides(exam)}: these names do not tell whether both mean the same.`;
}

/** `'Utrecht' has '1' (as 'tumor') against '0'`. */
function describeSides({
  datasetName,
  sides,
  classNames,
  positiveName,
}: TaskOfClasses & { datasetName: string }) {
  const [positive, negative] = (['POSITIVE', 'NEGATIVE'] as const).map((side) =>
    listSide(sides, side, classNames)
      .map((name) => `'${name}'`)
      .join(', '),
  );
  const named = namePositiveSide(sides, classNames) === positiveName ? '' : ` (as '${positiveName}')`;
  return `'${datasetName}' has ${positive}${named} against ${negative}`;
}

function normalise(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

function listKeys(shared: readonly SharedPatient[]): string[] {
  return [...new Set(shared.map(({ patientKey }) => patientKey))].sort();
}

function shortenList(names: readonly string[]): string {
  const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : '';
  return `${names.slice(0, NAMED_MAX).join(', ')}${more}`;
}
