/**
 * The directory of a zip, read to its end whatever number of entries the end record states: that number has 16 bits
 * where a writer leaves out the zip64 record, as the Finder of macOS does. A directory is taken whole or refused:
 * records that do not reach the end record, fewer entries than stated, or entries that no record names.
 */
import { IMPORT_LIMITS } from '../../import-limits.ts';
import { findSkippedNames, findUnlisted } from './unlisted-entries.ts';
import { findZipEnds, type ZipEnd } from './zip-end.ts';
import { locateEntries } from './zip-offsets.ts';
import { parseRecord, type ZipEntry } from './zip-record.ts';
import type { ZipWindow } from './zip-window.ts';

const COUNTED_IN_16_BITS = 0x10000;
/** A record has three fields of at most 64 KiB. */
const BLOCK_BYTES = 1024 * 1024;
const DIRECTORY_SIGNATURE = 0x05054b50;
/** Of an entry, of an empty zip, and the two marks of a split one. */
const BEGINNINGS = ['PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0007\u0008', 'PK00'];

/**
 * `damage` completes the sentence "… is a damaged zip file: it …"; `part`: of a split zip. `skippedNames`: of entries
 * that lie between those of the directory, under names that it does not have.
 */
type ZipDirectory =
  | { kind: 'entries'; entries: ZipEntry[]; skippedNames: string[] }
  | { kind: 'damaged'; damage: string }
  | { kind: 'too-many' }
  | { kind: 'part' }
  | { kind: 'no-zip' };

/** Whether the file is a zip at all, told by its end and, where it was cut off, by its beginning. */
export async function looksLikeZip(window: ZipWindow): Promise<boolean> {
  const found = await findZipEnds(window);
  if (found.kind !== 'none') return true;
  return BEGINNINGS.includes((await window.read(0, 4)).toString('latin1'));
}

/** All entries in the order of the directory, each with the place of its bytes. */
export async function readZipDirectory(window: ZipWindow, signal: AbortSignal): Promise<ZipDirectory> {
  const found = await findZipEnds(window);
  if (found.kind === 'part') return { kind: 'part' };
  if (found.kind === 'none') {
    const isCutOff = await looksLikeZip(window);
    return isCutOff ? damaged('was cut off, or it is one part of a split zip') : { kind: 'no-zip' };
  }
  let worst: ZipDirectory | null = null;
  for (const end of found.ends) {
    const directory = await readBefore(window, end, signal);
    const isEmpty = directory.kind === 'entries' && directory.entries.length === 0;
    if (directory.kind !== 'damaged' && !isEmpty) return directory;
    // An end record that names no entry may be a comment that looks like one: a fuller one before it wins.
    worst ??= directory;
  }
  return worst ?? damaged('has no directory');
}

function damaged(damage: string): ZipDirectory {
  return { kind: 'damaged', damage };
}

async function readBefore(window: ZipWindow, end: ZipEnd, signal: AbortSignal): Promise<ZipDirectory> {
  let damage = 'was cut off, or its directory is broken';
  for (const start of listStarts(end)) {
    const entries = await readRecords(window, { start, end: end.directoryEnd, signal });
    if (entries === 'too-many') return { kind: 'too-many' };
    if (entries === null) continue;
    if (disagrees(entries.length, end)) {
      damage = `states ${end.statedEntries} files, and its directory lists ${entries.length}`;
      continue;
    }
    if (sumPackedBytes(entries) > window.sizeBytes)
      return damaged('has entries that overlap, as in a zip bomb');
    await locateEntries(window, entries, { end, start });
    const unlisted = await findUnlisted(window, { entries, start, end: end.end, signal });
    if (unlisted) return damaged(unlisted);
    return {
      kind: 'entries',
      entries,
      skippedNames: await findSkippedNames(window, { entries, start, signal }),
    };
  }
  return damaged(damage);
}

/** Where it may begin: at the stated place, or as far before its end as it is long, whatever stands before the entries. */
function listStarts({ directoryEnd, statedOffset, statedBytes }: ZipEnd): number[] {
  const byLength = statedBytes === null ? null : directoryEnd - statedBytes;
  const starts = [statedOffset, byLength].filter((start) => start !== null);
  return [...new Set(starts)].filter((start) => start >= 0 && start <= directoryEnd);
}

/** A number of 16 bits says no more than what is left of the true one by 65,536. */
function disagrees(listed: number, { statedEntries, isZip64 }: ZipEnd): boolean {
  if (listed < statedEntries) return true;
  return !isZip64 && listed >= COUNTED_IN_16_BITS && listed % COUNTED_IN_16_BITS !== statedEntries;
}

function sumPackedBytes(entries: readonly ZipEntry[]): number {
  return entries.reduce((sum, { packedBytes }) => sum + packedBytes, 0);
}

/** The records from `start` to `end` exactly, or null when something else lies between. */
async function readRecords(
  window: ZipWindow,
  { start, end, signal }: { start: number; end: number; signal: AbortSignal },
): Promise<ZipEntry[] | 'too-many' | null> {
  const entries: ZipEntry[] = [];
  let position = start;
  while (position < end) {
    signal.throwIfAborted();
    const block = await window.read(position, Math.min(BLOCK_BYTES, end - position));
    let used = 0;
    while (used < block.length) {
      const parsed = parseRecord(block, used);
      if (!parsed) break;
      if (entries.push(parsed.entry) > IMPORT_LIMITS.filesMax) return 'too-many';
      used += parsed.bytes;
    }
    // A record is shorter than a block: where none is found at its beginning, there is none.
    if (used === 0) return isSignature(block) ? entries : null;
    position += used;
  }
  return entries;
}

/** A signed directory ends with its signature, which no current program writes. */
function isSignature(block: Buffer): boolean {
  const headBytes = 6;
  if (block.length < headBytes || block.readUInt32LE(0) !== DIRECTORY_SIGNATURE) return false;
  return block.length === headBytes + block.readUInt16LE(4);
}
