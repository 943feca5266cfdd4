/** Sends one artifact after checking its bytes: all of it, a range, or only that the client's copy is current. */
import { pipeline } from 'node:stream/promises';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import type { Request, Response } from 'express';
import { readAccess } from '../access/access-gate.ts';

/** For what never changes under its address; kept by the browser alone where it is not for everybody. */
export function describeImmutable(response: Response): string {
  const isForAll = readAccess(response).principal.kind === 'LOCAL';
  return `${isForAll ? 'public' : 'private'}, max-age=31536000, immutable`;
}

export async function sendArtifact(sending: {
  artifacts: ArtifactStore;
  artifact: { hash: string; bytes: bigint; mediaType: string };
  request: Pick<Request, 'fresh' | 'range' | 'method'>;
  response: Response;
  /** Instead of `describeImmutable`, for an address that may name another artifact later. */
  cacheControl?: string;
}): Promise<void> {
  const { artifacts, artifact, request, response } = sending;
  // Before any header: caches keep it under its hash as immutable, so the bytes must match that hash.
  await artifacts.verify(artifact.hash);
  const size = Number(artifact.bytes);
  response.setHeader('etag', `"${artifact.hash}"`);
  response.setHeader('cache-control', sending.cacheControl ?? describeImmutable(response));
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', artifact.mediaType);
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const ranges = request.range(size, { combine: true });
  if (ranges === -1) {
    response.status(416).setHeader('content-range', `bytes */${size}`).end();
    return;
  }
  // Several ranges in one answer are not worth a multipart response: sending the whole is correct too.
  const range =
    Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined;
  if (range) response.status(206).setHeader('content-range', `bytes ${range.start}-${range.end}/${size}`);
  response.setHeader('content-length', range ? range.end - range.start + 1 : size);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(await artifacts.open(artifact.hash, range), response);
}
