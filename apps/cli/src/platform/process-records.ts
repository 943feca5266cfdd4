/**
 * Which processes a platform has started, in `<home>/processes.json`. A platform that was killed cannot stop its
 * children; the next start finds them here and ends them by process id, each only if it is still the very process
 * that was recorded.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, invariant } from '@microtome/domain/app-error';
import {
  findProcess,
  isSameProcessAlive,
  type ProcessIdentity,
} from '@microtome/store/embedded/process-identity';
import { z } from 'zod';

/** A process that lost its starter ends by itself; one that has not after this long is killed. */
const GRACE_MS = 8_000;
const POLL_INTERVAL_MS = 50;

const identitySchema = z.object({ pid: z.int().positive(), startedAt: z.string().nullable() });
const recordsSchema = z.object({
  platform: identitySchema,
  children: z.record(z.string(), identitySchema),
});

type Records = z.infer<typeof recordsSchema>;

type ProcessRecords = {
  /**
   * Notes the process that now runs under that name, in place of an earlier one. On a full disk the note is written with
   * the next one: it is no reason to end what runs.
   */
  record(name: string, pid: number): void;
  /** Resolves when all notes so far are written. */
  settled(): Promise<void>;
  /** Forgets all of them: they were stopped. */
  clear(): Promise<void>;
};

/**
 * Ends what an earlier platform on this home left running, and opens records of our own.
 * @throws AppError CONFLICT while that platform itself runs
 */
export async function openProcessRecords(options: {
  homeDir: string;
  onStep(message: string): void;
}): Promise<ProcessRecords> {
  const file = join(options.homeDir, 'processes.json');
  const earlier = await readRecords(file);
  if (earlier && isSameProcessAlive(earlier.platform)) {
    throw new AppError(
      'CONFLICT',
      `Microtome already runs on ${options.homeDir}, as process ${earlier.platform.pid}. Stop that process first, or ` +
        'set MICROTOME_HOME to another folder.',
    );
  }
  if (earlier) await endLeftovers(earlier, options.onStep);
  const self = findProcess(process.pid);
  invariant(self, 'this process finds itself');
  const records: Records = { platform: self, children: {} };
  let writing = writeRecords(file, records);
  await writing;
  return {
    record(name, pid) {
      const child = findProcess(pid);
      if (child) records.children[name] = child;
      // One after the other, so that the file is never behind.
      writing = writing.then(() => writeRecords(file, records)).catch(() => undefined);
    },
    settled: () => writing,
    clear: () => rm(file, { force: true }),
  };
}

async function endLeftovers({ children }: Records, onStep: (message: string) => void): Promise<void> {
  await Promise.all(
    Object.entries(children).map(async ([name, child]) => {
      if (!isSameProcessAlive(child)) return;
      onStep(`Ending '${name}' (process ${child.pid}), left behind by the last start`);
      await endProcess(child);
    }),
  );
}

async function endProcess(child: ProcessIdentity): Promise<void> {
  const deadline = Date.now() + GRACE_MS;
  signal(child, 'SIGTERM');
  while (isSameProcessAlive(child)) {
    if (Date.now() > deadline) signal(child, 'SIGKILL');
    await delay(POLL_INTERVAL_MS);
  }
}

/** It may end by itself between the look and the signal. */
function signal(child: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isSameProcessAlive(child)) process.kill(child.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Null when there are none, or none that can be read. */
async function readRecords(file: string): Promise<Records | null> {
  try {
    return recordsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

async function writeRecords(file: string, records: Records): Promise<void> {
  await writeFile(`${file}.tmp`, `${JSON.stringify(records, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.tmp`, file);
}
