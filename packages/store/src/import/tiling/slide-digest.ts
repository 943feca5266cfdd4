/** The digest of a slide's files, read a piece at a time: what its row remembers, so that another file is known as another. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const PIECE_BYTES = 1024 * 1024;

/** sha256 of the file; of several files, that of their digests in the order of their names. */
export async function digestSlide(files: readonly string[], signal: AbortSignal): Promise<string> {
  const digests: string[] = [];
  for (const path of files) digests.push(await digestFile(path, signal));
  const [only = ''] = digests;
  return digests.length === 1 ? only : createHash('sha256').update(digests.join('\n')).digest('hex');
}

async function digestFile(path: string, signal: AbortSignal): Promise<string> {
  const digest = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES, signal }))
    digest.update(piece as Buffer);
  return digest.digest('hex');
}
