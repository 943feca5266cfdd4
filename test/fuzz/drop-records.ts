/**
 * Zips whose directory leaves out files and agrees with itself: records are taken out, and its counts, length and places
 * follow. Random bytes hardly ever come to that, and it is what a writer does whose counter overflows.
 */
const RECORD = Buffer.from('PK\u0001\u0002', 'latin1');
const END = Buffer.from('PK\u0005\u0006', 'latin1');
const END_64 = Buffer.from('PK\u0006\u0006', 'latin1');
const LOCATOR_64 = Buffer.from('PK\u0006\u0007', 'latin1');
const RECORD_BYTES = 46;

type Span = { start: number; end: number };

/** The valid zip without the directory records at these places (counted from 0, wrapped). */
export function dropRecords(valid: Buffer, dropped: readonly number[]): Buffer {
  const spans = listRecords(valid);
  const places = new Set(dropped.map((place) => place % spans.length));
  const first = spans[0]!.start;
  const last = spans.at(-1)!.end;
  const kept = spans
    .filter((_, place) => !places.has(place))
    .map(({ start, end }) => valid.subarray(start, end));
  const directory = Buffer.concat(kept);
  const bytes = Buffer.concat([valid.subarray(0, first), directory, valid.subarray(last)]);
  patchEnds(bytes, {
    records: kept.length,
    directory: directory.length,
    shift: last - first - directory.length,
  });
  return bytes;
}

function listRecords(bytes: Buffer): Span[] {
  const spans: Span[] = [];
  for (let start = bytes.indexOf(RECORD); start >= 0; ) {
    const lengths = [28, 30, 32].map((offset) => bytes.readUInt16LE(start + offset));
    const end = start + RECORD_BYTES + lengths.reduce((sum, length) => sum + length);
    spans.push({ start, end });
    start = bytes.compare(RECORD, 0, 4, end, end + 4) === 0 ? end : -1;
  }
  return spans;
}

/** `shift`: by how many bytes all that follows the directory moved to the front. */
function patchEnds(
  bytes: Buffer,
  { records, directory, shift }: Record<'records' | 'directory' | 'shift', number>,
) {
  const end = bytes.lastIndexOf(END);
  const end64 = bytes.lastIndexOf(END_64);
  if (end64 < 0) {
    bytes.writeUInt16LE(records, end + 8);
    bytes.writeUInt16LE(records, end + 10);
    bytes.writeUInt32LE(directory, end + 12);
    return;
  }
  bytes.writeBigUInt64LE(BigInt(records), end64 + 24);
  bytes.writeBigUInt64LE(BigInt(records), end64 + 32);
  bytes.writeBigUInt64LE(BigInt(directory), end64 + 40);
  const place = bytes.lastIndexOf(LOCATOR_64) + 8;
  bytes.writeBigUInt64LE(bytes.readBigUInt64LE(place) - BigInt(shift), place);
}
