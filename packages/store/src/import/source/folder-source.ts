/**
 * A folder of patches on disk. Links are never followed, so nothing outside the folder can be read through
 * it, and only regular files are opened (a pipe or a device would block or never end).
 */
import { closeSync, constants, type Dirent, fstatSync, open, read } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@microtome/domain/app-error';
import { IMPORT_LIMITS } from '../import-limits.ts';
import { accept, type Checked, printablePath, refuse, refuseTooLarge } from '../refusal.ts';
import { describeOpenError, type PatchSource, type ScanRequest, type SourceFile } from './patch-source.ts';

const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const openFile = promisify(open);
const readFrom = promisify(read);

type Walk = ScanRequest & { root: string; files: SourceFile[] };

/** One object a file without functions of its own: a source has many. */
class FolderFile implements SourceFile {
  readonly path: string;
  readonly #root: string;

  constructor(root: string, path: string) {
    this.#root = root;
    this.path = path;
  }

  get diskPath(): string {
    return join(this.#root, this.path);
  }

  read(): Promise<Checked<Uint8Array>> {
    return readRegularFile(this.diskPath);
  }
}

/** A source over the folder at `root`, which must be a real path. */
export function createFolderSource(root: string): PatchSource {
  return {
    kind: 'folder',
    path: root,
    async scan(request) {
      const walk: Walk = { ...request, root, files: [] };
      try {
        await walkFolder(walk, { folder: root, depth: 0, entries: await listFolder(root) });
      } catch (error) {
        throw describeOpenError(error, printablePath(root));
      }
      return walk.files;
    },
    async close() {},
  };
}

/** Entries in code unit order, so that what is found first does not depend on the file system. */
async function listFolder(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function walkFolder(
  walk: Walk,
  { folder, depth, entries }: { folder: string; depth: number; entries: Dirent[] },
): Promise<void> {
  walk.signal.throwIfAborted();
  for (const entry of entries) {
    const absolute = join(folder, entry.name);
    if (entry.isFile()) addFile(walk, absolute);
    else if (entry.isDirectory()) await enterFolder(walk, absolute, depth + 1);
    else if (entry.isSymbolicLink()) {
      walk.refuse({
        path: toPath(walk, absolute),
        code: 'LINK',
        reason: 'It is a symbolic link; links are not followed.',
      });
    } else {
      walk.refuse({ path: toPath(walk, absolute), code: 'NOT_A_FILE', reason: 'It is not a regular file.' });
    }
  }
}

async function enterFolder(walk: Walk, folder: string, depth: number): Promise<void> {
  const path = `${toPath(walk, folder)}/`;
  if (depth > IMPORT_LIMITS.folderDepthMax) {
    const reason = `The folder lies more than ${IMPORT_LIMITS.folderDepthMax} folders deep and was not entered.`;
    return walk.refuse({ path, code: 'TOO_DEEP', reason });
  }
  let entries: Dirent[];
  try {
    entries = await listFolder(folder);
  } catch (error) {
    return walk.refuse({
      path,
      code: 'UNREADABLE',
      reason: `The folder cannot be read (${systemCode(error)}).`,
    });
  }
  await walkFolder(walk, { folder, depth, entries });
}

function addFile(walk: Walk, absolute: string): void {
  if (walk.files.length >= IMPORT_LIMITS.filesMax) {
    const limit = IMPORT_LIMITS.filesMax.toLocaleString('en');
    throw new AppError('BAD_INPUT', `${printablePath(walk.root)} holds more than ${limit} files.`);
  }
  const path = toPath(walk, absolute);
  walk.files.push(new FolderFile(walk.root, path));
}

function toPath(walk: Walk, absolute: string): string {
  return relative(walk.root, absolute).split(sep).join('/');
}

/**
 * The bytes of a file; a fault where there is none that ends, or a link stands in its place. Only what may wait for the
 * disk is sent to another thread: of a patch that is small, going there and back is most of the work.
 */
export async function readRegularFile(path: string): Promise<Checked<Uint8Array>> {
  let file: number | undefined;
  try {
    file = await openFile(path, OPEN_FLAGS);
    const status = fstatSync(file);
    if (!status.isFile()) return refuse('NOT_A_FILE', 'It is not a regular file.');
    if (status.size > IMPORT_LIMITS.fileBytesMax) return refuseTooLarge(status.size);
    return accept(await readBytes(file, status.size));
  } catch (error) {
    return refuse('UNREADABLE', `It cannot be read (${systemCode(error)}).`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

async function readBytes(file: number, sizeBytes: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const { bytesRead } = await readFrom(file, bytes, filled, sizeBytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
