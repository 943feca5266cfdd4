/** Opens the source of an import, whichever kind it is, and says in a sentence why it cannot be opened. */
import { realpath, stat } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { printablePath } from '../refusal.ts';
import { createFolderSource } from './folder-source.ts';
import { describeOpenError, type PatchSource } from './patch-source.ts';
import { createZipSource } from './zip-source.ts';

/**
 * Opens a folder or a zip file, told apart by what is there and not by its name.
 * @throws AppError NOT_FOUND, FORBIDDEN or BAD_INPUT with a sentence that names the path
 */
export async function openPatchSource(path: string): Promise<PatchSource> {
  const shown = printablePath(path);
  // An empty path would mean the folder in which the program happens to run.
  if (path.trim() === '') throw new AppError('BAD_INPUT', 'The path is empty.');
  if (path.includes('\0')) throw new AppError('BAD_INPUT', `"${shown}" is not a path.`);
  try {
    const location = await realpath(path);
    const status = await stat(location);
    if (status.isDirectory()) return createFolderSource(location);
    const source = status.isFile() ? await createZipSource(location) : null;
    if (source) return source;
    throw new AppError('BAD_INPUT', `${shown} is neither a folder nor a zip file.`);
  } catch (error) {
    throw describeOpenError(error, shown);
  }
}
