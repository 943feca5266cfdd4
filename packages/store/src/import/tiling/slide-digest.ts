/** The digest of a slide's files, read a piece at a time: what its row remembers, so that another file is known as another. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const PIECE_BYTES = 1024 * 1024;

/** sha256 of the file; of several files, that of their digests in the order of their names. */
export async function digestSlide(files: readonly string[], signal: AbortSignal): Promise<string> {
  // One piece of memory for all: a new one for each read is garbage by the gigabyte.
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  const digests: string[] = [];
  for (const path of files) digests.push(await digestFile(path, piece, signal));
  const [only = ''] = digests;
  return digests.length === 1 ? only : createHash('sha256').update(digests.join('\n')).digest('hex');
}

async function digestFile(path: string, piece: Buffer, signal: AbortSignal): Promise<string> {
  const digest = createHash('sha256');
  const file = await open(path);
  try {
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(piece, 0, piece.length);
      if (bytesRead === 0) return digest.digest('hex');
      digest.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
