/**
 * A bucket whose client is loaded by the first call that needs it: the AWS SDK is a fifth of what a process of ours loads,
 * and most keep their artifacts in a folder.
 */
import { AppError } from '@microtome/domain/app-error';
import type { S3Credentials } from './artifact-s3.ts';
import type { StoredBytes } from './artifacts.ts';

/** @throws AppError BAD_INPUT at once where the address names no bucket */
export function openS3Late(url: string, credentials: S3Credentials): StoredBytes {
  if (!new URL(url).hostname)
    throw new AppError('BAD_INPUT', `ARTIFACT_URL is '${url}': it names no bucket.`);
  let opened: Promise<StoredBytes> | null = null;
  const bucket = () => {
    opened ??= import('./artifact-s3.ts').then(({ openS3Artifacts }) => openS3Artifacts(url, credentials));
    return opened;
  };
  return {
    url,
    put: async (source, mediaType) => (await bucket()).put(source, mediaType),
    putFile: async (path, mediaType) => (await bucket()).putFile(path, mediaType),
    open: async (hash, range) => (await bucket()).open(hash, range),
    read: async (hash) => (await bucket()).read(hash),
    has: async (hash) => (await bucket()).has(hash),
    findLocalPath: () => null,
    delete: async (hash, unlessStoredAfter) => (await bucket()).delete(hash, unlessStoredAfter),
    async *list() {
      yield* (await bucket()).list();
    },
    removeUnfinished: async (before) => (await bucket()).removeUnfinished(before),
  };
}
