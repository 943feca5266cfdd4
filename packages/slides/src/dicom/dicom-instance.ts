/**
 * One DICOM file of a slide: what its header says, read from as much of the file's beginning as the header takes, never
 * the whole file. The pixels begin where the header ends.
 */
import { AppError } from '@microtome/domain/app-error';
import dicomParser, { type DataSet } from 'dicom-parser';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import { LEVEL_SIDE_MAX_PX, LEVEL_TILES_MAX, TILE_MAX_PIXELS } from '../slide.ts';
import { formatNumber, quoted, slideFault } from '../slide-fault.ts';
import {
  DICOM_TAGS,
  type FrameCoding,
  findCoding,
  nameClass,
  nameTransferSyntax,
  WHOLE_SLIDE_CLASS,
} from './dicom-codes.ts';

const MAGIC_AT = 128;
const FIRST_READ_BYTES = 256 * 1024;
const READ_GROWTH = 8;
/** A place for each of a million frames takes about this much. */
const HEADER_MAX_BYTES = 256 * 1024 * 1024;

export type DicomInstance = {
  file: RandomAccessFile;
  series: string;
  coding: FrameCoding;
  /** VOLUME is tissue; LABEL, OVERVIEW and THUMBNAIL are pictures beside it. */
  flavour: string;
  isResampled: boolean;
  width: number;
  height: number;
  frame: { width: number; height: number };
  frameCount: number;
  samplesPerPixel: number;
  photometric: string;
  /** Colours of a frame without coding one plane after another. */
  isPlanar: boolean;
  /** Its part of a level that was written in several files; null where it is whole. */
  part: { of: string; number: number; total: number; frameOffset: number } | null;
  /** From each frame, column and row of the tile; null where frames fill the matrix in order. */
  places: { column: number; row: number }[] | null;
  micronsX: number | null;
  micronsY: number | null;
  pixels: { offset: number; length: number | null };
  extended: { offsets: Float64Array; lengths: Float64Array } | null;
};

export async function isDicom(file: RandomAccessFile): Promise<boolean> {
  if (file.sizeBytes < MAGIC_AT + 4) return false;
  return (await file.read(MAGIC_AT, 4, 'its header')).toString('latin1') === 'DICM';
}

/** Reads what is needed to tell which series a file belongs to; null where it does not say. */
export async function readSeries(file: RandomAccessFile): Promise<string | null> {
  const start = await file.read(0, Math.min(file.sizeBytes, FIRST_READ_BYTES), 'its header');
  const header = tryParse(start, DICOM_TAGS.samplesPerPixel);
  try {
    return (header && text(header, 'series')) || null;
  } catch {
    // A damaged file beside a slide belongs to no series.
    return null;
  }
}

export async function readDicomInstance(file: RandomAccessFile): Promise<DicomInstance> {
  const header = await readHeader(file);
  return withinHeader(file.path, () => readInstance(file, header));
}

/** A value may claim to go on beyond its header: that is found when it is read. */
function withinHeader<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw slideFault(path, 'is damaged: a value of its DICOM header does not come to an end.', error);
  }
}

function readInstance(file: RandomAccessFile, header: DataSet): DicomInstance {
  const sopClass = text(header, 'sopClass');
  if (sopClass !== WHOLE_SLIDE_CLASS)
    throw slideFault(file.path, `is no slide: it is ${nameClass(sopClass)}.`);
  const syntax = text(header, 'transferSyntax');
  const coding = findCoding(syntax);
  if (!coding)
    throw slideFault(
      file.path,
      `keeps its frames as ${nameTransferSyntax(syntax)}, which cannot be read here.`,
    );
  const pixels = header.elements[DICOM_TAGS.pixels];
  if (!pixels) throw slideFault(file.path, 'has no pixels.');
  const type = text(header, 'imageType').split('\\');
  const frame = { width: number(header, 'frameWidth', 0), height: number(header, 'frameHeight', 0) };
  const instance: DicomInstance = {
    file,
    series: text(header, 'series'),
    coding,
    flavour: type[2] ?? 'VOLUME',
    isResampled: type[3] === 'RESAMPLED',
    width: number(header, 'matrixWidth', 0),
    height: number(header, 'matrixHeight', 0),
    frame,
    frameCount: Number(text(header, 'frameCount') || 1),
    samplesPerPixel: number(header, 'samplesPerPixel', 1),
    photometric: text(header, 'photometric'),
    isPlanar: number(header, 'planarConfiguration', 0) === 1,
    part: readPart(header),
    places: null,
    ...readScale(header),
    pixels: { offset: pixels.dataOffset, length: pixels.hadUndefinedLength ? null : pixels.length },
    extended: readExtendedTable(header),
  };
  checkInstance(instance, header);
  instance.places = readPlaces(instance, header);
  return instance;
}

