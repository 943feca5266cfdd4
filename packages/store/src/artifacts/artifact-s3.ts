/**
 * Artifacts as objects of an S3 bucket, for workers on several machines. Keys are `<prefix>/ab/cdef…`. An object
 * appears whole or not at all by S3's own rules; bytes are spooled to a local file first, because their hash is the key.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { AppError } from '@microtome/domain/app-error';
import { diskFull, isDiskFull } from '../disk-fault.ts';
import { isNetworkFault } from '../network-fault.ts';
import { checkArtifactHash } from './artifact-hash.ts';
import type { ArtifactRef, ArtifactSource, ByteRange, StoredArtifact, StoredBytes } from './artifacts.ts';
import { readFileChunks } from './file-chunks.ts';
import { refineStoredAt } from './stored-at.ts';

const DEFAULT_REGION = 'us-east-1';
const HASH_LENGTH = 64;
/** Metadata of an object: when it was stored by the clock of whoever stored it. */
const STORED_AT = 'stored-at';
/** A bucket tells whole seconds. */
const CLOCK_STEP_MS = 1000;

/** If left out, the AWS SDK finds them itself (environment, profile, instance). */
export type S3Credentials = { accessKeyId?: string; secretAccessKey?: string };

type Bucket = { client: S3Client; bucket: string; prefix: string };

/** `s3://bucket/prefix?endpoint=https://…&region=…`; an endpoint means path-style addresses. */
export function openS3Artifacts(url: string, { accessKeyId, secretAccessKey }: S3Credentials): StoredBytes {
  const place = openBucket(url, { accessKeyId, secretAccessKey });
  const put = (source: ArtifactSource, mediaType: string) => putSource(place, { source, mediaType });
  return {
    url,
    put,
    putFile: (path, mediaType) => put(readFileChunks(path), mediaType),
    open: (hash, range) => openObject(place, hash, range),
    read: async (hash) => buffer(await openObject(place, hash, undefined)),
    has: async (hash) => (await findStoredAt(place, hash)) !== null,
    findLocalPath: () => null,
    delete: (hash, unlessStoredAfter) => deleteObject(place, hash, unlessStoredAfter),
    list: () => listObjects(place),
    // An interrupted multipart upload is no object; a lifecycle rule of the bucket removes it.
    removeUnfinished: async () => {},
  };
}

function openBucket(url: string, { accessKeyId, secretAccessKey }: S3Credentials): Bucket {
  const { hostname, pathname, searchParams } = new URL(url);
  const endpoint = searchParams.get('endpoint');
  const client = new S3Client({
    region: searchParams.get('region') ?? DEFAULT_REGION,
    // Checksums in trailers are not understood by every S3-compatible store; the hash is checked by its name.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  });
  return { client, bucket: hostname, prefix: pathname.replace(/^\/+|\/+$/g, '') };
}

function keyOf({ prefix }: Bucket, hash: string): string {
  checkArtifactHash(hash);
  return [prefix, hash.slice(0, 2), hash.slice(2)].filter(Boolean).join('/');
}

type PutRequest = { source: ArtifactSource; mediaType: string };

/** Uploads even what is stored already: that makes it young again, so that no sweep takes it before a row names it. */
async function putSource(place: Bucket, { source, mediaType }: PutRequest): Promise<ArtifactRef> {
  const spool = join(tmpdir(), `microtome-${randomUUID()}`);
  const hasher = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hasher.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  try {
    const chunks = source instanceof Uint8Array ? [source] : source;
    await pipeline(Readable.from(chunks), measure, createWriteStream(spool, { flags: 'wx', mode: 0o600 }));
    const hash = hasher.digest('hex');
    const Body = createReadStream(spool);
    const params = {
      Bucket: place.bucket,
      Key: keyOf(place, hash),
      Body,
      ContentType: mediaType,
      Metadata: { [STORED_AT]: new Date().toISOString() },
    };
    await new Upload({ client: place.client, params }).done().catch((error) => rethrowAway(error, place));
    return { hash, bytes, mediaType };
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(tmpdir(), 'nothing was stored', error);
    throw error;
  } finally {
    await rm(spool, { force: true });
  }
}

async function openObject(place: Bucket, hash: string, range: ByteRange | undefined): Promise<Readable> {
  const Range = range ? `bytes=${range.start}-${range.end ?? ''}` : undefined;
  try {
    const command = new GetObjectCommand({ Bucket: place.bucket, Key: keyOf(place, hash), Range });
    const { Body } = await place.client.send(command).catch((error) => rethrowAway(error, place));
    return Body as Readable;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new AppError('NOT_FOUND', `There is no artifact ${hash}.`, { cause: error });
  }
}

async function findStoredAt(place: Bucket, hash: string): Promise<Date | null> {
  try {
    const command = new HeadObjectCommand({ Bucket: place.bucket, Key: keyOf(place, hash) });
    const head = await place.client.send(command).catch((error) => rethrowAway(error, place));
    const ownTimeMs = Date.parse(head.Metadata?.[STORED_AT] ?? '');
    const stampedAt = head.LastModified ?? new Date();
    return refineStoredAt({ stampedAt, ownTimeMs, stepMs: CLOCK_STEP_MS });
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** S3 cannot compare and delete in one step; the sweep's grace period covers the moment between the two. */
async function deleteObject(
  place: Bucket,
  hash: string,
  unlessStoredAfter: Date | undefined,
): Promise<boolean> {
  const storedAt = await findStoredAt(place, hash);
  if (!storedAt || (unlessStoredAfter && storedAt > unlessStoredAfter)) return false;
  const command = new DeleteObjectCommand({ Bucket: place.bucket, Key: keyOf(place, hash) });
  await place.client.send(command).catch((error) => rethrowAway(error, place));
  return true;
}

async function* listObjects(place: Bucket): AsyncIterable<StoredArtifact> {
  const Prefix = place.prefix ? `${place.prefix}/` : undefined;
  let ContinuationToken: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket: place.bucket, Prefix, ContinuationToken });
    const page = await place.client.send(command).catch((error) => rethrowAway(error, place));
    for (const { Key = '', LastModified } of page.Contents ?? []) {
      const hash = Key.slice(Prefix?.length ?? 0).replace('/', '');
      if (hash.length === HASH_LENGTH) yield { hash, modifiedAt: LastModified ?? new Date() };
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
}

function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404;
}

/** A store that is unreachable is named: its errors would otherwise read like those of the database. */
function rethrowAway(error: unknown, { bucket }: Bucket): never {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  if (!isNetworkFault(error) && ($metadata?.httpStatusCode ?? 0) < 500) throw error;
  throw new AppError(
    'UNAVAILABLE',
    `The artifact store s3://${bucket} is not responding. Try again in a moment.`,
    { cause: error },
  );
}
