/** Names and tags that people type, checked before they are stored. */
import { AppError } from '@microtome/domain/app-error';
import { findUnprintable } from '@microtome/domain/printable-text';

/** Longest name of a dataset, split, experiment, run, metric or person. */
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

/** A name of the usual length; BAD_INPUT says whose name it is. */
export function checkName(name: string, noun = 'name'): string {
  return checkText(name, { noun, maxLength: NAME_LENGTH_MAX });
}

/** The person behind a recorded act. */
export function checkPerson(name: string = UNKNOWN_PERSON): string {
  return checkName(name);
}

/** The reason for a recorded act. */
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
