/** One record of a zip's directory: what it declares of an entry, as numbers. Nothing of it is checked here. */

export const RECORD_SIGNATURE = 0x02014b50;
export const RECORD_FIXED_BYTES = 46;

const EXTRA_ZIP64 = 0x0001;
const EXTRA_HEAD_BYTES = 4;
const NOT_IN_32_BITS = 0xffffffff;
const NOT_IN_16_BITS = 0xffff;
const FLAG_ENCRYPTED = 0x1;
const FILE_TYPE_MASK = 0o170000;
const FILE_TYPE_LINK = 0o120000;
const MADE_BY_UNIX = 3;

export type ZipEntry = {
  /** With forward slashes; a folder's ends with one. */
  path: string;
  nameBytes: number;
  method: number;
  isEncrypted: boolean;
  isLink: boolean;
  packedBytes: number;
  inflatedBytes: number;
  crc32: number;
  /** The part of a split zip that holds its bytes, from 0. */
  disk: number;
  /** Where its bytes begin, with their own header: as stated first, in this very file once it is located. */
  headerOffset: number;
};

/** The record at `start` and its length; null when there is none or `block` ends before it does. */
export function parseRecord(block: Buffer, start: number): { entry: ZipEntry; bytes: number } | null {
  const left = block.length - start;
  if (left < RECORD_FIXED_BYTES || block.readUInt32LE(start) !== RECORD_SIGNATURE) return null;
  const nameBytes = block.readUInt16LE(start + 28);
  const extraBytes = block.readUInt16LE(start + 30);
  const bytes = RECORD_FIXED_BYTES + nameBytes + extraBytes + block.readUInt16LE(start + 32);
  if (left < bytes) return null;
  const nameEnd = start + RECORD_FIXED_BYTES + nameBytes;
  const madeBy = block.readUInt16LE(start + 4) >>> 8;
  const fileType = block.readUInt16LE(start + 40) & FILE_TYPE_MASK;
  const entry: ZipEntry = {
    path: decodePath(block.subarray(nameEnd - nameBytes, nameEnd)),
    nameBytes,
    method: block.readUInt16LE(start + 10),
    isEncrypted: (block.readUInt16LE(start + 8) & FLAG_ENCRYPTED) !== 0,
    isLink: madeBy === MADE_BY_UNIX && fileType === FILE_TYPE_LINK,
    packedBytes: block.readUInt32LE(start + 20),
    inflatedBytes: block.readUInt32LE(start + 24),
    crc32: block.readUInt32LE(start + 16),
    disk: block.readUInt16LE(start + 34),
    headerOffset: block.readUInt32LE(start + 42),
  };
  if (extraBytes > 0) completeFromZip64(entry, block.subarray(nameEnd, nameEnd + extraBytes));
  return { entry, bytes };
}

/** As names are written by every current program; what is no UTF-8 becomes replacement characters. */
export function decodePath(name: Buffer): string {
  return name.toString('utf8').replaceAll('\\', '/');
}

/** The zip64 field holds only the numbers that did not fit, in this order. */
function completeFromZip64(entry: ZipEntry, extra: Buffer): void {
  const field = findExtra(extra, EXTRA_ZIP64);
  if (!field) return;
  let position = 0;
  for (const name of ['inflatedBytes', 'packedBytes', 'headerOffset'] as const) {
    if (entry[name] !== NOT_IN_32_BITS || position + 8 > field.length) continue;
    entry[name] = Number(field.readBigUInt64LE(position));
    position += 8;
  }
  if (entry.disk === NOT_IN_16_BITS && position + 4 <= field.length)
    entry.disk = field.readUInt32LE(position);
}

function findExtra(extra: Buffer, id: number): Buffer | null {
  for (let start = 0; start + EXTRA_HEAD_BYTES <= extra.length; ) {
    const end = start + EXTRA_HEAD_BYTES + extra.readUInt16LE(start + 2);
    if (extra.readUInt16LE(start) === id) return extra.subarray(start + EXTRA_HEAD_BYTES, end);
    start = end;
  }
  return null;
}
