/**
 * Artifacts as files of one folder, `ab/cdef…`. A file is written under another name, flushed to the disk and renamed,
 * so that a file that bears a hash is always whole.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { diskFull, isDiskFull } from '../disk-fault.ts';
import { checkArtifactHash } from './artifact-hash.ts';
import type { ArtifactRef, ArtifactSource, ByteRange, StoredArtifact, StoredBytes } from './artifacts.ts';
import { readFileChunks } from './file-chunks.ts';
import { refineStoredAt } from './stored-at.ts';

const UNFINISHED_DIR = 'unfinished';
/** Twice what the slowest kernels let a file's clock stand still. */
const CLOCK_STEP_MS = 20;
/** The name of a file within its folder; a longer name was moved aside by an interrupted delete. */
const NAME_LENGTH = 62;
/** Of a stream at once: in Node's usual 64 KB a check against the hash takes half as long again. */
const READ_BYTES = 512 * 1024;
/**
 * Hashed and written at once, while the processor still has them at hand: a shard by the megabyte takes half as long again,
 * in one piece twice as long.
 */
const WRITE_BYTES = 256 * 1024;

/** `url` is `file:` and an absolute or relative path, or a proper file URL. */
export function openFileArtifacts(url: string): StoredBytes {
  const rootDir = url.startsWith('file://') ? fileURLToPath(url) : resolve(url.slice('file:'.length));
  const pathOf = (hash: string) => {
    checkArtifactHash(hash);
    return join(rootDir, hash.slice(0, 2), hash.slice(2));
  };
  const put = (source: ArtifactSource, mediaType: string) =>
    putSource({ rootDir, pathOf, source, mediaType });
  return {
    url: `file:${rootDir}`,
    put,
    putFile: (path, mediaType) => put(readFileChunks(path), mediaType),
    open: async (hash, range) => openFile(pathOf(hash), hash, range),
    read: async (hash) => readFile(pathOf(hash)).catch((error) => rethrowMissing(error, hash)),
    has: async (hash) => isThere(pathOf(hash)),
    findLocalPath: pathOf,
    delete: async (hash, unlessStoredAfter) => deleteFile(pathOf(hash), unlessStoredAfter),
    list: () => listFiles(rootDir),
    removeUnfinished: (before) => removeUnfinished(rootDir, before),
  };
}

type PutRequest = {
  rootDir: string;
  pathOf(hash: string): string;
  source: ArtifactSource;
  mediaType: string;
};

async function putSource({ rootDir, pathOf, source, mediaType }: PutRequest): Promise<ArtifactRef> {
  const unfinished = join(rootDir, UNFINISHED_DIR, randomUUID());
  try {
    await mkdir(dirname(unfinished), { recursive: true });
    const { hash, bytes } = await writeHashed(unfinished, source);
    const path = pathOf(hash);
    // An existing file is replaced too: the new one is known to be whole, and it is young, so the sweep leaves
    // it alone until a row names it.
    await mkdir(dirname(path), { recursive: true });
    await rename(unfinished, path);
    await flushDir(dirname(path));
    return { hash, bytes, mediaType };
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(rootDir, 'nothing was stored', error);
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function writeHashed(path: string, source: ArtifactSource): Promise<{ hash: string; bytes: number }> {
  const hasher = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o644);
  try {
    for await (const chunk of source instanceof Uint8Array ? listPieces(source) : source) {
      hasher.update(chunk);
      await writeAll(file, chunk);
      bytes += chunk.length;
    }
    const { mtime: stampedAt } = await file.stat();
    const storedAt = refineStoredAt({ stampedAt, ownTimeMs: Date.now(), stepMs: CLOCK_STEP_MS });
    await file.utimes(storedAt, storedAt);
    await file.sync();
  } finally {
    await file.close();
  }
  return { hash: hasher.digest('hex'), bytes };
}

function* listPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += WRITE_BYTES)
    yield bytes.subarray(start, start + WRITE_BYTES);
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < chunk.length) {
    const { bytesWritten } = await file.write(chunk, offset);
    offset += bytesWritten;
  }
}

/** A rename survives a power cut only once its folder is flushed too; Windows cannot open folders and need not. */
async function flushDir(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const dir = await open(path, 'r');
  await dir.sync().finally(() => dir.close());
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function openFile(path: string, hash: string, range: ByteRange | undefined): Promise<Readable> {
  const file = await open(path, 'r').catch((error) => rethrowMissing(error, hash));
  const { start = 0, end } = range ?? {};
  const stream: ReadStream = file.createReadStream({ start, end, highWaterMark: READ_BYTES });
  return stream;
}

function rethrowMissing(error: unknown, hash: string): never {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  throw new AppError('NOT_FOUND', `There is no artifact ${hash}.`, { cause: error });
}

/**
 * Moves the file aside before it checks the age, so that a process that stores the same bytes meanwhile either finds
 * the file and touches it in time (then it is put back), or does not find it and writes it again.
 */
async function deleteFile(path: string, unlessStoredAfter: Date | undefined): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  if (unlessStoredAfter && (await stat(aside)).mtime > unlessStoredAfter) {
    await rename(aside, path);
    return false;
  }
  await unlink(aside);
  return true;
}

async function* listFiles(rootDir: string): AsyncIterable<StoredArtifact> {
  for (const prefix of await readdirIfThere(rootDir)) {
    if (prefix.length !== 2) continue;
    for (const name of await readdirIfThere(join(rootDir, prefix))) {
      if (name.length !== NAME_LENGTH) continue;
      const file = await stat(join(rootDir, prefix, name)).catch(() => null);
      if (file) yield { hash: prefix + name, modifiedAt: file.mtime };
    }
  }
}

async function removeUnfinished(rootDir: string, before: Date): Promise<void> {
  for (const folder of await readdirIfThere(rootDir)) {
    for (const name of await readdirIfThere(join(rootDir, folder))) {
      if (folder.length === 2 && name.length <= NAME_LENGTH) continue;
      const path = join(rootDir, folder, name);
      const file = await stat(path).catch(() => null);
      if (file && file.mtime < before) await rm(path, { force: true });
    }
  }
}

async function readdirIfThere(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
