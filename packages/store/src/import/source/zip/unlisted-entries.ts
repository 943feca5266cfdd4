/**
 * Looks for entries that a zip's directory does not name: before its first entry, between its last one and the
 * directory, and behind the end record. Two zips joined into one file, or a directory whose beginning is lost, would
 * otherwise be read as fewer files than there are. Between two entries old copies may lie, as in a zip that was
 * changed in place: there the directory counts, and only a name that it does not have at all is reported.
 */
import { LOCAL_FIXED_BYTES, LOCAL_SIGNATURE } from './local-header.ts';
import { decodePath, RECORD_FIXED_BYTES, RECORD_SIGNATURE, type ZipEntry } from './zip-record.ts';
import type { ZipWindow } from './zip-window.ts';

const BLOCK_BYTES = 1024 * 1024;
/** Blocks overlap by what an entry or record needs to be recognised, with a name as long as a name is. */
const OVERLAP_BYTES = 2048;
const SIGNATURE_START = Buffer.from('PK', 'latin1');
const VERSION_MAX = 63;
const NAME_BYTES_MAX = 1024;
/** Every way of packing that the format knows. */
const METHODS = new Set([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 16, 18, 19, 20, 93, 94, 95, 96, 97, 98, 99]);

/** Where an entry's own header and its record in the directory hold the same facts. */
const SHAPES = [
  { signature: LOCAL_SIGNATURE, version: 4, method: 8, nameBytes: 26, fixedBytes: LOCAL_FIXED_BYTES },
  { signature: RECORD_SIGNATURE, version: 6, method: 10, nameBytes: 28, fixedBytes: RECORD_FIXED_BYTES },
] as const;

type Listing = { entries: readonly ZipEntry[]; signal: AbortSignal };

/** The end of a sentence that says what was found; null when the directory names everything. */
export async function findUnlisted(
  window: ZipWindow,
  { entries, start, end, signal }: Listing & { start: number; end: number },
): Promise<string | null> {
  let firstEntry = start;
  let last: ZipEntry | null = null;
  for (const entry of entries) {
    firstEntry = Math.min(firstEntry, entry.headerOffset);
    if (leastEnd(entry) <= start && entry.headerOffset >= (last?.headerOffset ?? 0)) last = entry;
  }
  const lastByte = last ? leastEnd(last) + (await readExtraBytes(window, last)) : 0;
  for (const [from, to] of [
    [0, firstEntry],
    [Math.max(lastByte, firstEntry), start],
    [end, window.sizeBytes],
  ] as const) {
    const at = await findEntry(window, { from, to, entries, signal });
    if (at !== null) return `holds an entry at byte ${at} that its directory does not name`;
  }
  return null;
}

/** The names between listed entries that no record has: they were deleted in place, or the directory lost them. */
export async function findSkippedNames(
  window: ZipWindow,
  { entries, start, signal }: Listing & { start: number },
): Promise<string[]> {
  const listed = new Set(entries.map(({ path }) => path));
  const inOrder = entries
    .filter((entry) => leastEnd(entry) <= start)
    .sort((a, b) => a.headerOffset - b.headerOffset);
  const skipped = new Set<string>();
  for (const [place, entry] of inOrder.entries()) {
    const next = inOrder[place + 1]?.headerOffset ?? 0;
    const least = leastEnd(entry);
    if (next - least <= LOCAL_FIXED_BYTES) continue;
    signal.throwIfAborted();
    for (const name of await listNames(window, least + (await readExtraBytes(window, entry)), next))
      if (!listed.has(name)) skipped.add(name);
  }
  return [...skipped];
}

/** Of the entries that lie between `from` and `to`, one behind the other. */
async function listNames(window: ZipWindow, from: number, to: number): Promise<string[]> {
  const names: string[] = [];
  for (let position = from; position + LOCAL_FIXED_BYTES < to; ) {
    const block = await window.read(position, Math.min(BLOCK_BYTES, to - position));
    const at = findLocalHeader(block);
    if (at === null) {
      if (position + block.length >= to) break;
      position += Math.max(1, block.length - OVERLAP_BYTES);
      continue;
    }
    const nameEnd = at + LOCAL_FIXED_BYTES + block.readUInt16LE(at + 26);
    names.push(decodePath(block.subarray(at + LOCAL_FIXED_BYTES, nameEnd)));
    // Its own bytes may be a zip: they are passed over where its header says how many they are.
    position += nameEnd + block.readUInt16LE(at + 28) + block.readUInt32LE(at + 18);
  }
  return names;
}

function findLocalHeader(block: Buffer): number | null {
  for (let at = block.indexOf(SIGNATURE_START); at >= 0; at = block.indexOf(SIGNATURE_START, at + 1))
    if (isOfShape(block, at, SHAPES[0])) return at;
  return null;
}

/** Where an entry's bytes end, if its own header has no extra fields. */
function leastEnd({ headerOffset, nameBytes, packedBytes }: ZipEntry): number {
  return headerOffset + LOCAL_FIXED_BYTES + nameBytes + packedBytes;
}

async function readExtraBytes(window: ZipWindow, { headerOffset }: ZipEntry): Promise<number> {
  const header = await window.read(headerOffset, LOCAL_FIXED_BYTES);
  const isHeader = header.length === LOCAL_FIXED_BYTES && header.readUInt32LE(0) === LOCAL_SIGNATURE;
  return isHeader ? header.readUInt16LE(28) : 0;
}

async function findEntry(
  window: ZipWindow,
  { from, to, entries, signal }: Listing & { from: number; to: number },
): Promise<number | null> {
  const listed = new Set(entries.map(({ headerOffset }) => headerOffset));
  for (let position = from; position < to; position += BLOCK_BYTES) {
    signal.throwIfAborted();
    const block = await window.read(position, Math.min(BLOCK_BYTES + OVERLAP_BYTES, to - position));
    for (let at = block.indexOf(SIGNATURE_START); at >= 0; at = block.indexOf(SIGNATURE_START, at + 1)) {
      const isEntry = SHAPES.some((shape) => isOfShape(block, at, shape));
      if (isEntry && !listed.has(position + at)) return position + at;
    }
  }
  return null;
}

/**
 * The head of a self-extractor holds the signatures as well, as numbers that it compares with, but no version, way of
 * packing and name behind them.
 */
function isOfShape(block: Buffer, start: number, shape: (typeof SHAPES)[number]): boolean {
  if (start + shape.fixedBytes > block.length || block.readUInt32LE(start) !== shape.signature) return false;
  const nameBytes = block.readUInt16LE(start + shape.nameBytes);
  const nameStart = start + shape.fixedBytes;
  const name = block.subarray(nameStart, nameStart + nameBytes);
  const isNamed = nameBytes >= 1 && nameBytes <= NAME_BYTES_MAX && name.length === nameBytes;
  return (
    isNamed &&
    !name.includes(0) &&
    block.readUInt16LE(start + shape.version) % 256 <= VERSION_MAX &&
    METHODS.has(block.readUInt16LE(start + shape.method))
  );
}
