/**
 * A log file that never takes more than its share of the disk and never ends the process that writes it. It is rotated
 * by size, and while the disk is nearly full it is not written at all, so that what is left stays for data: the lines
 * are counted, and the log says how many it lacks when there is room again.
 */
import { statfsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

/** A log and its two rotated files: at most 24 MB each process. */
const FILE_SIZE = '8M';
const ROTATED_FILES = 2;
/** Logs stop when less than this is left; the database and the artifacts go on. */
const RESERVED_BYTES = 64 * 1024 * 1024;
/** How often the free space is looked at, and how long a log that could not be written waits. */
const CHECK_INTERVAL_MS = 2_000;

export type BoundedLog = {
  /** Never throws and never waits: what cannot be kept is left out. */
  write(chunk: Uint8Array): void;
  /** Resolves when all that was taken is with the system. */
  close(): Promise<void>;
};

type BoundedLogOptions = {
  /** Bytes that are free where the folder is. */
  countFreeBytes?: (folder: string) => number;
  /** As of `performance.now()`. */
  now?: () => number;
};

/** Opens `file` for appending; its folder must be there. */
export function openBoundedLog(file: string, options: BoundedLogOptions = {}): BoundedLog {
  const { countFreeBytes = readFreeBytes, now = () => performance.now() } = options;
  let stream: RotatingFileStream | null = null;
  let checkedMs = Number.NEGATIVE_INFINITY;
  let lostLines = 0;

  function open(): RotatingFileStream {
    const name = basename(file);
    const opened = createStream((index) => (index ? `${name}.${index}` : name), {
      path: dirname(file),
      size: FILE_SIZE,
      rotate: ROTATED_FILES,
    });
    // A full disk, or a folder that is gone: the stream is given up and another is opened after a while.
    opened.on('error', () => {
      if (stream === opened) stream = null;
    });
    return opened;
  }

  /** The stream to write to, or null while there is none to be had. */
  function findStream(): RotatingFileStream | null {
    if (now() - checkedMs < CHECK_INTERVAL_MS) return stream;
    checkedMs = now();
    if (countFreeBytes(dirname(file)) < RESERVED_BYTES) {
      stream?.end();
      stream = null;
    } else {
      stream ??= open();
    }
    return stream;
  }

  return {
    write(chunk) {
      const target = findStream();
      if (!target) {
        lostLines += countLines(chunk);
        return;
      }
      if (lostLines > 0) {
        target.write(`(${lostLines} lines are missing here: the disk was full)\n`);
        lostLines = 0;
      }
      target.write(Buffer.from(chunk));
    },
    close() {
      const last = stream;
      stream = null;
      checkedMs = Number.POSITIVE_INFINITY;
      return new Promise((resolve) => {
        if (!last || last.destroyed) return resolve();
        last.once('error', () => resolve());
        last.end(() => resolve());
      });
    },
  };
}

function readFreeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (const byte of chunk) if (byte === 10) lines += 1;
  return lines;
}
