/**
 * Reads a file piece by piece out of windows of a megabyte. The parts of a zip's directory are a few dozen bytes
 * each; asked of the disk one by one, 277,524 of them take half a minute, out of a window less than a second.
 */
import type { FileHandle } from 'node:fs/promises';

const WINDOW_BYTES = 1024 * 1024;

export type ZipWindow = {
  sizeBytes: number;
  /** The bytes from `position` on, at most `length` of them: fewer only where the file ends. Valid until the next call. */
  read(position: number, length: number): Promise<Buffer>;
};

/** Windows over an open file of this size; the file stays its owner's to close. */
export function createZipWindow(handle: FileHandle, sizeBytes: number): ZipWindow {
  let window: Buffer = Buffer.alloc(0);
  let windowStart = 0;

  async function move(position: number, length: number): Promise<void> {
    const wanted = Buffer.allocUnsafe(Math.min(Math.max(length, WINDOW_BYTES), sizeBytes - position));
    let filled = 0;
    while (filled < wanted.length) {
      const { bytesRead } = await handle.read(wanted, filled, wanted.length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    window = wanted.subarray(0, filled);
    windowStart = position;
  }

  return {
    sizeBytes,
    async read(position, length) {
      if (position < 0 || position >= sizeBytes) return Buffer.alloc(0);
      const isInside = position >= windowStart && position + length <= windowStart + window.length;
      if (!isInside) await move(position, length);
      return window.subarray(position - windowStart, position - windowStart + length);
    },
  };
}
