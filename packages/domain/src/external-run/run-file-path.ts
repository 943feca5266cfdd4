/** Where a file lies among those of its run: names with slashes between them, from no root and to no parent. */
import { AppError } from '../app-error.ts';
import { checkStorable } from '../text-rules.ts';

const PATH_LENGTH_MAX = 1_000;

/** BAD_INPUT for anything else. */
export function checkRunFilePath(path: string): string {
  checkStorable(path, 'The path of a file');
  if (path.length > PATH_LENGTH_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `The path of a file has ${path.length} characters: at most ${PATH_LENGTH_MAX} fit.`,
    );
  }
  const isPlain = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (isPlain && !path.includes('\\')) return path;
  throw new AppError(
    'BAD_INPUT',
    `'${path}' is no path within a run: it is made of names with '/' between them.`,
  );
}

/** A folder: the empty text is all of the run's files. */
export function checkRunFolder(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? '' : checkRunFilePath(trimmed);
}
