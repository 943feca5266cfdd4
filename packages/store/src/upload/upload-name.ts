/** What a file that is sent may be called: a .zip, without a folder, and nothing that misleads. */
import { AppError } from '@microtome/domain/app-error';
import { checkText } from '@microtome/domain/text-rules';

export function checkUploadName(typed: string): string {
  const name = checkText(typed, 'fileName');
  if (/[/\\]/.test(name) || name.startsWith('.'))
    throw new AppError(
      'BAD_INPUT',
      `'${name}' is no name of a file: it has a folder in it, or begins with a dot.`,
    );
  if (!name.toLowerCase().endsWith('.zip'))
    throw new AppError('BAD_INPUT', `'${name}' is no .zip: put the patches, with their folders, into one.`);
  return name;
}