async function readHeader(file: RandomAccessFile): Promise<DataSet> {
  for (let length = FIRST_READ_BYTES; ; length *= READ_GROWTH) {
    const isWhole = length >= file.sizeBytes;
    const bytes = await file.read(0, Math.min(length, file.sizeBytes), 'its header');
    const header = tryParse(bytes, DICOM_TAGS.pixels);
    // Of a coding that is not read, no more than the beginning is known.
    const isUnread = header !== null && !findCoding(header.string(DICOM_TAGS.transferSyntax) ?? '');
    if (header && (isUnread || isWhole || header.elements[DICOM_TAGS.pixels])) return header;
    if (isWhole)
      throw slideFault(file.path, 'is cut off or damaged: its DICOM header does not come to an end.');
    if (length >= HEADER_MAX_BYTES)
      throw slideFault(file.path, `has a DICOM header of more than ${formatNumber(HEADER_MAX_BYTES)} bytes.`);
  }
}

/** Null where the bytes end too early, or are no DICOM: only the whole file tells which. */
function tryParse(bytes: Buffer, untilTag: string): DataSet | null {
  try {
    // The transfer syntax decides how the rest is read; a deflated file is never unpacked.
    const syntax = dicomParser.readPart10Header(bytes).string(DICOM_TAGS.transferSyntax) ?? '';
    if (!findCoding(syntax)) return dicomParser.readPart10Header(bytes);
    return dicomParser.parseDicom(bytes, { untilTag });
  } catch {
    return null;
  }
}

function readPart(header: DataSet): DicomInstance['part'] {
  const of = text(header, 'concatenation');
  if (!of) return null;
  return {
    of,
    number: number(header, 'numberInConcatenation', 1),
    total: number(header, 'totalInConcatenation', 1),
    frameOffset: long(header, 'concatenationFrameOffset') ?? 0,
  };
}

/** Millimetres between rows, then between columns. */
function readScale(header: DataSet): { micronsX: number | null; micronsY: number | null } {
  const shared = below(header, 'sharedGroups');
  const measures = shared && below(shared, 'pixelMeasures');
  const written = measures ? text(measures, 'pixelSpacing') : '';
  if (!written) return { micronsX: null, micronsY: null };
  const [rows, columns] = written.split('\\').map((part) => Number(part) * 1000);
  return { micronsX: columns ?? Number.NaN, micronsY: rows ?? Number.NaN };
}

function readExtendedTable(header: DataSet): DicomInstance['extended'] {
  const offsets = readLongs(header, DICOM_TAGS.extendedOffsets);
  const lengths = readLongs(header, DICOM_TAGS.extendedLengths);
  return offsets && lengths && offsets.length === lengths.length ? { offsets, lengths } : null;
}

function readLongs(header: DataSet, tag: string): Float64Array | null {
  const element = header.elements[tag];
  if (!element) return null;
  const { byteArray } = header;
  const bytes = Buffer.from(byteArray.buffer, byteArray.byteOffset + element.dataOffset, element.length);
  return Float64Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) =>
    Number(bytes.readBigUInt64LE(index * 8)),
  );
}

