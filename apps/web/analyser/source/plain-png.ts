/**
 * PNG as patches are mostly kept (8 bits, grey or RGB, nothing transparent, not interlaced), without a canvas: the browser's decoder
 * and the way back out of a picture cost a small patch several times what its bytes do. Colours are as they are kept.
 */
import { inflate } from './inflate.ts';
import { RGB } from './pixel-source.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type PlainPng = { width: number; height: number; pixels: Uint8Array };

const SIGNATURE_BYTES = 8;
/** Of a chunk: length and name before its bytes, a check sum behind them. */
const [LENGTH_BYTES, NAME_BYTES, SUM_BYTES] = [4, 4, 4];
const HEADER_BYTES = 13;
/** Of the header: 8 bits a colour, deflate, the five filters, not interlaced. */
const [BITS_AT, COLOUR_AT] = [8, 9];
const PLAIN_TAIL = [0, 0, 0];
const GREY = 0;
const COLOURED = 2;

/** RGB. Null where it is another kind of PNG, or damaged: the browser's decoder says then what to think of it. */
export async function decodePlainPng(file: Bytes): Promise<PlainPng | null> {
  const chunks = listChunks(file);
  const header = chunks?.[0];
  if (!chunks || header?.name !== 'IHDR' || header.bytes.length !== HEADER_BYTES) return null;
  const view = new DataView(header.bytes.buffer, header.bytes.byteOffset);
  const [width, height, colour] = [view.getUint32(0), view.getUint32(4), header.bytes[COLOUR_AT]];
  const isPlain =
    header.bytes[BITS_AT] === 8 &&
    (colour === GREY || colour === COLOURED) &&
    PLAIN_TAIL.every((value, at) => header.bytes[COLOUR_AT + 1 + at] === value) &&
    !chunks.some(({ name }) => name === 'tRNS');
  if (!isPlain || width < 1 || height < 1) return null;
  const samples = colour === COLOURED ? RGB : 1;
  const packed = join(chunks.filter(({ name }) => name === 'IDAT').map(({ bytes }) => bytes));
  const length = height * (1 + width * samples);
  const lines = await inflate(packed, length + 1).catch(() => null);
  const rows = lines?.length === length ? unfilter(lines, { width, height, samples }) : null;
  if (!rows) return null;
  return { width, height, pixels: samples === RGB ? rows : spread(rows) };
}

type Chunk = { name: string; bytes: Bytes };

/** Null where it is no PNG, or ends before it says that it does. */
function listChunks(file: Bytes): Chunk[] | null {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; at + LENGTH_BYTES + NAME_BYTES + SUM_BYTES <= file.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...file.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + NAME_BYTES));
    const from = at + LENGTH_BYTES + NAME_BYTES;
    if (from + length + SUM_BYTES > file.length) return null;
    if (name === 'IEND') return chunks;
    chunks.push({ name, bytes: file.subarray(from, from + length) });
    at = from + length + SUM_BYTES;
  }
  return null;
}

type Lines = { width: number; height: number; samples: number };

/** Each line is kept as its difference to its surroundings, in one of five ways, of which its first byte tells. Null where it tells another. */
function unfilter(lines: Uint8Array, { width, height, samples }: Lines): Uint8Array | null {
  const lineBytes = width * samples;
  const rows = new Uint8Array(height * lineBytes);
  for (let row = 0; row < height; row++) {
    const from = row * (lineBytes + 1);
    const filter = lines[from] ?? 0;
    if (filter > 4) return null;
    const start = row * lineBytes;
    for (let at = 0; at < lineBytes; at++) {
      const left = at >= samples ? (rows[start + at - samples] ?? 0) : 0;
      const above = row > 0 ? (rows[start + at - lineBytes] ?? 0) : 0;
      const corner = row > 0 && at >= samples ? (rows[start + at - lineBytes - samples] ?? 0) : 0;
      rows[start + at] = (lines[from + 1 + at] ?? 0) + foretell(filter, left, above, corner);
    }
  }
  return rows;
}

/** What a byte is supposed to be, by the way of its line. */
function foretell(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4:
      return nearest(left, above, corner);
    default:
      return 0;
  }
}

/** Paeth's: of the three the one that is nearest to left + above − corner. */
function nearest(left: number, above: number, corner: number): number {
  const [byLeft, byAbove, byCorner] = [
    Math.abs(above - corner),
    Math.abs(left - corner),
    Math.abs(left + above - 2 * corner),
  ];
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

function spread(grey: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(grey.length * RGB);
  for (const [at, value] of grey.entries()) pixels.fill(value, at * RGB, (at + 1) * RGB);
  return pixels;
}

function join(parts: readonly Bytes[]): Bytes {
  if (parts.length === 1) return parts[0] as Bytes;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
