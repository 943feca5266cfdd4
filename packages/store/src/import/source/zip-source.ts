/**
 * A zip file of patches, read in place: yauzl reads its directory, each entry is then fetched by one read at
 * its offset and inflated in memory within its declared size. What an entry declares is checked before any
 * of it is inflated, and what comes out is checked by its CRC.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { AppError } from '@microtome/domain/app-error';
import { type Entry, fromRandomAccessReaderPromise } from 'yauzl';
import { IMPORT_LIMITS } from '../import-limits.ts';
import { accept, type Checked, type Fault, printablePath, refuse, refuseTooLarge } from '../refusal.ts';
import type { PatchSource, ScanRequest, SourceFile } from './patch-source.ts';
import { ZipDirectoryReader } from './zip-directory-reader.ts';

const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
/** Room for a local header's extra fields, whose length is unknown until it was read. */
const EXTRA_FIELD_ALLOWANCE_BYTES = 64;
const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;
const FILE_TYPE_MASK = 0o170000;
const FILE_TYPE_LINK = 0o120000;
const MADE_BY_UNIX = 3;

/** Where an entry's bytes lie and what its directory record declares of them. */
type ZipMember = {
  headerOffset: number;
  nameBytes: number;
  packedBytes: number;
  inflatedBytes: number;
  isDeflated: boolean;
  crc32: number;
};

/** A source over the zip file at `path`. @throws AppError BAD_INPUT when its directory cannot be read */
export async function createZipSource(path: string): Promise<PatchSource> {
  const handle = await open(path, 'r');
  return {
    kind: 'zip',
    path,
    scan: (request) => scanZip({ ...request, path, handle }),
    close: () => handle.close(),
  };
}

async function scanZip(request: ScanRequest & { path: string; handle: FileHandle }): Promise<SourceFile[]> {
  const { size } = await request.handle.stat();
  const files: SourceFile[] = [];
  let packedBytesInAll = 0;
  for await (const entry of readDirectory(request, size)) {
    request.signal.throwIfAborted();
    packedBytesInAll += entry.compressedSize;
    if (packedBytesInAll > size) throw damagedZip(request.path, 'its entries overlap, as in a zip bomb');
    const path = entry.fileNameRaw.toString('utf8').replaceAll('\\', '/');
    if (path.endsWith('/')) continue;
    const fault = findEntryFault(entry, path);
    if (fault) {
      request.refuse({ path, ...fault });
      continue;
    }
    const member = toMember(entry);
    files.push({ path, read: () => readMember(request.handle, member) });
  }
  return files;
}

async function* readDirectory({ path, handle }: { path: string; handle: FileHandle }, size: number) {
  try {
    const reader = new ZipDirectoryReader(handle);
    const options = { decodeStrings: false, validateEntrySizes: false, autoClose: false };
    const zip = await fromRandomAccessReaderPromise(reader, size, options);
    if (zip.entryCount > IMPORT_LIMITS.filesMax) {
      const limit = IMPORT_LIMITS.filesMax.toLocaleString('en');
      throw new AppError('BAD_INPUT', `${printablePath(path)} declares more than ${limit} entries.`);
    }
    for await (const entry of zip.eachEntry()) yield entry;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof AppError || error.name === 'AbortError') throw error;
    throw damagedZip(path, 'it was cut off, or its directory is broken', error);
  }
}

function damagedZip(path: string, what: string, cause?: Error): AppError {
  return new AppError('BAD_INPUT', `${printablePath(path)} is a damaged zip file: ${what}.`, { cause });
}

