/**
 * Runs an import that has a row: writes its progress and heartbeat, obeys a cancel request, and records how it
 * ended. The command line runs this in its own process, the API in a child.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import type { Database } from '../database/database.ts';
import { type ImportOutcome, importDataset } from './import-dataset.ts';
import type { ImportOptions } from './import-options.ts';
import { recordEnd, recordSuccess, writeProgress } from './import-record.ts';
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

/** Runs the import to its end. Rejects as `importDataset` does, after the row says so. Needs two connections. */
export async function runRecordedImport(recorded: RecordedImport): Promise<ImportOutcome> {
  const { database, artifacts, importId, options } = recorded;
  const { isNameChosen, name, ...choices } = options;
  const { path } = options;
  const stopped = new AbortController();
  const signal = AbortSignal.any([recorded.signal, stopped.signal]);
  const reporter = startReporter({ recorded, stopped });
  try {
    return await importDataset({
      database,
      artifacts,
      ...choices,
      signal,
      name: isNameChosen ? name : undefined,
      onProgress(progress) {
        reporter.report(progress);
        recorded.onProgress?.(progress);
      },
      async beforeCommit(client, saved) {
        await reporter.stop();
        await reporter.flush();
        if (!(await recordSuccess(client, { importId, saved }))) throw canceled(path);
      },
    });
  } catch (error) {
    await reporter.stop();
    await recordEnd(database, { importId, ...describeEnd(error) });
    throw error;
  }
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
  const ended = new AbortController();
  let newest: ImportProgress | null = null;

  async function write(): Promise<void> {
    const progress = newest;
    newest = null;
    const standing = await writeProgress(recorded.database, { importId: recorded.importId, progress });
    if (standing !== 'GOES_ON') stopped.abort(canceled(recorded.options.path));
  }

  async function keepWriting(): Promise<void> {
    let idleMs = 0;
    while (!ended.signal.aborted && !stopped.signal.aborted) {
      if (newest || idleMs >= HEARTBEAT_INTERVAL_MS) {
        await write();
        idleMs = 0;
      }
      await delay(PROGRESS_INTERVAL_MS, undefined, { signal: ended.signal }).catch(() => {});
      idleMs += PROGRESS_INTERVAL_MS;
    }
  }

  // Without its row an import cannot be seen or stopped: it ends with the error of the write.
  const writing = keepWriting().catch((error: unknown) => stopped.abort(error));
  return {
    report(progress: ImportProgress) {
      newest = progress;
    },
    async stop() {
      ended.abort();
      await writing;
    },
    /** Writes what an import that was quicker than the interval has not written yet. */
    async flush() {
      if (newest) await write();
    },
  };
}
