/** Opens the source of an import, whichever kind it is, and says in a sentence why it cannot be opened. */
import { open, realpath, stat } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { printablePath } from '../refusal.ts';
import { createFolderSource } from './folder-source.ts';
import { describeOpenError, type PatchSource } from './patch-source.ts';
import { createZipSource } from './zip-source.ts';

const ZIP_SIGNATURES = ['PK\u0003\u0004', 'PK\u0005\u0006'];

/**
 * Opens a folder or a zip file, told apart by what is there and not by its name.
 * @throws AppError NOT_FOUND, FORBIDDEN or BAD_INPUT with a sentence that names the path
 */
export async function openPatchSource(path: string): Promise<PatchSource> {
  const shown = printablePath(path);
  if (path.includes('\0')) throw new AppError('BAD_INPUT', `"${shown}" is not a path.`);
  try {
    const location = await realpath(path);
    const status = await stat(location);
    if (status.isDirectory()) return createFolderSource(location);
    if (!status.isFile()) throw new AppError('BAD_INPUT', `${shown} is neither a folder nor a zip file.`);
    if (!(await startsLikeZip(location))) {
      throw new AppError('BAD_INPUT', `${shown} is neither a folder nor a zip file.`);
    }
    return await createZipSource(location);
  } catch (error) {
    throw describeOpenError(error, shown);
  }
}

async function startsLikeZip(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && ZIP_SIGNATURES.includes(buffer.toString('latin1'));
  } finally {
    await handle.close();
  }
}
