/**
 * Where each frame of an instance lies in its file. Frames without a coding follow one another; others are items behind a
 * table of their offsets, which may be empty, or too small for the file: then the items themselves are walked.
 */
import type { RandomAccessFile } from '../file/random-access-file.ts';
import { formatNumber, slideFault } from '../slide-fault.ts';
import type { DicomInstance } from './dicom-instance.ts';

const ITEM = 0xe000_fffe;
const SEQUENCE_END = 0xe0dd_fffe;
const ITEM_HEADER_BYTES = 8;
/** Fragments of one frame are few; a table that makes one frame of thousands is wrong. */
const FRAGMENTS_MAX = 1000;

/** Of the frame's first item's header, or of its first byte where there are no items; and where it ends. */
export type FrameSpans = { starts: Float64Array; ends: Float64Array };

export async function locateFrames(instance: DicomInstance): Promise<FrameSpans> {
  const spans = instance.coding === 'NONE' ? spanPlainFrames(instance) : await spanItems(instance);
  checkSpans(instance, spans);
  return spans;
}

/** The bytes of one frame, without the headers of its items. */
export async function readFrame(
  { file, coding }: DicomInstance,
  { starts, ends }: FrameSpans,
  index: number,
): Promise<Buffer> {
  const what = `frame ${formatNumber(index + 1)}`;
  const start = starts[index]!;
  const bytes = await file.read(start, ends[index]! - start, what);
  if (coding === 'NONE') return bytes;
  const fragments: Buffer[] = [];
  for (let at = 0; at + ITEM_HEADER_BYTES <= bytes.length && fragments.length < FRAGMENTS_MAX; ) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + ITEM_HEADER_BYTES + length;
    if (bytes.readUInt32LE(at) !== ITEM) break;
    if (end > bytes.length) throw slideFault(file.path, `is damaged: ${what} is longer than its place.`);
    fragments.push(bytes.subarray(at + ITEM_HEADER_BYTES, end));
    at = end;
  }
  if (fragments.length === 0) throw slideFault(file.path, `is damaged: ${what} has no pixels at its place.`);
  return fragments.length === 1 ? fragments[0]! : Buffer.concat(fragments);
}

function spanPlainFrames({ file, frame, frameCount, samplesPerPixel, pixels }: DicomInstance): FrameSpans {
  const bytes = frame.width * frame.height * samplesPerPixel;
  const held = Math.floor((pixels.length ?? 0) / bytes);
  if (held < frameCount) throw missingFrame(file, held, frameCount);
  const starts = Float64Array.from({ length: frameCount }, (_, index) => pixels.offset + index * bytes);
  return { starts, ends: starts.map((start) => start + bytes) };
}

async function spanItems(instance: DicomInstance): Promise<FrameSpans> {
  const { file, frameCount, pixels, extended } = instance;
  const table = await readItemHeader(file, pixels.offset);
  if (table?.tag !== ITEM)
    throw slideFault(file.path, 'is damaged: its frames do not begin with their table.');
  const base = pixels.offset + ITEM_HEADER_BYTES + table.length;
  if (extended?.offsets.length === frameCount) {
    const starts = extended.offsets.map((offset) => base + offset);
    return {
      starts,
      ends: starts.map((start, index) => start + ITEM_HEADER_BYTES + extended.lengths[index]!),
    };
  }
  const offsets = await readBasicTable(file, pixels.offset + ITEM_HEADER_BYTES, table.length);
  if (offsets.length === frameCount && isAscending(offsets)) {
    const starts = offsets.map((offset) => base + offset);
    const last = await walkItems(file, starts.at(-1)!, FRAGMENTS_MAX);
    return { starts, ends: starts.map((_, index) => starts[index + 1] ?? last.end) };
  }
  const { starts, end } = await walkItems(file, base, frameCount + FRAGMENTS_MAX);
  if (starts.length < frameCount) throw missingFrame(file, starts.length, frameCount);
  if (starts.length > frameCount)
    throw slideFault(
      file.path,
      `keeps ${formatNumber(frameCount)} frames in more pieces than that, without a table that tells which belong together.`,
    );
  return {
    starts: Float64Array.from(starts),
    ends: Float64Array.from(starts, (_, index) => starts[index + 1] ?? end),
  };
}

async function readBasicTable(file: RandomAccessFile, offset: number, length: number): Promise<Float64Array> {
  const bytes = await file.read(offset, length, 'the table of its frames');
  return Float64Array.from({ length: Math.floor(length / 4) }, (_, index) => bytes.readUInt32LE(index * 4));
}

/** The places of items that follow one another, until the end of the sequence, or what cannot be one. */
async function walkItems(
  file: RandomAccessFile,
  from: number,
  countMax: number,
): Promise<{ starts: number[]; end: number }> {
  const starts: number[] = [];
  let at = from;
  for (let item = await readItemHeader(file, at); item?.tag === ITEM; item = await readItemHeader(file, at)) {
    starts.push(at);
    if (starts.length > countMax) break;
    at += ITEM_HEADER_BYTES + item.length;
  }
  const next = await readItemHeader(file, at);
  if (at > file.sizeBytes || (next && next.tag !== SEQUENCE_END && starts.length <= countMax))
    throw slideFault(
      file.path,
      `is cut off or damaged: behind frame ${formatNumber(starts.length)}, at byte ${formatNumber(at)}, there is neither a frame nor the end.`,
    );
  return { starts, end: at };
}

async function readItemHeader(
  file: RandomAccessFile,
  offset: number,
): Promise<{ tag: number; length: number } | null> {
  if (offset + ITEM_HEADER_BYTES > file.sizeBytes) return null;
  const bytes = await file.read(offset, ITEM_HEADER_BYTES, 'a frame');
  return { tag: bytes.readUInt32LE(0), length: bytes.readUInt32LE(4) };
}

function isAscending(offsets: Float64Array): boolean {
  return offsets.every((offset, index) => index === 0 || offset > offsets[index - 1]!);
}

function missingFrame(file: RandomAccessFile, held: number, frameCount: number): Error {
  return slideFault(
    file.path,
    `is cut off or damaged: it holds ${formatNumber(held)} of ${formatNumber(frameCount)} frames; frame ${formatNumber(held + 1)} is missing.`,
  );
}

function checkSpans({ file, frame, samplesPerPixel }: DicomInstance, { starts, ends }: FrameSpans): void {
  const bytesMax = frame.width * frame.height * samplesPerPixel * 2 + 65_536;
  for (const [index, start] of starts.entries()) {
    const end = ends[index]!;
    if (!(start >= 0 && end > start && end <= file.sizeBytes))
      throw slideFault(
        file.path,
        `is cut off or damaged: frame ${formatNumber(index + 1)} should be at bytes ${formatNumber(start)} to ${formatNumber(end)}, and the file ends at byte ${formatNumber(file.sizeBytes)}.`,
      );
    if (end - start > bytesMax)
      throw slideFault(
        file.path,
        `is damaged: frame ${formatNumber(index + 1)} claims ${formatNumber(end - start)} bytes for ${frame.width} x ${frame.height} px.`,
      );
  }
}
