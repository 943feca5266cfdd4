/**
 * The threads of this process that decode plain JPEG files. They start with the first group of files, and end when none
 * came for a while; they keep no process alive.
 */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { markDecoderMemory } from './decoder-memory.ts';
import { countPixelBytes, type JpegFile, type JpegTask } from './jpeg-thread.ts';

/** The thread that reads, hashes and packs keeps no more of them busy. */
export const JPEG_THREADS_MAX = Math.min(4, availableParallelism());
const IDLE_TIMEOUT_MS = 5_000;

export type JpegToDecode = { bytes: Uint8Array; widthPx: number; heightPx: number };

let pool: Piscina<JpegTask, Uint8Array> | null = null;

/**
 * The pixels of each file, red, green and blue; null where the file is damaged or of another size than it claims. All of
 * them lie in one piece of memory.
 */
export async function decodeInThread(jpegs: readonly JpegToDecode[]): Promise<(Uint8Array | null)[]> {
  const bytes = joinBytes(jpegs);
  const files = jpegs.map(
    ({ bytes: { length }, widthPx, heightPx }): JpegFile => ({ lengthBytes: length, widthPx, heightPx }),
  );
  pool ??= createPool();
  const moved = await pool.run({ bytes, files }, { transferList: [bytes.buffer] });
  const result = Buffer.from(moved.buffer, moved.byteOffset, moved.length);
  markDecoderMemory(result);
  let start = 0;
  return files.map((file, position) => {
    const pixels = result.subarray(start, start + countPixelBytes(file));
    start += pixels.length;
    return result[result.length - files.length + position] === 1 ? pixels : null;
  });
}

/** In memory of their own, which is handed over. */
function joinBytes(jpegs: readonly JpegToDecode[]): Uint8Array<ArrayBuffer> {
  const joined = Buffer.allocUnsafeSlow(jpegs.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let start = 0;
  for (const { bytes } of jpegs) {
    joined.set(bytes, start);
    start += bytes.length;
  }
  return joined;
}

function createPool(): Piscina<JpegTask, Uint8Array> {
  return new Piscina<JpegTask, Uint8Array>({
    filename: new URL('./jpeg-thread.ts', import.meta.url).href,
    name: 'decodeJpegFiles',
    minThreads: 0,
    maxThreads: JPEG_THREADS_MAX,
    idleTimeout: IDLE_TIMEOUT_MS,
    // A thread that waits by blocking is not ended, and its process neither.
    atomics: 'disabled',
    recordTiming: false,
  });
}
