/** What people type into names and tags, checked before it is kept. */
import { AppError } from '@microtome/domain/app-error';

const TAGS_MAX = 50;
const TAG_LENGTH_MAX = 60;

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

/** Trimmed, each once, in the order given. */
export function checkTags(tags: readonly string[]): string[] {
  const checked = [...new Set(tags.map((tag) => checkText(tag, { noun: 'tag', maxLength: TAG_LENGTH_MAX })))];
  if (checked.length > TAGS_MAX) {
    throw new AppError('BAD_INPUT', `There are ${checked.length} tags: a run takes at most ${TAGS_MAX}.`);
  }
  return checked;
}
