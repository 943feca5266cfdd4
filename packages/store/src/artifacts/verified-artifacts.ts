/**
 * Artifacts whose bytes are checked against their name whenever they are read whole: a flipped bit, a truncated or
 * overwritten file gives an error instead of wrong results. A range cannot be checked by itself: to
 * read by ranges, call `verify` first.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore, StoredBytes } from './artifacts.ts';

/** Adds the check to a store that returns unchecked bytes. */
export function verifyReads(stored: StoredBytes): ArtifactStore {
  const describe = (hash: string) => stored.findLocalPath(hash) ?? `${hash} in ${stored.url}`;
  const openChecked = async (hash: string): Promise<Readable> =>
    readWhenAsked(await stored.open(hash), (chunks) => checkHash(chunks, hash, describe(hash)));
  return {
    ...stored,
    open: async (hash, range) =>
      range ? readWhenAsked(await stored.open(hash, range), (chunks) => chunks) : openChecked(hash),
    async read(hash) {
      const bytes = await stored.read(hash);
      if (hashBytes(bytes) !== hash) throw damaged(describe(hash), hash);
      return bytes;
    },
    async verify(hash) {
      const source = await stored.open(hash);
      const hasher = createHash('sha256');
      // The bytes are only hashed, not kept.
      await pipeline(source, hasher, { end: true });
      if (hasher.digest('hex') !== hash) throw damaged(describe(hash), hash);
    },
  };
}

/**
 * Takes nothing from the source before somebody reads: a stream may be handed on some steps before its first reader
 * listens, and a fault that comes earlier than that would end the process.
 */
function readWhenAsked(
  source: Readable,
  pass: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): Readable {
  // A connection may break in that time too; the first reader then gets the error from the source itself.
  source.on('error', () => {});
  const stream = Readable.from(pass(source), {
    objectMode: false,
    highWaterMark: source.readableHighWaterMark,
  });
  stream.once('close', () => source.destroy());
  return stream;
}

/** Passes the bytes on and fails at their end when they are not those of the hash. */
async function* checkHash(
  chunks: AsyncIterable<Uint8Array>,
  expected: string,
  place: string,
): AsyncGenerator<Uint8Array> {
  const hasher = createHash('sha256');
  for await (const chunk of chunks) {
    hasher.update(chunk);
    yield chunk;
  }
  if (hasher.digest('hex') !== expected) throw damaged(place, expected);
}

function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function damaged(place: string, hash: string): AppError {
  return new AppError(
    'DAMAGED',
    `The file ${place} is damaged: its bytes are not those that were stored. Restore it from a backup; ` +
      "'npm run verify' lists every damaged file and what depends on it.",
    { details: { hash } },
  );
}