function checkInstance(instance: DicomInstance, header: DataSet): void {
  const { path } = instance.file;
  const { width, height, frame, frameCount, samplesPerPixel } = instance;
  const claim = `claims ${formatNumber(width)} x ${formatNumber(height)} px in frames of ${formatNumber(frame.width)} x ${formatNumber(frame.height)} px`;
  if (Math.min(width, height, frame.width, frame.height) < 1)
    throw slideFault(path, `is damaged: it ${claim}.`);
  const tiles = Math.ceil(width / frame.width) * Math.ceil(height / frame.height);
  if (
    Math.max(width, height) > LEVEL_SIDE_MAX_PX ||
    frame.width * frame.height > TILE_MAX_PIXELS ||
    tiles > LEVEL_TILES_MAX
  )
    throw slideFault(path, `${claim}, which is more than any slide has.`);
  if (!Number.isSafeInteger(frameCount) || frameCount < 1 || frameCount > LEVEL_TILES_MAX)
    throw slideFault(path, `is damaged: it claims ${quoted(text(header, 'frameCount'))} frames.`);
  const bits = [number(header, 'bitsAllocated', 0), number(header, 'bitsStored', 0)];
  if (bits.some((count) => count !== 8))
    throw slideFault(path, `has ${bits[1]} of ${bits[0]} bits a colour; a slide of stained tissue has 8.`);
  if (samplesPerPixel !== 3 && samplesPerPixel !== 1)
    throw slideFault(path, `has ${samplesPerPixel} colours a pixel; 3 or 1 can be read here.`);
  const opticalPaths = long(header, 'opticalPathCount') ?? 1;
  const focalPlanes = long(header, 'focalPlaneCount') ?? 1;
  if (opticalPaths > 1 || focalPlanes > 1)
    throw slideFault(
      path,
      `has ${opticalPaths} optical paths and ${focalPlanes} focal planes: a stack is not read here.`,
    );
}

/** Where each frame lies in a matrix that is not filled in order. */
function readPlaces(instance: DicomInstance, header: DataSet): DicomInstance['places'] {
  const items = header.elements[DICOM_TAGS.perFrameGroups]?.items;
  const organization = text(header, 'dimensionOrganization');
  if (organization === 'TILED_FULL' || !items) return null;
  const { file, frame, frameCount } = instance;
  if (items.length !== frameCount)
    throw slideFault(
      file.path,
      `is damaged: it tells the places of ${items.length} of ${frameCount} frames.`,
    );
  return items.map(({ dataSet }, index) => {
    const position = dataSet && below(dataSet, 'planePosition');
    const left = (position && signed(position, 'columnPosition')) ?? Number.NaN;
    const top = (position && signed(position, 'rowPosition')) ?? Number.NaN;
    const column = (left - 1) / frame.width;
    const row = (top - 1) / frame.height;
    if (!Number.isInteger(column) || !Number.isInteger(row) || column < 0 || row < 0)
      throw slideFault(
        file.path,
        `has frame ${index + 1} at column ${left}, row ${top}: not where a tile of ${frame.width} x ${frame.height} px begins.`,
      );
    return { column, row };
  });
}

type Tag = keyof typeof DICOM_TAGS;

function text(header: DataSet, tag: Tag): string {
  return header.string(DICOM_TAGS[tag])?.trim() ?? '';
}

function number(header: DataSet, tag: Tag, missing: number): number {
  return long(header, tag) ?? header.uint16(DICOM_TAGS[tag]) ?? missing;
}

function long(header: DataSet, tag: Tag): number | undefined {
  return header.elements[DICOM_TAGS[tag]]?.length === 4 ? header.uint32(DICOM_TAGS[tag]) : undefined;
}

function signed(header: DataSet, tag: Tag): number | undefined {
  return header.elements[DICOM_TAGS[tag]]?.length === 4 ? header.int32(DICOM_TAGS[tag]) : undefined;
}

function below(header: DataSet, tag: Tag): DataSet | undefined {
  return header.elements[DICOM_TAGS[tag]]?.items?.[0]?.dataSet;
}
