/**
 * Where the entries of a zip really lie. Stated places count from the first entry, so that bytes before it shift
 * them all, and have 32 bits, so that in a file of more than 4 GB without zip64 they begin again from 0.
 */
import { LOCAL_FIXED_BYTES, LOCAL_SIGNATURE } from './local-header.ts';
import type { ZipEnd } from './zip-end.ts';
import type { ZipEntry } from './zip-record.ts';
import type { ZipWindow } from './zip-window.ts';

const BYTES_OF_32_BITS = 2 ** 32;

/** Puts every entry's `headerOffset` right, for a directory that really begins at `start`. */
export async function locateEntries(
  window: ZipWindow,
  entries: readonly ZipEntry[],
  { end, start }: { end: ZipEnd; start: number },
): Promise<void> {
  const [first] = entries;
  if (!first) return;
  const shift = end.statedOffset === null ? 0 : start - end.statedOffset;
  const turns = end.isZip64 ? 0 : Math.floor(shift / BYTES_OF_32_BITS);
  if (turns > 0) unfoldOffsets(entries);
  const head = shift - turns * BYTES_OF_32_BITS;
  // Some programs count from the first byte of the file even where other bytes stand before the first entry.
  if (head <= 0 || !(await isEntryAt(window, first.headerOffset + head))) return;
  for (const entry of entries) entry.headerOffset += head;
}

/** Entries lie in the order of the directory: one that would begin within the one before it lies 4 GB further. */
function unfoldOffsets(entries: readonly ZipEntry[]): void {
  let turned = 0;
  let free = 0;
  for (const entry of entries) {
    while (entry.headerOffset + turned < free) turned += BYTES_OF_32_BITS;
    entry.headerOffset += turned;
    free = entry.headerOffset + LOCAL_FIXED_BYTES + entry.nameBytes + entry.packedBytes;
  }
}

async function isEntryAt(window: ZipWindow, position: number): Promise<boolean> {
  const bytes = await window.read(position, 4);
  return bytes.length === 4 && bytes.readUInt32LE(0) === LOCAL_SIGNATURE;
}
