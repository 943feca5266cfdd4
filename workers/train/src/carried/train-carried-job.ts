/**
 * Trains a carried job on a machine that reaches no platform: the trainer's process is the same, and its reports go into
 * a folder in place of the database. Killed anywhere, it goes on from the last checkpoint when it is started again.
 */
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { AUTO_BACKEND, type BackendName } from '@microtome/domain/run/backends';
import { listKeptEpochs } from '@microtome/domain/run/kept-checkpoints';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { isProcessAlive } from '@microtome/store/embedded/process-identity';
import { chooseBackend } from '../detection/detect-backends.ts';
import { readTrainerEnv, readWorkerEnv } from '../env.ts';
import type { TrainerMessage, TrainingResult } from '../protocol/trainer-messages.ts';
import type { TrainingJob } from '../protocol/training-job.ts';
import { describeDeath, isWorthRetrying, startTrainer } from '../supervisor/trainer-child.ts';
import { type CarriedJob, digestJob, readJobFile } from './carried-job.ts';
import {
  describeArtifacts,
  type Journal,
  type JournalLine,
  openJournal,
  readResult,
  writeResult,
} from './carried-result.ts';
import { printProgress } from './print-progress.ts';

const ERROR_OUTPUT_LENGTH = 2000;
const LOCK_NAME = 'lock';

type CarriedRequest = {
  /** The file that `export-job` wrote. */
  jobFile: string;
  /** The folder in which the result grows; the same one goes on with it. */
  outDir: string;
  /** Aborted: stop behind the next checkpoint. */
  signal: AbortSignal;
};

type Ending =
  | { kind: 'finished'; result: TrainingResult }
  | { kind: 'failed'; message: string }
  | { kind: 'stopped' };

/** @throws AppError when the job cannot be read, the folder is another job's, or the trainer's process died */
export async function trainCarriedJob(request: CarriedRequest): Promise<Ending['kind']> {
  const outDir = resolve(request.outDir);
  await mkdir(outDir, { recursive: true });
  const unlock = await lockDir(outDir);
  try {
    if (await readResult(outDir)) {
      console.log(`The result in ${outDir} is whole already: take it to the platform.`);
      return 'finished';
    }
    return await trainInto(outDir, request);
  } finally {
    await unlock();
  }
}

async function trainInto(outDir: string, { jobFile, signal }: CarriedRequest): Promise<Ending['kind']> {
  const artifacts = openArtifactStore(describeArtifacts(outDir));
  console.log(`Reading ${jobFile}`);
  const carried = await readJobFile(jobFile, artifacts);
  const journal = await openJournal(outDir);
  try {
    await claimJournal(journal, { outDir, digest: digestJob(carried) });
    const epochs = listEpochs(journal.lines);
    const job = await prepareJob(carried, { artifactUrl: artifacts.url, epochs });
    console.log(`Training '${carried.runName}' on ${job.backend}${describeStart(epochs.length)}`);
    const ending = await runTrainer({ job, journal, epochs, artifacts, signal });
    if (ending.kind === 'stopped') {
      console.log('Stopped behind a checkpoint: the same command goes on from there.');
      return ending.kind;
    }
    await finish(outDir, { carried, ending, epochs, artifacts });
    return ending.kind;
  } finally {
    await journal.close();
  }
}

/** The folder belongs to the job that it was begun with. */
async function claimJournal(
  journal: Journal,
  { outDir, digest }: { outDir: string; digest: string },
): Promise<void> {
  const [first] = journal.lines;
  if (!first) await journal.add({ kind: 'job', digest });
  else if (first.kind !== 'job' || first.digest !== digest) {
    throw new AppError('CONFLICT', `${outDir} holds the beginning of another job: choose an empty folder.`);
  }
}

type Epoch = Extract<JournalLine, { kind: 'epoch' }>['report'];

/** An epoch that was computed again, because its checkpoint was damaged, stands where it stood. */
function listEpochs(lines: readonly JournalLine[]): Epoch[] {
  const epochs: Epoch[] = [];
  for (const line of lines) if (line.kind === 'epoch') epochs[line.report.epoch - 1] = line.report;
  return epochs;
}

async function prepareJob(
  { runName: _, backend, pixels, ...job }: CarriedJob,
  { artifactUrl, epochs }: { artifactUrl: string; epochs: readonly Epoch[] },
): Promise<TrainingJob> {
  const env = readWorkerEnv();
  return {
    ...job,
    attempt: 1,
    backend: await pickBackend(backend === AUTO_BACKEND ? env.backend : backend),
    threads: env.threads,
    pixels: { artifactUrl, ...pixels },
    checkpointHashes: [
      ...epochs.map(({ checkpoint }) => checkpoint.hash).toReversed(),
      ...job.checkpointHashes,
    ],
  };
}

