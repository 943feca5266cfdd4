/**
 * A run's job as one file that a person carries to a machine without a network: a tar with what the trainer is told, and
 * the shards and the checkpoint that it reads, each under its hash. Like a trainer's job it has no label of TEST.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { deserialize, serialize } from 'node:v8';
import { AppError } from '@microtome/domain/app-error';
import type { BackendRequest } from '@microtome/domain/run/backends';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import type { PatchLayout } from '@microtome/store/dataset/patch-layout';
import { type Extract as Archive, extract, type Pack, pack } from 'tar-stream';
import type { TrainingJob } from '../protocol/training-job.ts';

const FORMAT = 'microtome-job-1';
const JOB_NAME = 'job.bin';
const ARTIFACT_NAME = /^artifacts\/([0-9a-f]{64})$/;
/** A dataset of ten million patches has 90 MB of numbers and labels. */
const JOB_BYTES_MAX = 512 * 2 ** 20;
const MEDIA_TYPE = 'application/octet-stream';

type Entry = Archive extends AsyncIterable<infer Item> ? Item : never;

export type CarriedJob = Pick<
  TrainingJob,
  'runId' | 'hyperparameters' | 'train' | 'validation' | 'validationPlaces' | 'test' | 'checkpointHashes'
> & {
  runName: string;
  /** The backend of its checkpoint, or what the run asks for. */
  backend: BackendRequest;
  pixels: PatchLayout;
};

/**
 * Says of two jobs whether one result answers both. Where the run stands meanwhile, what computes it, and the places, which
 * the numbers of the patches tell already, are no part of it.
 */
export function digestJob(job: CarriedJob): string {
  const { runId, hyperparameters, pixels, train, validation, test } = job;
  const hash = createHash('sha256').update(JSON.stringify({ runId, hyperparameters, pixels }));
  for (const { indexes, labels, patients } of [train, validation, test]) {
    for (const column of [indexes, labels, patients]) hash.update(`:${column.length}:`).update(column);
  }
  return hash.digest('hex');
}

/** Written under another name first: the file is whole or not there. */
export async function writeJobFile(
  job: CarriedJob,
  { artifacts, path, onBytes }: { artifacts: ArtifactStore; path: string; onBytes: (bytes: number) => void },
): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const archive = pack();
  try {
    const written = pipeline(archive, createWriteStream(unfinished));
    const added = addAll(archive, { job, artifacts, onBytes });
    added.catch((error: Error) => archive.destroy(error));
    await Promise.all([added, written]);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function addAll(
  archive: Pack,
  {
    job,
    artifacts,
    onBytes,
  }: { job: CarriedJob; artifacts: ArtifactStore; onBytes: (bytes: number) => void },
): Promise<void> {
  archive.entry({ name: JOB_NAME }, serialize({ format: FORMAT, job }));
  for (const hash of listNeeded(job)) {
    const size = await countBytes(artifacts, hash);
    await pipeline(await artifacts.open(hash), archive.entry({ name: `artifacts/${hash}`, size }));
    onBytes(size);
  }
  archive.finalize();
}

/** Reads it through once, which also tells a damaged file before anything of it is packed. */
async function countBytes(artifacts: ArtifactStore, hash: string): Promise<number> {
  let bytes = 0;
  for await (const chunk of await artifacts.open(hash)) bytes += (chunk as Buffer).length;
  return bytes;
}

function listNeeded({ pixels, checkpointHashes }: CarriedJob): string[] {
  return [...new Set([...pixels.shards.map(({ artifactHash }) => artifactHash), ...checkpointHashes])];
}

/**
 * Puts the files of the job into `artifacts`, where they are not there yet.
 * @throws AppError BAD_INPUT when the file is not a job, is cut off, or a part of it is not what its hash says
 */
export async function readJobFile(path: string, artifacts: ArtifactStore): Promise<CarriedJob> {
  const archive = extract();
  const read = pipeline(createReadStream(path), archive);
  read.catch(() => undefined);
  let job: CarriedJob | null = null;
  try {
    for await (const entry of archive) {
      if (entry.header.name === JOB_NAME) job = await readJob(entry, path);
      else await keepArtifact(entry, { path, artifacts });
    }
    await read;
  } catch (error) {
    if (error instanceof AppError || (error as NodeJS.ErrnoException).code) throw explain(error, path);
    throw new AppError('BAD_INPUT', `${path} is not a job, or is cut off: ${(error as Error).message}.`);
  }
  if (!job) throw new AppError('BAD_INPUT', `${path} is not a job: it holds no ${JOB_NAME}.`);
  for (const hash of listNeeded(job)) {
    if (!(await artifacts.has(hash))) {
      throw new AppError('BAD_INPUT', `${path} is cut off: the file ${hash} of its job is not in it.`);
    }
  }
  return job;
}

function explain(error: unknown, path: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  return new AppError('NOT_FOUND', `There is no file ${path}.`, { cause: error });
}

async function readJob(entry: Entry, path: string): Promise<CarriedJob> {
  if ((entry.header.size ?? 0) > JOB_BYTES_MAX) {
    throw new AppError('BAD_INPUT', `${path} is not a job: its ${JOB_NAME} has ${entry.header.size} bytes.`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  const { format, job } = deserialize(Buffer.concat(chunks)) as { format: unknown; job: CarriedJob };
  if (format === FORMAT) return job;
  throw new AppError(
    'BAD_INPUT',
    `${path} is a job of the format '${format}', this worker reads '${FORMAT}'.`,
  );
}

async function keepArtifact(
  entry: Entry,
  { path, artifacts }: { path: string; artifacts: ArtifactStore },
): Promise<void> {
  const hash = ARTIFACT_NAME.exec(entry.header.name)?.[1];
  if (!hash) throw new AppError('BAD_INPUT', `${path} is not a job: it holds '${entry.header.name}'.`);
  if (await artifacts.has(hash)) {
    for await (const _ of entry);
    return;
  }
  const stored = await artifacts.put(entry as AsyncIterable<Uint8Array>, MEDIA_TYPE);
  if (stored.hash === hash) return;
  await artifacts.delete(stored.hash);
  throw new AppError(
    'BAD_INPUT',
    `${path} is damaged: the bytes of its file ${hash} are not those of its hash.`,
  );
}
