/**
 * On whom a model may be examined: on nobody whom it was trained or tuned on, and on nobody whose result is still sealed
 * at home. A patient is the same by source and key, a patch by its pixels, in whatever dataset they lie.
 */
import { AppError } from '../app-error.ts';
import type { Subset } from '../split/subset.ts';
import { haveSameSides, type TaskSides } from '../task/task.ts';

const NAMED_MAX = 10;

/** A patient of the exam whom the model's own split has on a side: as a person, or by patches with the same pixels. */
export type SharedPatient = { patientKey: string; subset: Subset; kind: 'PATIENT' | 'PIXELS' };

type ExamTask = { sides: TaskSides; classNames: readonly string[]; positiveName: string };

type Exam = {
  runName: string;
  datasetName: string;
  /** Whether TEST of the run was opened. */
  isTestOpen: boolean;
  shared: readonly SharedPatient[];
};

/**
 * @throws AppError CONFLICT that names the patients whom the model was trained or tuned on; SEALED for those of a TEST
 * that was not opened
 */
export function checkUnseen({ runName, datasetName, isTestOpen, shared }: Exam): void {
  const seen = shared.filter(({ subset }) => subset !== 'TEST');
  for (const [kind, what] of [
    ['PATIENT', 'patients'],
    ['PIXELS', 'patients with patches whose pixels'],
  ] as const) {
    const names = listNames(seen.filter((one) => one.kind === kind));
    if (names.length === 0) continue;
    throw new AppError(
      'CONFLICT',
      `'${datasetName}' is no exam for run '${runName}': ${names.length} of its ${what} were in TRAIN or VALIDATION of the run (${shortenList(names)}).`,
    );
  }
  const sealed = listNames(shared.filter(({ subset }) => subset === 'TEST'));
  if (sealed.length === 0 || isTestOpen) return;
  throw new AppError(
    'SEALED',
    `'${datasetName}' holds ${sealed.length} patients of TEST of run '${runName}', which is sealed (${shortenList(sealed)}): open TEST first.`,
  );
}

/**
 * Sides match where the classes have the same names, or where both tasks call their positive side the same.
 * @throws AppError BAD_INPUT that says what each calls positive
 */
export function checkSides(home: ExamTask, exam: ExamTask & { datasetName: string; name: string }): void {
  const isNamedAlike = normalise(home.positiveName) === normalise(exam.positiveName);
  if (isNamedAlike || haveSameSides(home, exam)) return;
  throw new AppError(
    'BAD_INPUT',
    `Task '${exam.name}' of '${exam.datasetName}' asks for '${exam.positiveName}', the model for '${home.positiveName}': their sides do not match. Give that dataset a task whose positive side is called '${home.positiveName}'.`,
  );
}

function normalise(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

function listNames(shared: readonly SharedPatient[]): string[] {
  return [...new Set(shared.map(({ patientKey }) => patientKey))].sort();
}

function shortenList(names: readonly string[]): string {
  const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : '';
  return `${names.slice(0, NAMED_MAX).join(', ')}${more}`;
}
