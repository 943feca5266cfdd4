/**
 * Artifacts for work that should wait rather than fail: while the disk is full or the store is unreachable, storing and reading
 * are retried until they succeed, and the reason is reported.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore } from './artifacts.ts';

const RETRY_INTERVAL_MS = 1_000;

/**
 * `onWait` gets the reason when a wait begins or the reason changes, and null when it is over. Sources that are
 * streams are tried once: they cannot be read again.
 */
export function waitForArtifacts(
  artifacts: ArtifactStore,
  onWait: (reason: string | null) => void,
): ArtifactStore {
  async function insist<T>(act: () => Promise<T>): Promise<T> {
    for (let lastReason: string | null = null; ; ) {
      try {
        const done = await act();
        if (lastReason !== null) onWait(null);
        return done;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (error.message !== lastReason) onWait(error.message);
        lastReason = error.message;
        await delay(RETRY_INTERVAL_MS);
      }
    }
  }
  return {
    ...artifacts,
    put: (source, mediaType) =>
      source instanceof Uint8Array
        ? insist(() => artifacts.put(source, mediaType))
        : artifacts.put(source, mediaType),
    putFile: (path, mediaType) => insist(() => artifacts.putFile(path, mediaType)),
    read: (hash) => insist(() => artifacts.read(hash)),
    has: (hash) => insist(() => artifacts.has(hash)),
    open: (hash, range) => insist(() => artifacts.open(hash, range)),
    verify: (hash) => insist(() => artifacts.verify(hash)),
  };
}

/** A full disk, or a store that is unreachable or overloaded: not the caller's fault. */
function isPassing(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'UNAVAILABLE';
}