function findEntryFault(entry: Entry, path: string): Fault | null {
  const isFromUnix = entry.versionMadeBy >>> 8 === MADE_BY_UNIX;
  if (isFromUnix && ((entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK) === FILE_TYPE_LINK) {
    return { code: 'LINK', reason: 'It is a symbolic link; links are not followed.' };
  }
  if (climbsOut(path)) return { code: 'PATH_ESCAPES', reason: 'Its path leads out of the zip file.' };
  if (entry.isEncrypted()) {
    return { code: 'ENCRYPTED', reason: 'It is encrypted; make the zip file again without a password.' };
  }
  if (entry.compressionMethod !== METHOD_STORED && entry.compressionMethod !== METHOD_DEFLATED) {
    const reason = `It is packed by method ${entry.compressionMethod}; only stored and deflated entries can be read.`;
    return { code: 'UNREADABLE', reason };
  }
  return findSizeFault(entry);
}

function climbsOut(path: string): boolean {
  return (
    path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/').includes('..') || path.includes('\0')
  );
}

function findSizeFault(entry: Entry): Fault | null {
  const sizeBytes = Math.max(entry.uncompressedSize, entry.compressedSize);
  if (sizeBytes > IMPORT_LIMITS.fileBytesMax) {
    const checked = refuseTooLarge(sizeBytes);
    return checked.ok ? null : checked.fault;
  }
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  const isChecked = entry.uncompressedSize > IMPORT_LIMITS.ratioCheckedFromBytes;
  if (isChecked && ratio > IMPORT_LIMITS.inflateRatioMax) {
    const reason = `It inflates ${Math.round(ratio)} fold, as a zip bomb does; an image inflates a few fold at most.`;
    return { code: 'SUSPICIOUS_RATIO', reason };
  }
  return null;
}

function toMember(entry: Entry): ZipMember {
  return {
    headerOffset: entry.relativeOffsetOfLocalHeader,
    nameBytes: entry.fileNameLength,
    packedBytes: entry.compressedSize,
    inflatedBytes: entry.uncompressedSize,
    isDeflated: entry.compressionMethod === METHOD_DEFLATED,
    crc32: entry.crc32,
  };
}

async function readMember(handle: FileHandle, member: ZipMember): Promise<Checked<Uint8Array>> {
  const packed = await readPackedBytes(handle, member);
  if (!packed.ok) return packed;
  const inflated = member.isDeflated ? inflate(packed.value, member) : packed;
  if (!inflated.ok) return inflated;
  if (inflated.value.length !== member.inflatedBytes) {
    return refuse('UNREADABLE', 'Its length is not the one that the zip file declares.');
  }
  if (crc32(inflated.value) !== member.crc32) return refuse('UNREADABLE', 'Its bytes are damaged (CRC).');
  return inflated;
}

async function readPackedBytes(handle: FileHandle, member: ZipMember): Promise<Checked<Uint8Array>> {
  const guess = LOCAL_HEADER_BYTES + member.nameBytes + EXTRA_FIELD_ALLOWANCE_BYTES + member.packedBytes;
  const block = await readAt(handle, member.headerOffset, guess);
  if (block.length < LOCAL_HEADER_BYTES || block.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE) {
    return refuse('UNREADABLE', 'The zip file has no entry where its directory says.');
  }
  const start = LOCAL_HEADER_BYTES + block.readUInt16LE(26) + block.readUInt16LE(28);
  const end = start + member.packedBytes;
  if (end <= block.length) return accept(block.subarray(start, end));
  const packed = await readAt(handle, member.headerOffset + start, member.packedBytes);
  if (packed.length < member.packedBytes) return refuse('UNREADABLE', 'The zip file ends before it does.');
  return accept(packed);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function inflate(packed: Uint8Array, member: ZipMember): Checked<Uint8Array> {
  try {
    return accept(inflateRawSync(packed, { maxOutputLength: Math.max(1, member.inflatedBytes) }));
  } catch (error) {
    const isTooLong = error instanceof RangeError;
    const reason = isTooLong
      ? 'It inflates to more than it declares.'
      : 'It cannot be inflated; its bytes are damaged.';
    return refuse(isTooLong ? 'TOO_LARGE' : 'UNREADABLE', reason);
  }
}
