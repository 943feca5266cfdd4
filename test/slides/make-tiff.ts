/**
 * Writes a TIFF or BigTIFF, in either byte order, from fields as they are given, so that a test can claim anything in
 * one. Tiles are written before the directory that names them, and directories below another before that one.
 */

export type TiffFields = Record<number, number | number[] | string | Buffer>;
export type MadeDirectory = {
  fields: TiffFields;
  /** Their places become the fields 324 and 325, unless those are given. */
  tiles?: readonly Buffer[];
  below?: readonly MadeDirectory[];
};
export type MadeTiff = {
  directories: readonly MadeDirectory[];
  big?: boolean;
  order?: 'II' | 'MM';
  /** The place of the directory that follows the last; 'first' makes a loop. */
  end?: 'first' | number;
};

type Type = { code: number; bytes: number };
const BYTE: Type = { code: 7, bytes: 1 };
const ASCII: Type = { code: 2, bytes: 1 };
const LONG: Type = { code: 4, bytes: 4 };
const LONG8: Type = { code: 16, bytes: 8 };
/** Fields that are fractions: each number is written as so many thousandths. */
const FRACTIONS = new Set([282, 283]);
const FRACTION: Type = { code: 5, bytes: 8 };

export function makeTiff({ directories, big = false, order = 'II', end = 0 }: MadeTiff): Buffer {
  const writer = new Writer(big, order);
  const firstAt = writer.chain(directories, end);
  return writer.finish(firstAt);
}

/** The fields of a page of RGB tiles of 64 x 64 px, without a coding. */
export function rgbFields(width: number, height: number, more: TiffFields = {}): TiffFields {
  return {
    256: width,
    257: height,
    258: [8, 8, 8],
    259: 1,
    262: 2,
    277: 3,
    284: 1,
    322: 64,
    323: 64,
    ...more,
  };
}

/** A tile of one colour. */
export function plainTile(colour: readonly [number, number, number], side = 64): Buffer {
  return Buffer.from(Array.from({ length: side * side }, () => colour).flat());
}

class Writer {
  readonly #parts: Buffer[] = [];
  readonly #big: boolean;
  readonly #order: 'II' | 'MM';
  #length: number;

  constructor(big: boolean, order: 'II' | 'MM') {
    this.#big = big;
    this.#order = order;
    this.#length = big ? 16 : 8;
  }

  chain(directories: readonly MadeDirectory[], end: number | 'first'): number {
    const places: number[] = [];
    const links: Buffer[] = [];
    for (const directory of directories) {
      const { at, link } = this.#directory(directory);
      places.push(at);
      links.push(link);
    }
    const last = end === 'first' ? places[0]! : end;
    for (const [index, link] of links.entries())
      this.#number(places[index + 1] ?? last, this.#offset).copy(link);
    return places[0] ?? 0;
  }

  finish(firstAt: number): Buffer {
    const short = (value: number) => this.#number(value, { code: 3, bytes: 2 });
    const head = this.#big ? [short(43), short(8), short(0)] : [short(42)];
    const header = [Buffer.from(this.#order, 'latin1'), ...head, this.#number(firstAt, this.#offset)];
    return Buffer.concat([...header, ...this.#parts]);
  }

  get #offset(): Type {
    return this.#big ? LONG8 : LONG;
  }

  #put(bytes: Buffer): number {
    const at = this.#length;
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return at;
  }

  #directory({ fields, tiles, below }: MadeDirectory): { at: number; link: Buffer } {
    // The very same bytes, given several times, are written once.
    const written = new Map<Buffer, number>();
    const places = (tiles ?? []).map((tile) => {
      const place = written.get(tile) ?? this.#put(tile);
      written.set(tile, place);
      return place;
    });
    const tileFields: TiffFields = tiles ? { 324: places, 325: tiles.map(({ length }) => length) } : {};
    const belowFields: TiffFields = below ? { 330: below.map((one) => this.#below(one)) } : {};
    const entries = Object.entries({ ...tileFields, ...belowFields, ...fields });
    const rows = entries.map(([tag, value]) => this.#entry(Number(tag), value));
    const link = Buffer.alloc(this.#offset.bytes);
    const count = this.#number(rows.length, { code: 0, bytes: this.#big ? 8 : 2 });
    const at = this.#put(Buffer.concat([count, ...rows]));
    this.#put(link);
    return { at, link };
  }

  #below(directory: MadeDirectory): number {
    return this.#directory(directory).at;
  }

  #entry(tag: number, value: TiffFields[number]): Buffer {
    const { type, count, bytes } = this.#value(tag, value);
    const room = this.#offset.bytes;
    const inline = Buffer.alloc(room);
    if (bytes.length <= room) bytes.copy(inline);
    else this.#number(this.#put(bytes), this.#offset).copy(inline);
    const head = [this.#number(tag, { code: 3, bytes: 2 }), this.#number(type.code, { code: 3, bytes: 2 })];
    return Buffer.concat([...head, this.#number(count, this.#offset), inline]);
  }

  #value(tag: number, value: TiffFields[number]): { type: Type; count: number; bytes: Buffer } {
    if (Buffer.isBuffer(value)) return { type: BYTE, count: value.length, bytes: value };
    if (typeof value === 'string') {
      const bytes = Buffer.from(`${value}\0`, 'utf8');
      return { type: ASCII, count: bytes.length, bytes };
    }
    const numbers = Array.isArray(value) ? value : [value];
    const type = FRACTIONS.has(tag) ? FRACTION : this.#big ? LONG8 : LONG;
    const bytes = Buffer.concat(numbers.map((one) => this.#number(one, type)));
    return { type, count: numbers.length, bytes };
  }

  #number(value: number, type: Type): Buffer {
    if (type === FRACTION)
      return Buffer.concat([this.#number(Math.round(value * 1000), LONG), this.#number(1000, LONG)]);
    const bytes = Buffer.alloc(type.bytes);
    const little = this.#order === 'II';
    if (type.bytes === 8) {
      if (little) bytes.writeBigUInt64LE(BigInt(value));
      else bytes.writeBigUInt64BE(BigInt(value));
    } else if (little) bytes.writeUIntLE(value, 0, type.bytes);
    else bytes.writeUIntBE(value, 0, type.bytes);
    return bytes;
  }
}
