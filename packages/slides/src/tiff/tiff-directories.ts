/**
 * The directories of a TIFF or BigTIFF, in either byte order, read strictly: no loop is followed, nothing is read that
 * the file does not hold, and what a field holds is read only when it is asked for, within a limit.
 */
import type { RandomAccessFile } from '../file/random-access-file.ts';
import { formatNumber, slideFault } from '../slide-fault.ts';
import { TAGS, type TagName } from './tiff-tags.ts';

const DIRECTORIES_MAX = 1000;
const FIELDS_MAX = 1000;
/** By the code of a field's type, from 1: BYTE, ASCII, SHORT … and BigTIFF's LONG8, SLONG8, IFD8. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

type Field = { type: number; count: number; valueOffset: number };

export type TiffDirectory = {
  offset: number;
  has(tag: TagName): boolean;
  /** Null where the directory has no such field. */
  readNumbers(tag: TagName, countMax: number): Promise<Float64Array | null>;
  /** Its beginning, where it is longer than the limit. */
  readText(tag: TagName, bytesMax: number): Promise<string | null>;
  readBytes(tag: TagName, bytesMax: number): Promise<Buffer | null>;
};

export type TiffReader = {
  file: RandomAccessFile;
  /** The chain that starts in the header. */
  readChain(): Promise<TiffDirectory[]>;
  readDirectory(offset: number): Promise<TiffDirectory>;
};

type Layout = { little: boolean; big: boolean; firstOffset: number };

/** Null where the file is no TIFF at all. */
export async function openTiff(file: RandomAccessFile): Promise<TiffReader | null> {
  const layout = await readHeader(file);
  if (!layout) return null;
  const seen = new Set<number>();
  const readOne = (offset: number) => {
    if (seen.has(offset)) throw slideFault(file.path, `has a loop of directories at byte ${offset}.`);
    seen.add(offset);
    if (seen.size > DIRECTORIES_MAX)
      throw slideFault(file.path, `has more than ${formatNumber(DIRECTORIES_MAX)} directories.`);
    return readDirectoryAt(file, layout, offset);
  };
  return {
    file,
    async readChain() {
      const chain: TiffDirectory[] = [];
      for (let offset = layout.firstOffset; offset !== 0; ) {
        const { directory, nextOffset } = await readOne(offset);
        chain.push(directory);
        offset = nextOffset;
      }
      return chain;
    },
    readDirectory: async (offset) => (await readOne(offset)).directory,
  };
}

async function readHeader(file: RandomAccessFile): Promise<Layout | null> {
  if (file.sizeBytes < 16) return null;
  const header = await file.read(0, 16, 'its header');
  const order = header.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const little = order === 'II';
  const version = readUnsigned(header, 2, 2, little);
  if (version === 42) return { little, big: false, firstOffset: readUnsigned(header, 4, 4, little) };
  if (version !== 43 || readUnsigned(header, 4, 2, little) !== 8) return null;
  return { little, big: true, firstOffset: readUnsigned(header, 8, 8, little) };
}

async function readDirectoryAt(file: RandomAccessFile, { little, big }: Layout, offset: number) {
  const what = `the directory at byte ${formatNumber(offset)}`;
  const countBytes = big ? 8 : 2;
  const offsetBytes = big ? 8 : 4;
  const entryBytes = big ? 20 : 12;
  const count = readUnsigned(await file.read(offset, countBytes, what), 0, countBytes, little);
  if (count === 0 || count > FIELDS_MAX)
    throw slideFault(file.path, `is damaged: ${what} claims ${formatNumber(count)} fields.`);
  const start = offset + countBytes;
  const table = await file.read(start, count * entryBytes + offsetBytes, what);
  const fields = new Map<number, Field>();
  for (let at = 0; at < count * entryBytes; at += entryBytes) {
    const type = readUnsigned(table, at + 2, 2, little);
    const fieldCount = readUnsigned(table, at + 4, offsetBytes, little);
    const valueAt = at + 4 + offsetBytes;
    const isInline = (TYPE_BYTES[type] ?? 0) * fieldCount <= offsetBytes;
    const valueOffset = isInline ? start + valueAt : readUnsigned(table, valueAt, offsetBytes, little);
    fields.set(readUnsigned(table, at, 2, little), { type, count: fieldCount, valueOffset });
  }
  return {
    directory: new Directory(file, little, offset, fields),
    nextOffset: readUnsigned(table, count * entryBytes, offsetBytes, little),
  };
}

class Directory implements TiffDirectory {
  readonly offset: number;
  readonly #file: RandomAccessFile;
  readonly #little: boolean;
  readonly #fields: ReadonlyMap<number, Field>;

  constructor(file: RandomAccessFile, little: boolean, offset: number, fields: ReadonlyMap<number, Field>) {
    this.#file = file;
    this.#little = little;
    this.offset = offset;
    this.#fields = fields;
  }

  has(tag: TagName): boolean {
    return this.#fields.has(TAGS[tag]);
  }

  async readNumbers(tag: TagName, countMax: number): Promise<Float64Array | null> {
    const field = this.#fields.get(TAGS[tag]);
    if (!field) return null;
    const size = TYPE_BYTES[field.type] ?? 0;
    if (field.count > countMax || size === 0) throw this.#refuse(tag, field);
    const bytes = await this.#file.read(field.valueOffset, size * field.count, `the field ${tag}`);
    const read = numberReader(field.type, size, this.#little);
    return Float64Array.from({ length: field.count }, (_, index) => read(bytes, index * size));
  }

  async readText(tag: TagName, bytesMax: number): Promise<string | null> {
    const field = this.#fields.get(TAGS[tag]);
    if (!field || TYPE_BYTES[field.type] !== 1) return null;
    const bytes = await this.#file.read(
      field.valueOffset,
      Math.min(field.count, bytesMax),
      `the field ${tag}`,
    );
    return bytes.toString('utf8').replace(/\0[\s\S]*$/, '');
  }

  async readBytes(tag: TagName, bytesMax: number): Promise<Buffer | null> {
    const field = this.#fields.get(TAGS[tag]);
    if (!field) return null;
    if (TYPE_BYTES[field.type] !== 1 || field.count > bytesMax) throw this.#refuse(tag, field);
    return this.#file.read(field.valueOffset, field.count, `the field ${tag}`);
  }

  #refuse(tag: TagName, { type, count }: Field): Error {
    const claim = `the field ${tag} claims ${formatNumber(count)} values of type ${type}`;
    return slideFault(this.#file.path, `is damaged: ${claim}.`);
  }
}

type ReadNumber = (bytes: Buffer, at: number) => number;

function numberReader(type: number, size: number, little: boolean): ReadNumber {
  if (type === 11) return little ? (b, at) => b.readFloatLE(at) : (b, at) => b.readFloatBE(at);
  if (type === 12) return little ? (b, at) => b.readDoubleLE(at) : (b, at) => b.readDoubleBE(at);
  // A fraction: two unsigned numbers.
  if (type === 5) return (b, at) => readUnsigned(b, at, 4, little) / readUnsigned(b, at + 4, 4, little);
  return (b, at) => readUnsigned(b, at, size, little);
}

/** A number of 64 bits beyond 2^53 is larger than any file: that it is not exact changes nothing. */
function readUnsigned(bytes: Buffer, at: number, size: number, little: boolean): number {
  if (size === 8) return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
}