function pickBackend(request: Parameters<typeof chooseBackend>[0]): Promise<BackendName> {
  return chooseBackend(request, readTrainerEnv());
}

function describeStart(epochsDone: number): string {
  return epochsDone > 0 ? `, on from epoch ${epochsDone}` : '';
}

type Training = {
  job: TrainingJob;
  journal: Journal;
  epochs: Epoch[];
  artifacts: ArtifactStore;
  signal: AbortSignal;
};

/** Resolves when the trainer is gone and all that it said is on the disk. */
async function runTrainer({ job, journal, epochs, artifacts, signal }: Training): Promise<Ending> {
  const { promise: ended, resolve: end, reject } = Promise.withResolvers<Ending>();
  let written: Promise<void> = Promise.resolve();
  const keep = async (fact: Exclude<JournalLine, { kind: 'job' }>) => {
    await journal.add(fact);
    if (fact.kind !== 'epoch') return;
    epochs[fact.report.epoch - 1] = fact.report;
    await dropOldCheckpoints(artifacts, epochs);
  };
  const progress = printProgress(job.hyperparameters);
  let errorOutput = '';
  const child = startTrainer<TrainerMessage>({
    work: { kind: 'train', job },
    env: readTrainerEnv(),
    onMessage(message) {
      progress.show(message);
      if (message.kind === 'started' || message.kind === 'log' || message.kind === 'epoch') {
        written = written.then(() => keep(message));
        written.catch(reject);
      } else if (message.kind === 'finished') end(message);
      else if (message.kind === 'failed') {
        if (isWorthRetrying(message)) reject(new AppError('UNAVAILABLE', message.message));
        else end({ kind: 'failed', message: message.message });
      } else if (message.kind === 'handedOver') end({ kind: 'stopped' });
    },
    onErrorOutput(text) {
      errorOutput = (errorOutput + text).slice(-ERROR_OUTPUT_LENGTH);
    },
  });
  void child.ended.then((death) => reject(new AppError('UNAVAILABLE', describeDeath(death, errorOutput))));
  if (signal.aborted) child.askHandOver();
  else signal.addEventListener('abort', () => child.askHandOver(), { once: true });
  try {
    const ending = await ended;
    await written;
    return ending;
  } finally {
    await child.terminate();
  }
}

async function dropOldCheckpoints(artifacts: ArtifactStore, epochs: readonly Epoch[]): Promise<void> {
  const kept = new Set(listKeptEpochs(epochs).map(({ checkpoint }) => checkpoint.hash));
  for (const { checkpoint } of epochs) {
    if (!kept.has(checkpoint.hash)) await artifacts.delete(checkpoint.hash);
  }
}

/** What only the training needed goes, so that a folder is carried back with nothing but the result. */
async function finish(
  outDir: string,
  {
    carried,
    ending,
    epochs,
    artifacts,
  }: {
    carried: CarriedJob;
    ending: Exclude<Ending, { kind: 'stopped' }>;
    epochs: readonly Epoch[];
    artifacts: ArtifactStore;
  },
): Promise<void> {
  const made = ending.kind === 'finished' ? Object.values(ending.result.files) : [];
  const checkpoints = listKeptEpochs(epochs).map(({ checkpoint }) => checkpoint);
  const files = [...new Map([...made, ...checkpoints].map((file) => [file.hash, file])).values()];
  await writeResult(outDir, { runId: carried.runId, jobDigest: digestJob(carried), files, outcome: ending });
  const kept = new Set(files.map(({ hash }) => hash));
  for await (const { hash } of artifacts.list()) if (!kept.has(hash)) await artifacts.delete(hash);
  console.log(
    ending.kind === 'failed'
      ? `The run failed: ${ending.message}`
      : `Done. Carry ${outDir} to the platform and take it in there: npm run import-result -- FOLDER`,
  );
}

/** One process at a time works in a folder. @throws AppError CONFLICT */
async function lockDir(outDir: string): Promise<() => Promise<void>> {
  const path = join(outDir, LOCK_NAME);
  const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (holder > 0 && holder !== process.pid && isProcessAlive(holder)) {
    throw new AppError('CONFLICT', `Process ${holder} works in ${outDir} already.`);
  }
  const file = await open(path, 'w');
  await file.writeFile(String(process.pid)).finally(() => file.close());
  return () => rm(path, { force: true });
}
