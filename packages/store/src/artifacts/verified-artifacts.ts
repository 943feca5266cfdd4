/**
 * Artifacts whose bytes are checked against their name whenever they are read whole: a flipped bit, a truncated or
 * overwritten file gives an error instead of wrong results. A range cannot be checked by itself: to
 * read by ranges, call `verify` first.
 */
import { createHash } from 'node:crypto';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore, StoredBytes } from './artifacts.ts';

/** Adds the check to a store that returns unchecked bytes. */
export function verifyReads(stored: StoredBytes): ArtifactStore {
  const describe = (hash: string) => stored.findLocalPath(hash) ?? `${hash} in ${stored.url}`;
  const openChecked = async (hash: string): Promise<Readable> => {
    const source = await stored.open(hash);
    const check = createHashCheck(hash, describe(hash));
    source.once('error', (error) => check.destroy(error));
    check.once('close', () => source.destroy());
    return source.pipe(check);
  };
  return {
    ...stored,
    open: (hash, range) => (range ? stored.open(hash, range) : openChecked(hash)),
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

/** Passes the bytes on and fails at their end when they are not those of the hash. */
function createHashCheck(expected: string, place: string): Transform {
  const hasher = createHash('sha256');
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      hasher.update(chunk);
      done(null, chunk);
    },
    flush(done: TransformCallback) {
      done(hasher.digest('hex') === expected ? null : damaged(place, expected));
    },
  });
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
