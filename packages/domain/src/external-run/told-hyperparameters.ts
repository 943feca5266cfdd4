/**
 * Hyperparameters as an external program tells them, all at once or a few at a time. What was told stays: another value for
 * a known name is refused, the same again changes nothing.
 */
import { AppError } from '../app-error.ts';
import type { FreeHyperparameters } from '../run/run-hyperparameters.ts';
import { checkStorable } from '../text-rules.ts';

const NAMES_MAX = 2_000;
const NAME_LENGTH_MAX = 500;
const JSON_LENGTH_MAX = 2_000_000;

/** BAD_INPUT for what is no JSON object, or too much. */
export function checkHyperparameters(told: unknown): FreeHyperparameters {
  if (typeof told !== 'object' || told === null || Array.isArray(told)) {
    throw new AppError('BAD_INPUT', `The hyperparameters are ${describe(told)}: they must be a JSON object.`);
  }
  const json = JSON.stringify(told);
  if (json.length > JSON_LENGTH_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `The hyperparameters have ${json.length} characters as JSON: at most ${JSON_LENGTH_MAX} fit.`,
    );
  }
  const names = Object.keys(told);
  if (names.length > NAMES_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `There are ${names.length} hyperparameters: a run takes at most ${NAMES_MAX}.`,
    );
  }
  for (const name of names) checkName(name);
  checkTexts(told);
  return JSON.parse(json) as FreeHyperparameters;
}

/** Both together. CONFLICT that names the first one whose value would change. */
export function addHyperparameters(
  known: FreeHyperparameters,
  told: FreeHyperparameters,
  runName: string,
): FreeHyperparameters {
  for (const [name, value] of Object.entries(told)) {
    if (!(name in known) || isSame(known[name], value)) continue;
    throw new AppError(
      'CONFLICT',
      `Hyperparameter '${name}' of run '${runName}' is ${describe(known[name])} and never changes: ${describe(value)} was told.`,
    );
  }
  return checkHyperparameters({ ...known, ...told });
}

function checkName(name: string): void {
  if (name.trim() === '') throw new AppError('BAD_INPUT', 'The name of a hyperparameter is empty.');
  if (name.length <= NAME_LENGTH_MAX) return;
  throw new AppError(
    'BAD_INPUT',
    `The name of a hyperparameter has ${name.length} characters: at most ${NAME_LENGTH_MAX} fit.`,
  );
}

function checkTexts(value: unknown): void {
  if (typeof value === 'string') checkStorable(value, 'A hyperparameter');
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    checkStorable(key, 'The name of a hyperparameter');
    checkTexts(inner);
  }
}

/** As JSON values, whatever the order of their keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const [keysA, keysB] = [Object.keys(a), Object.keys(b)];
  if (Array.isArray(a) !== Array.isArray(b) || keysA.length !== keysB.length) return false;
  return keysA.every(
    (key) => key in b && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

function describe(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length <= 80 ? json : `${json.slice(0, 79)}…`;
}
