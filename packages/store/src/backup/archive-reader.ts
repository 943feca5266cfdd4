/** Reads an archive entry by entry, in its order, in little memory. What no archive-writer wrote is refused in a sentence. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { AppError } from '@microtome/domain/app-error';
import { extract } from 'tar-stream';

const CHUNK_BYTES = 1024 * 1024;

export type ArchiveEntry = { name: string; bytes: number; content: AsyncIterable<Uint8Array> };

type Reading = {
  /** Reads the content to its end. */
  visit(entry: ArchiveEntry): Promise<void>;
  /** Of the file, as it lies on the disk. */
  onBytes?(bytes: number): void;
  signal?: AbortSignal;
};

/** @throws AppError NOT_FOUND, BAD_INPUT for what is no file, DAMAGED, and whatever `visit` throws */
export async function readArchive(path: string, { visit, onBytes, signal }: Reading): Promise<void> {
  await requireFile(path);
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const decompress = createZstdDecompress({ chunkSize: CHUNK_BYTES });
  const entries = extract();
  let broken: unknown = null;
  let visitFailed = false;
  // A visit that fails ends the streams, and the streams then fail too: only what fails first is the reason.
  for (const stream of [decompress, entries] as const) {
    stream.once('error', (error: unknown) => {
      if (!visitFailed) broken ??= error;
    });
  }
  if (onBytes) source.on('data', (chunk) => onBytes(chunk.length));
  const feeding = pipeline(source, decompress, entries, { signal });
  const walking = (async () => {
    for await (const entry of entries) {
      const { name, size = 0 } = entry.header;
      try {
        await visit({ name, bytes: size, content: entry as AsyncIterable<Uint8Array> });
      } catch (error) {
        visitFailed ||= broken === null;
        throw error;
      }
    }
  })();
  const [fed, walked] = await Promise.allSettled([feeding, walking]);
  signal?.throwIfAborted();
  if (visitFailed && walked.status === 'rejected') throw walked.reason;
  if (broken !== null) throw damaged(path, broken);
  if (walked.status === 'rejected') throw walked.reason;
  if (fed.status === 'rejected') throw fed.reason;
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new AppError('NOT_FOUND', `There is no file ${path}.`);
  if (!found.isFile()) throw new AppError('BAD_INPUT', `${path} is no file, so it is no backup.`);
}

function damaged(path: string, cause: unknown): AppError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    'DAMAGED',
    `${path} is cut off, damaged, or no backup of Microtome (${detail}). Nothing was restored.`,
    { cause },
  );
}
