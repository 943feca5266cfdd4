/**
 * The end record of a zip, which says where its directory lies. It stands at the end of the file, before a comment
 * and before whatever a download or an archive appended; bytes before the first entry (the head of a self-extractor,
 * the mark of a split zip) do not hide it. Of what it states nothing is believed here that can be looked up.
 */
import type { ZipWindow } from './zip-window.ts';

const END_SIGNATURE = Buffer.from('PK\u0005\u0006', 'latin1');
const END_BYTES = 22;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_BYTES = 56;
/** A comment of full length, and as much again of strange bytes behind it; zeros at the end are not counted. */
const SEARCHED_BYTES = 2 * 64 * 1024;
const ZEROS_READ_BYTES = 1024 * 1024;
const DISKS_MAX = 1000;
const NOT_IN_16_BITS = 0xffff;
const NOT_IN_32_BITS = 0xffffffff;

export type ZipEnd = {
  /** Where the directory ends: at this record, or at the zip64 record before it. */
  directoryEnd: number;
  /** Null where the record leaves it to a zip64 record that is not there. */
  statedOffset: number | null;
  statedBytes: number | null;
  statedEntries: number;
  /** Whether `statedEntries` and `statedOffset` are whole, and not what is left of them in 16 and 32 bits. */
  isZip64: boolean;
  /** Where the record and its comment end; what follows belongs to no zip. */
  end: number;
};

/** `part`: the file is the last part of a zip that was split; its directory counts on the others. */
type FoundEnd = { kind: 'found'; ends: ZipEnd[] } | { kind: 'part' } | { kind: 'none' };

/** All that look like an end record, the last one first: a comment may hold what looks like one. */
export async function findZipEnds(window: ZipWindow): Promise<FoundEnd> {
  const searchEnd = Math.min(window.sizeBytes, (await skipZeros(window)) + END_BYTES);
  const searchStart = Math.max(0, searchEnd - SEARCHED_BYTES - END_BYTES);
  const tail = Buffer.from(await window.read(searchStart, searchEnd - searchStart));
  const ends: ZipEnd[] = [];
  let isPart = false;
  for (let at = tail.lastIndexOf(END_SIGNATURE); at >= 0; at = findBefore(tail, at)) {
    if (at + END_BYTES > tail.length) continue;
    const end = await readEnd(window, searchStart + at, tail.subarray(at, at + END_BYTES));
    if (end === 'part') isPart = true;
    else ends.push(end);
  }
  if (ends.length > 0) return { kind: 'found', ends };
  return { kind: isPart ? 'part' : 'none' };
}

function findBefore(tail: Buffer, at: number): number {
  return at === 0 ? -1 : tail.lastIndexOf(END_SIGNATURE, at - 1);
}

/** The end of the file without the zeros that a tape, a disk image or a reserved download leaves behind it. */
async function skipZeros(window: ZipWindow): Promise<number> {
  let end = window.sizeBytes;
  while (end > 0) {
    const start = Math.max(0, end - ZEROS_READ_BYTES);
    const block = await window.read(start, end - start);
    let last = block.length - 1;
    while (last >= 0 && block[last] === 0) last--;
    if (last >= 0) return start + last + 1;
    end = start;
  }
  return 0;
}

async function readEnd(window: ZipWindow, position: number, record: Buffer): Promise<ZipEnd | 'part'> {
  const end = position + END_BYTES + record.readUInt16LE(20);
  const zip64 = await readZip64End(window, position);
  if (zip64) return { ...zip64, end };
  const [disk, firstDisk] = [record.readUInt16LE(4), record.readUInt16LE(6)];
  const isUnstated = (value: number) => value === NOT_IN_16_BITS;
  if (disk > 0 && disk < DISKS_MAX && firstDisk <= disk && !isUnstated(firstDisk)) return 'part';
  const [statedBytes, statedOffset] = [record.readUInt32LE(12), record.readUInt32LE(16)];
  return {
    directoryEnd: position,
    statedOffset: statedOffset === NOT_IN_32_BITS ? null : statedOffset,
    statedBytes: statedBytes === NOT_IN_32_BITS ? null : statedBytes,
    statedEntries: record.readUInt16LE(10),
    isZip64: false,
    end,
  };
}

/** The record of larger numbers, where a locator stands right before the end record. */
async function readZip64End(window: ZipWindow, endPosition: number): Promise<Omit<ZipEnd, 'end'> | null> {
  const locatorPosition = endPosition - ZIP64_LOCATOR_BYTES;
  if (locatorPosition < ZIP64_END_BYTES) return null;
  const locator = await window.read(locatorPosition, ZIP64_LOCATOR_BYTES);
  if (locator.length < ZIP64_LOCATOR_BYTES || locator.readUInt32LE(0) !== ZIP64_LOCATOR_SIGNATURE)
    return null;
  // The locator counts from the first entry: bytes before it would lead it astray, the usual place does not.
  for (const position of [locatorPosition - ZIP64_END_BYTES, Number(locator.readBigUInt64LE(8))]) {
    if (position < 0 || position > locatorPosition - ZIP64_END_BYTES) continue;
    const record = await window.read(position, ZIP64_END_BYTES);
    if (record.length < ZIP64_END_BYTES || record.readUInt32LE(0) !== ZIP64_END_SIGNATURE) continue;
    return {
      directoryEnd: position,
      statedEntries: Number(record.readBigUInt64LE(32)),
      statedBytes: Number(record.readBigUInt64LE(40)),
      statedOffset: Number(record.readBigUInt64LE(48)),
      isZip64: true,
    };
  }
  return null;
}
