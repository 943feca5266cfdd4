/** What is typed behind an option, checked before anything is started. */
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** A whole number of at least `minimum`. */
export const wholeNumber = (minimum: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new InvalidArgumentError(`It has to be a whole number of at least ${minimum}.`);
  }
  return value;
};

/** The whole path. An empty one, as of a variable that is not set, is none: it would mean the working folder. */
export function givenPath(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return resolve(text);
}
