/**
 * The threads of this process that decode JPEG 2000 and JPEG-LS. They start with the first tile, are shared by all
 * slides, and end when no tile came for a while; they keep no process alive.
 */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { CodecTask, DecodedSamples } from './codec-thread.ts';

const THREADS_MAX = 8;
const IDLE_TIMEOUT_MS = 10_000;

let pool: Piscina<CodecTask, DecodedSamples | null> | null = null;

/** Throws an error that says that the codec could not decode the tile; the caller knows which tile it is. */
export async function decodeInThread(task: CodecTask): Promise<DecodedSamples> {
  pool ??= createPool();
  const decoded = await pool.run(task);
  if (!decoded) throw new Error(`its ${task.codec === 'JPEG_2000' ? 'JPEG 2000' : 'JPEG-LS'} is damaged`);
  return decoded;
}

function createPool(): Piscina<CodecTask, DecodedSamples | null> {
  return new Piscina<CodecTask, DecodedSamples | null>({
    filename: new URL('./codec-thread.ts', import.meta.url).href,
    name: 'decodeTile',
    minThreads: 0,
    maxThreads: Math.min(THREADS_MAX, availableParallelism()),
    idleTimeout: IDLE_TIMEOUT_MS,
    // A thread that waits by blocking is not ended, and its process neither.
    atomics: 'disabled',
    recordTiming: false,
  });
}
