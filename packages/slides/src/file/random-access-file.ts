/**
 * A file of which parts are read by their place. Every read says what it wants, so that a file that was cut off, or a
 * place that it does not have, is told in words; nothing is allocated before the file is known to hold it.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { formatNumber, slideFault } from '../slide-fault.ts';

export type RandomAccessFile = {
  readonly path: string;
  readonly sizeBytes: number;
  /** `what` stands in the sentence about a place that the file does not have. */
  read(offset: number, length: number, what: string): Promise<Buffer>;
  close(): Promise<void>;
};

/** To open a pipe without this waits until somebody writes into it, which may be never. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

export async function openRandomAccessFile(path: string): Promise<RandomAccessFile> {
  const handle = await open(path, OPEN_FLAGS).catch((error: NodeJS.ErrnoException) => {
    throw slideFault(path, describeOpenError(error), error);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw slideFault(path, 'is no file.');
    return new OpenFile(path, handle, stat.size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class OpenFile implements RandomAccessFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #handle: FileHandle;
  #closed = false;

  constructor(path: string, handle: FileHandle, sizeBytes: number) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.#handle = handle;
  }

  async read(offset: number, length: number, what: string): Promise<Buffer> {
    if (this.#closed) throw slideFault(this.path, 'was closed and cannot be read any more.');
    if (offset < 0 || length < 0 || offset + length > this.sizeBytes) {
      const place = `bytes ${formatNumber(offset)} to ${formatNumber(offset + length)}`;
      const end = `the file ends at byte ${formatNumber(this.sizeBytes)}`;
      throw slideFault(this.path, `is cut off or damaged: ${what} should be at ${place}, and ${end}.`);
    }
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#handle.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) throw slideFault(this.path, `became shorter while ${what} was being read.`);
      filled += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }
}

function describeOpenError({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'does not exist.';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this process.';
  if (code === 'EMFILE' || code === 'ENFILE') return 'cannot be opened: too many files are open.';
  return `cannot be opened (${code ?? 'unknown reason'}).`;
}
