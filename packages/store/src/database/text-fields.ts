/** What people type into names and tags, checked before it is kept. */
import { AppError } from '@microtome/domain/app-error';
import { findUnprintable } from '@microtome/domain/printable-text';

/** Of what people call data sets, splits, experiments, runs, metrics and themselves. */
export const NAME_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 2_000;
const TAGS_MAX = 50;
const TAG_LENGTH_MAX = 60;
const LINE_BREAKS = /\r?\n|\t/g;
const UNKNOWN_PERSON = 'unknown';

type TextRule = { noun: string; maxLength: number; hasLines?: boolean };

/** The text without blanks around it; BAD_INPUT when nothing is left, when it is too long, or not what it looks like. */
export function checkText(text: string, { noun, maxLength, hasLines = false }: TextRule): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new AppError('BAD_INPUT', `The ${noun} is empty.`);
  if (trimmed.length > maxLength) {
    throw new AppError(
      'BAD_INPUT',
      `The ${noun} has ${trimmed.length} characters: at most ${maxLength} fit.`,
    );
  }
  const misleading = findUnprintable(hasLines ? trimmed.replace(LINE_BREAKS, ' ') : trimmed);
  if (misleading) {
    const what = 'which breaks lines, turns the text around or cannot be seen';
    throw new AppError('BAD_INPUT', `The ${noun} holds the character ${misleading}, ${what}.`);
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
  return checkText(reason, { noun: 'reason', maxLength: REASON_LENGTH_MAX, hasLines: true });
}

/** Trimmed, each once, in the order given. */
export function checkTags(tags: readonly string[]): string[] {
  const checked = [...new Set(tags.map((tag) => checkText(tag, { noun: 'tag', maxLength: TAG_LENGTH_MAX })))];
  if (checked.length > TAGS_MAX) {
    throw new AppError('BAD_INPUT', `There are ${checked.length} tags: a run takes at most ${TAGS_MAX}.`);
  }
  return checked;
}
