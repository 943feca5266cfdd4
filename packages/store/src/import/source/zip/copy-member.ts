/**
 * An entry of a zip as a file of its own, for what is too large to be held in memory: streamed, within its declared size and
 * checked by its CRC. What was written of an entry that is refused is for the caller to remove.
 */
import { createWriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { isDiskFull } from '../../../disk-fault.ts';
import { accept, type Checked, refuse } from '../../refusal.ts';
import { METHOD_DEFLATED } from './local-header.ts';
import { locateMember } from './read-member.ts';
import type { ZipEntry } from './zip-record.ts';

const PIECE_BYTES = 1024 * 1024;

class TooLong extends Error {}

/** Rejects where the disk is full. */
export async function copyMember(
  handle: FileHandle,
  entry: ZipEntry,
  target: string,
): Promise<Checked<null>> {
  const start = await locateMember(handle, entry);
  if (!start.ok) return start;
  let [bytes, sum] = [0, 0];
  async function* check(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > entry.inflatedBytes) throw new TooLong();
      sum = crc32(chunk, sum);
      yield chunk;
    }
  }
  // Not a stream over the handle, which would close it.
  const packed = Readable.from(readPieces(handle, start.value, entry.packedBytes));
  const written = createWriteStream(target, { flags: 'wx' });
  try {
    if (entry.method === METHOD_DEFLATED) await pipeline(packed, createInflateRaw(), check, written);
    else await pipeline(packed, check, written);
  } catch (error) {
    if (isDiskFull(error)) throw error;
    if (error instanceof TooLong) return refuse('TOO_LARGE', 'It inflates to more than it declares.');
    return refuse('UNREADABLE', 'It cannot be inflated; its bytes are damaged.');
  }
  if (bytes !== entry.inflatedBytes) {
    return refuse('UNREADABLE', 'Its length is not the one that the zip file declares.');
  }
  return sum === entry.crc32 ? accept(null) : refuse('UNREADABLE', 'Its bytes are damaged (CRC).');
}

async function* readPieces(handle: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length; ) {
    const wanted = Math.min(PIECE_BYTES, length - done);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, start + done);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    done += bytesRead;
  }
}
