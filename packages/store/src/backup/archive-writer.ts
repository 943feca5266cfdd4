/**
 * Writes an archive: a tar in zstd, under a temporary name next to its own until it is whole and on the disk. A crash
 * leaves no file under the final name, and a file that has the name is never replaced.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { AppError } from '@microtome/domain/app-error';
import { type Pack, pack } from 'tar-stream';
import { diskFull, isDiskFull } from '../disk-fault.ts';

/** Speed before size: pixels and weights hardly shrink. */
const COMPRESSION_LEVEL = 1;
/** Each piece is handed to another thread and back, which costs as much as a few of Node's usual 16 KB. */
const CHUNK_BYTES = 1024 * 1024;

export type ArchiveEntries = { add(name: string, bytes: Uint8Array): Promise<void> };

/**
 * Gives the size of the file, in bytes.
 * @throws AppError CONFLICT when there is a file of that name, NOT_FOUND without its folder, UNAVAILABLE when the disk is
 * full
 */
export async function writeArchive(
  path: string,
  { fill, signal }: { fill(entries: ArchiveEntries): Promise<void>; signal?: AbortSignal },
): Promise<number> {
  await refuseTaken(path);
  const unfinished = `${path}.${randomUUID()}.unfinished`;
  try {
    await writeUnfinished(unfinished, { fill, signal });
    const file = await open(unfinished, 'r+');
    await file.sync().finally(() => file.close());
    const { size } = await stat(unfinished);
    await giveName(unfinished, path);
    return size;
  } catch (error) {
    throw describeFault(error, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function writeUnfinished(
  unfinished: string,
  { fill, signal }: { fill(entries: ArchiveEntries): Promise<void>; signal?: AbortSignal },
): Promise<void> {
  const tar = pack();
  const failed = new AbortController();
  const compress = createZstdCompress({
    chunkSize: CHUNK_BYTES,
    params: {
      [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  const written = pipeline(tar, compress, createWriteStream(unfinished, { flags: 'wx', mode: 0o600 }), {
    signal,
  });
  written.catch((error: unknown) => failed.abort(error));
  const add = async (name: string, bytes: Uint8Array) => {
    failed.signal.throwIfAborted();
    await addEntry(tar, { name, bytes, signal: failed.signal });
  };
  try {
    await fill({ add });
    tar.finalize();
  } catch (error) {
    // Looked at first: the archive fails now too, for no reason of its own.
    const reason: unknown = failed.signal.aborted ? failed.signal.reason : error;
    tar.destroy();
    await written.catch(() => undefined);
    throw reason;
  }
  await written;
}

/** Resolves when the archive has taken it, so that no more than one entry waits in memory. */
function addEntry(
  tar: Pack,
  { name, bytes, signal }: { name: string; bytes: Uint8Array; signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const entry = tar.entry({ name, size: bytes.length, mode: 0o600 }, (error) => {
      signal.removeEventListener('abort', onAbort);
      if (error) reject(error);
      else resolve();
    });
    entry.end(bytes);
  });
}

async function refuseTaken(path: string): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there) throw taken(path);
  const folder = await stat(dirname(resolve(path))).catch(() => null);
  if (!folder?.isDirectory())
    throw new AppError('NOT_FOUND', `There is no folder ${dirname(resolve(path))} to write a backup to.`);
}

/** A link fails where the name is taken meanwhile; where the disk knows no links, the file is renamed. */
async function giveName(unfinished: string, path: string): Promise<void> {
  try {
    await link(unfinished, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw taken(path);
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code ?? '')) throw error;
    await refuseTaken(path);
    await rename(unfinished, path);
  }
  if (process.platform === 'win32') return;
  const folder = await open(dirname(resolve(path)), 'r');
  await folder.sync().finally(() => folder.close());
}

function taken(path: string): AppError {
  return new AppError(
    'CONFLICT',
    `${path} is there already. Choose another name: a backup replaces no file.`,
  );
}

function describeFault(error: unknown, path: string): unknown {
  if (!isDiskFull(error)) return error;
  return diskFull(dirname(resolve(path)), `${basename(path)} was not written`, error);
}
