/**
 * Takes the result of a carried job into the platform: every file is checked against its hash, then an attempt commits the
 * reports in their order, as a worker's would. Killed in between, it is done again: what was committed stays.
 */
import os from 'node:os';
import { join } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { claimRun, finishFailed, heartbeatRun } from '@microtome/store/run/run-lifecycle';
import { recordBackend, recordEpoch, recordLog } from '@microtome/store/run/run-recording';
import type { AttemptKey } from '@microtome/store/run/run-transitions';
import { getRun } from '@microtome/store/run/runs';
import type { Store } from '@microtome/store/store';
import { keepLease } from '../supervisor/lease.ts';
import { keepResult } from '../supervisor/run-attempt.ts';
import { digestJob } from './carried-job.ts';
import {
  type CarriedResult,
  describeArtifacts,
  type JournalLine,
  readJournal,
  readResult,
} from './carried-result.ts';
import { prepareCarriedJob } from './prepare-carried-job.ts';

type TakenResult = { runName: string; epochs: number; outcome: 'finished' | 'failed' };

/**
 * @throws AppError NOT_FOUND when there is no result or no such run; CONFLICT when the run does not wait for it;
 * BAD_INPUT when it answers another job; DAMAGED when a file is not what its hash says
 */
export async function takeResult(store: Store, dir: string): Promise<TakenResult> {
  const result = await readResult(dir);
  if (!result) {
    throw new AppError(
      'NOT_FOUND',
      `There is no result in ${dir}: the job is not over, or it is another folder.`,
    );
  }
  const lines = await readJournal(dir, result);
  const { name } = await requireExpected(store, { dir, result });
  await storeFiles(store, { dir, result });
  const run = await claimRun(store, { runId: result.runId, workerId: `carried-by-hand-${os.hostname()}` });
  if (!run) {
    const { status } = await getRun(store, result.runId);
    throw new AppError(
      'CONFLICT',
      `Run '${name}' is ${status}: its result cannot be taken in at the moment.`,
    );
  }
  const key = { runId: run.id, attempt: run.attempt };
  const lease = keepLease({ renew: () => heartbeatRun(store, key), onLoss: () => undefined });
  try {
    await commitAll(store, key, { lines, result, name });
  } finally {
    lease.stop();
  }
  const epochs = lines.filter(({ kind }) => kind === 'epoch').length;
  return { runName: name, epochs, outcome: result.outcome.kind };
}

/** The run is carried, is not over, and its job is still the one that was carried. */
async function requireExpected(store: Store, { dir, result }: { dir: string; result: CarriedResult }) {
  const run = await getRun(store, result.runId);
  const { name, status, carriedAt } = run;
  if (status !== 'QUEUED' && status !== 'RUNNING') {
    throw new AppError('CONFLICT', `Run '${name}' is ${status} already: the result in ${dir} is not needed.`);
  }
  if (!carriedAt) {
    throw new AppError(
      'CONFLICT',
      `Run '${name}' was taken back: the workers here train it, and the result in ${dir} is not needed.`,
    );
  }
  if (digestJob(await prepareCarriedJob(store, run)) !== result.jobDigest) {
    throw new AppError('BAD_INPUT', `The result in ${dir} answers another job than that of run '${name}'.`);
  }
  return run;
}

/** Stored before a row names them; if it ends here, the sweep takes them. */
async function storeFiles(
  store: Store,
  { dir, result }: { dir: string; result: CarriedResult },
): Promise<void> {
  const carried = openArtifactStore(describeArtifacts(dir));
  for (const { hash, bytes, mediaType } of result.files) {
    const stored = await store.artifacts.put(await carried.open(hash), mediaType);
    if (stored.hash !== hash || stored.bytes !== bytes) {
      throw new AppError(
        'DAMAGED',
        `The file ${hash} in ${join(dir, 'artifacts')} has ${stored.bytes} bytes, not ${bytes}.`,
      );
    }
  }
}

async function commitAll(
  store: Store,
  key: AttemptKey,
  { lines, result, name }: { lines: readonly JournalLine[]; result: CarriedResult; name: string },
): Promise<void> {
  const there = new Set(result.files.map(({ hash }) => hash));
  for (const line of lines) {
    if (await commitLine(store, key, { line, there })) continue;
    throw new AppError(
      'CONFLICT',
      `Run '${name}' was taken over meanwhile: nothing more of the result was taken in.`,
    );
  }
  const { outcome } = result;
  if (outcome.kind === 'failed') await finishFailed(store, { ...key, error: outcome.message });
  else await keepResult(store, key, outcome.result);
}

/** Says whether the attempt still holds the run. */
async function commitLine(
  store: Store,
  key: AttemptKey,
  { line, there }: { line: JournalLine; there: ReadonlySet<string> },
): Promise<boolean> {
  switch (line.kind) {
    case 'job':
      return true;
    case 'started':
      return recordBackend(store, { ...key, ...line.environment });
    case 'log':
      return recordLog(store, { ...key, line: line.line });
    case 'epoch': {
      const { checkpoint } = line.report;
      return recordEpoch(store, {
        ...key,
        ...line.report,
        checkpoint: there.has(checkpoint.hash) ? checkpoint : null,
      });
    }
  }
}
