/**
 * Looks at what imports would bring in, in threads of their own: a table of a million rows is read without delaying any
 * other request. A look is ended when its client leaves or it takes too long, thread and all.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import type { ImportOptionsInput } from '@microtome/store/import/import-options';
import type { ImportPreview } from '@microtome/store/import/preview-import';
import { printablePath } from '@microtome/store/import/refusal';
import { Piscina } from 'piscina';
import type { Outcome, PicturedTiling, TilingLook } from './import-preview-thread.ts';

const STOPPED = 'The work stopped before it was finished.';
const THREADS_MAX = 2;
/** Those that run, and those that wait for them. */
const LOOKS_MAX = 18;
/** A form is filled in meanwhile; afterwards the thread and its memory go. */
const IDLE_TIMEOUT_MS = 30_000;
const TIME_LIMIT_MS = 45_000;
/** What the largest source takes, twice over. */
const MEMORY_MAX_MB = 1024;

export type ImportPreviews = {
  look(input: ImportOptionsInput, signal: AbortSignal): Promise<ImportPreview>;
  /** Opens the slides, which takes seconds each. */
  lookAtSlides(look: TilingLook, signal: AbortSignal): Promise<PicturedTiling>;
  close(): Promise<void>;
};

export function createImportPreviews({
  timeLimitMs = TIME_LIMIT_MS,
  memoryMaxMb = MEMORY_MAX_MB,
} = {}): ImportPreviews {
  const pool = openPool(memoryMaxMb);
  let isClosed = false;
  // The pool's own limit lets tasks pass that can be aborted.
  let looking = 0;

  return {
    look: (input, left) => withinLimits(() => lookAt<ImportPreview>('look', { input }, left)),
    lookAtSlides: (look, left) => withinLimits(() => lookAt<PicturedTiling>('lookAtSlides', look, left)),
    async close() {
      isClosed = true;
      await pool.destroy();
    },
  };

  async function withinLimits<Seen>(act: () => Promise<Seen>): Promise<Seen> {
    if (isClosed) throw new AppError('UNAVAILABLE', STOPPED);
    if (looking >= LOOKS_MAX) {
      const sentence = `${LOOKS_MAX} sources are looked at already: try again in a moment.`;
      throw new AppError('UNAVAILABLE', sentence);
    }
    looking++;
    try {
      return await act();
    } finally {
      looking--;
    }
  }

  async function lookAt<Seen>(
    name: 'look' | 'lookAtSlides',
    wanted: { input: ImportOptionsInput },
    left: AbortSignal,
  ): Promise<Seen> {
    const late = AbortSignal.timeout(timeLimitMs);
    const scratch = await mkdtemp(join(tmpdir(), 'microtome-preview-'));
    try {
      const signal = AbortSignal.any([left, late]);
      const outcome: Outcome<Seen> = await pool.run({ ...wanted, scratch }, { name, signal });
      if ('seen' in outcome) return outcome.seen;
      const { code, message, details } = outcome.refusal;
      throw new AppError(code, message, { details });
    } catch (error) {
      if (error instanceof AppError) throw error;
      const end = { timeLimitMs, memoryMaxMb, isClosed, isLate: late.aborted, hasLeft: left.aborted };
      throw describeEnd(error, { ...end, path: wanted.input.path });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
}

function openPool(memoryMaxMb: number): Piscina {
  const pool = new Piscina({
    filename: new URL('./import-preview-thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: THREADS_MAX,
    idleTimeout: IDLE_TIMEOUT_MS,
    resourceLimits: { maxOldGenerationSizeMb: memoryMaxMb },
    // A thread that waits by blocking is not ended, and its process neither.
    atomics: 'disabled',
    recordTiming: false,
  });
  // A thread that cannot start is told by the outcome of the task that waits for it.
  pool.on('error', () => undefined);
  return pool;
}

type End = {
  timeLimitMs: number;
  memoryMaxMb: number;
  isClosed: boolean;
  isLate: boolean;
  hasLeft: boolean;
  path: string;
};

function describeEnd(cause: unknown, end: End): unknown {
  if (end.isClosed) return new AppError('UNAVAILABLE', STOPPED, { cause });
  const shown = printablePath(end.path);
  if (end.hasLeft)
    return new AppError('CANCELED', `The look at ${shown} was ended before it was done.`, { cause });
  if (end.isLate) {
    const what = `Looking at ${shown} took longer than ${end.timeLimitMs / 1000} s and was stopped`;
    return new AppError('UNAVAILABLE', `${what}; the command line has no such limit.`, { cause });
  }
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const sentence = `Looking at ${shown} takes more than ${end.memoryMaxMb} MiB of memory and was stopped.`;
    return new AppError('BAD_INPUT', sentence, { cause });
  }
  return cause;
}
