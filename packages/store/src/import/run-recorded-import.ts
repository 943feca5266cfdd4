/**
 * Runs an import that has a row: writes its progress and heartbeat, obeys a cancel request, and records how it
 * ended. The command line runs this in its own process, the API in a child.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@microtome/domain/app-error';
import { freeUnlessHeld } from '../artifacts/artifact-hold.ts';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import { deleteUnnamedFiles } from '../artifacts/free-artifacts.ts';
import type { Database } from '../database/database.ts';
import { outlastDatabaseFaults } from '../database/database-faults.ts';
import { type ImportOutcome, importDataset } from './import-dataset.ts';
import type { ImportOptions } from './import-options.ts';
import { findSuccess, recordEnd, recordSuccess, writeProgress } from './import-record.ts';
import { type ImportProgress, PROGRESS_INTERVAL_MS } from './progress-meter.ts';
import { printablePath } from './refusal.ts';

const HEARTBEAT_INTERVAL_MS = 1000;

type RecordedImport = {
  database: Database;
  artifacts: ArtifactStore;
  importId: string;
  options: ImportOptions;
  /** Aborted from outside (a signal, a lost parent); an AppError as its reason is what the row then says. */
  signal: AbortSignal;
  onProgress?: (progress: ImportProgress) => void;
};

/**
 * Runs the import to its end; a database that is away meanwhile is waited for. Rejects as `importDataset` does, after the
 * row says so and what was stored is freed. Needs two connections.
 */
export async function runRecordedImport(recorded: RecordedImport): Promise<ImportOutcome> {
  const { database, artifacts, importId, options } = recorded;
  const { isNameChosen, name, ...choices } = options;
  const { path } = options;
  const stopped = new AbortController();
  const signal = AbortSignal.any([recorded.signal, stopped.signal]);
  const reporter = startReporter({ recorded, stopped });
  const stored: StoredFiles = new Map();
  try {
    const outcome = await importDataset({
      database,
      artifacts: rememberStored(artifacts, stored),
      ...choices,
      signal,
      name: isNameChosen ? name : undefined,
      onProgress(progress) {
        reporter.report(progress);
        recorded.onProgress?.(progress);
      },
      async beforeCommit(client, saved) {
        await reporter.pause();
        if (await recordSuccess(client, { importId, saved })) return saved;
        const before = await findSuccess(client, importId);
        if (!before) throw canceled(path);
        return before;
      },
      afterRollback: reporter.resume,
    });
    await reporter.stop();
    return outcome;
  } catch (error) {
    await reporter.stop();
    await freeStored(recorded, stored);
    const end = () => recordEnd(database, { importId, ...describeEnd(error) });
    await outlastDatabaseFaults(end, recorded.signal);
    throw error;
  }
}

/** By their hashes: how long each is, and when it was stored. */
type StoredFiles = Map<string, { bytes: bigint; namedAt: Date }>;

function rememberStored(artifacts: ArtifactStore, stored: StoredFiles): ArtifactStore {
  return {
    ...artifacts,
    async put(source, mediaType) {
      const ref = await artifacts.put(source, mediaType);
      stored.set(ref.hash, { bytes: BigInt(ref.bytes), namedAt: new Date() });
      return ref;
    },
  };
}

/** What cannot be freed now, because a backup reads it or this process is to end, is left to the sweep. */
async function freeStored(
  { database, artifacts, importId, signal }: RecordedImport,
  stored: StoredFiles,
): Promise<void> {
  if (stored.size === 0) return;
  const files = [...stored].map(([hash, file]) => ({ hash, ...file }));
  const free = () => deleteUnnamedFiles({ database, artifacts }, files, { endedImportId: importId });
  await outlastDatabaseFaults(() => freeUnlessHeld(database.pool, free), signal).catch(() => null);
}

function canceled(path: string): AppError {
  return new AppError(
    'CANCELED',
    `The import of ${printablePath(path)} was canceled; nothing of it was kept.`,
  );
}

function describeEnd(error: unknown): { status: 'FAILED' | 'CANCELED'; error: string } {
  if (error instanceof AppError) {
    return { status: error.code === 'CANCELED' ? 'CANCELED' : 'FAILED', error: error.message };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { status: 'FAILED', error: `The import ended unexpectedly: ${detail}` };
}

/** Writes the newest progress, one write at a time, at most four times a second; a heartbeat when there is none. */
function startReporter({ recorded, stopped }: { recorded: RecordedImport; stopped: AbortController }) {
  const { database, importId, options } = recorded;
  const ended = new AbortController();
  let newest: ImportProgress | null = null;
  let isPaused = false;
  let underWay: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const progress = newest;
    newest = null;
    const tell = () => writeProgress(database, { importId, progress });
    const standing = await outlastDatabaseFaults(tell, ended.signal);
    if (standing !== 'GOES_ON') stopped.abort(canceled(options.path));
  }

  async function keepWriting(): Promise<void> {
    let idleMs = 0;
    while (!ended.signal.aborted && !stopped.signal.aborted) {
      if (!isPaused && (newest || idleMs >= HEARTBEAT_INTERVAL_MS)) {
        underWay = write();
        await underWay;
        idleMs = 0;
      }
      await delay(PROGRESS_INTERVAL_MS, undefined, { signal: ended.signal }).catch(() => {});
      idleMs += PROGRESS_INTERVAL_MS;
    }
  }

  // Without its row an import cannot be seen or stopped: it ends with the error of the write.
  const writing = keepWriting().catch((error: unknown) => {
    if (!ended.signal.aborted) stopped.abort(error);
  });
  return {
    report(progress: ImportProgress) {
      newest = progress;
    },
    /** Until `resume` nothing waits for the row, which the caller is about to lock; it tells all that there is to tell. */
    async pause() {
      isPaused = true;
      await underWay;
      if (newest) await write();
    },
    resume() {
      isPaused = false;
    },
    async stop() {
      ended.abort();
      await writing;
    },
  };
}
