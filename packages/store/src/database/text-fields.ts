/** What people type into names and tags, checked before it is kept. */
import { AppError } from '@microtome/domain/app-error';

/** Of what people call data sets, splits, experiments, runs, metrics and themselves. */
export const NAME_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 2_000;
const TAGS_MAX = 50;
const TAG_LENGTH_MAX = 60;
const UNKNOWN_PERSON = 'unknown';

/** The text without blanks around it; BAD_INPUT when nothing is left or when it is too long. */
export function checkText(text: string, { noun, maxLength }: { noun: string; maxLength: number }): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new AppError('BAD_INPUT', `The ${noun} is empty.`);
  if (trimmed.length > maxLength) {
    throw new AppError(
      'BAD_INPUT',
      `The ${noun} has ${trimmed.length} characters: at most ${maxLength} fit.`,
    );
  }
  return trimmed;
}

/** A name of usual length; BAD_INPUT says what it is the name of. */
export function checkName(name: string, noun = 'name'): string {
  return checkText(name, { noun, maxLength: NAME_LENGTH_MAX });
}

/** Who does something that stays on record. */
export function checkPerson(name: string = UNKNOWN_PERSON): string {
  return checkName(name);
}

/** Why something is done that stays on record. */
export function checkReason(reason: string): string {
  return checkText(reason, { noun: 'reason', maxLength: REASON_LENGTH_MAX });
}

/** Trimmed, each once, in the order given. */
export function checkTags(tags: readonly string[]): string[] {
  const checked = [...new Set(tags.map((tag) => checkText(tag, { noun: 'tag', maxLength: TAG_LENGTH_MAX })))];
  if (checked.length > TAGS_MAX) {
    throw new AppError('BAD_INPUT', `There are ${checked.length} tags: a run takes at most ${TAGS_MAX}.`);
  }
  return checked;
}
