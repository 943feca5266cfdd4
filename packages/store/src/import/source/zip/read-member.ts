/**
 * The bytes of one entry of a zip: fetched by one read at its place, inflated in memory within its declared size and
 * checked by its CRC. An entry whose own header bears another name than the directory gives it is not believed.
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { accept, type Checked, refuse } from '../../refusal.ts';
import { LOCAL_FIXED_BYTES, LOCAL_SIGNATURE, METHOD_DEFLATED } from './local-header.ts';
import { decodePath, type ZipEntry } from './zip-record.ts';

/** Room for a local header's extra fields, whose length is unknown until it was read. */
const EXTRA_FIELD_ALLOWANCE_BYTES = 64;

export async function readMember(handle: FileHandle, entry: ZipEntry): Promise<Checked<Uint8Array>> {
  const packed = await readPackedBytes(handle, entry);
  if (!packed.ok) return packed;
  const inflated = entry.method === METHOD_DEFLATED ? inflate(packed.value, entry) : packed;
  if (!inflated.ok) return inflated;
  if (inflated.value.length !== entry.inflatedBytes) {
    return refuse('UNREADABLE', 'Its length is not the one that the zip file declares.');
  }
  if (crc32(inflated.value) !== entry.crc32) return refuse('UNREADABLE', 'Its bytes are damaged (CRC).');
  return inflated;
}

async function readPackedBytes(handle: FileHandle, entry: ZipEntry): Promise<Checked<Uint8Array>> {
  const { headerOffset, nameBytes, packedBytes } = entry;
  const guess = LOCAL_FIXED_BYTES + nameBytes + EXTRA_FIELD_ALLOWANCE_BYTES + packedBytes;
  const block = await readAt(handle, headerOffset, guess);
  const found = findStart(block, entry);
  if (!found.ok) return found;
  const start = found.value;
  if (start + packedBytes <= block.length) return accept(block.subarray(start, start + packedBytes));
  const packed = await readAt(handle, headerOffset + start, packedBytes);
  if (packed.length < packedBytes) return refuse('UNREADABLE', 'The zip file ends before it does.');
  return accept(packed);
}

/** Where the packed bytes of an entry begin in the zip file. */
export async function locateMember(handle: FileHandle, entry: ZipEntry): Promise<Checked<number>> {
  const block = await readAt(handle, entry.headerOffset, LOCAL_FIXED_BYTES + entry.nameBytes);
  const found = findStart(block, entry);
  return found.ok ? accept(entry.headerOffset + found.value) : found;
}

/** Where the packed bytes begin in a block that begins with the entry's own header. */
function findStart(block: Buffer, entry: ZipEntry): Checked<number> {
  if (block.length < LOCAL_FIXED_BYTES || block.readUInt32LE(0) !== LOCAL_SIGNATURE) {
    return refuse('UNREADABLE', 'The zip file has no entry where its directory says.');
  }
  const nameEnd = LOCAL_FIXED_BYTES + block.readUInt16LE(26);
  if (decodePath(block.subarray(LOCAL_FIXED_BYTES, nameEnd)) !== entry.path) {
    return refuse('UNREADABLE', 'The zip file has an entry of another name where its directory says.');
  }
  return accept(nameEnd + block.readUInt16LE(28));
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function inflate(packed: Uint8Array, { inflatedBytes }: ZipEntry): Checked<Uint8Array> {
  try {
    return accept(inflateRawSync(packed, { maxOutputLength: Math.max(1, inflatedBytes) }));
  } catch (error) {
    const isTooLong = error instanceof RangeError;
    const reason = isTooLong
      ? 'It inflates to more than it declares.'
      : 'It cannot be inflated; its bytes are damaged.';
    return refuse(isTooLong ? 'TOO_LARGE' : 'UNREADABLE', reason);
  }
}
