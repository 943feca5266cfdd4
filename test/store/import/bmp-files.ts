/** BMP files as image programs write them, bit by bit by the format's own description: a picture of 5 x 3 in each depth. */

export type Rgb = readonly [number, number, number];

type BmpWish = {
  bitsPerPixel: 1 | 4 | 8 | 16 | 24 | 32;
  rows: readonly (readonly number[])[];
  palette?: readonly Rgb[];
  /** Red, green, blue and, when there are four, alpha. */
  masks?: readonly number[];
  isTopDown?: boolean;
  /** The header of 12 bytes, of the first version. */
  isOldest?: boolean;
};

/** `rows`, from the top, hold entries of the palette or whole pixel values (for 24 bits 0xRRGGBB). */
export function writeBmp({ bitsPerPixel, rows, palette = [], masks, isTopDown, isOldest }: BmpWish): Buffer {
  const [width, height] = [rows[0]?.length ?? 0, rows.length];
  const isLong = masks?.length === 4;
  const headerBytes = isOldest ? 12 : isLong ? 56 : 40;
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(headerBytes, 0);
  if (isOldest) {
    Buffer.from(Uint16Array.of(width, height, 1, bitsPerPixel).buffer).copy(header, 4);
  } else {
    header.writeInt32LE(width, 4);
    header.writeInt32LE(isTopDown ? -height : height, 8);
    header.writeUInt16LE(1, 12);
    header.writeUInt16LE(bitsPerPixel, 14);
    header.writeUInt32LE(masks ? 3 : 0, 16);
    header.writeUInt32LE(palette.length, 32);
  }
  const given = Buffer.from(Uint32Array.from(masks ?? []).buffer);
  if (isLong) given.copy(header, 40);
  const after = isLong ? Buffer.alloc(0) : given;
  const entries = palette.map(([red, green, blue]) => [blue, green, red, ...(isOldest ? [] : [0])]);
  const lines = rows.map((row) => packRow(row, bitsPerPixel));
  const head = Buffer.concat([header, after, Buffer.from(entries.flat())]);
  const file = Buffer.alloc(14);
  file.write('BM', 'latin1');
  file.writeUInt32LE(14 + head.length, 10);
  return Buffer.concat([file, head, ...(isTopDown ? lines : lines.toReversed())]);
}

/** Rows end at whole multiples of four bytes. */
function packRow(row: readonly number[], bitsPerPixel: number): Buffer {
  const bits = row.map((value) => {
    if (bitsPerPixel <= 8) return value.toString(2).padStart(bitsPerPixel, '0');
    const bytes = Array.from({ length: bitsPerPixel / 8 }, (_, at) => Math.floor(value / 256 ** at) % 256);
    return bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  });
  const text = bits.join('');
  const padded = text.padEnd(Math.ceil(text.length / 32) * 32, '0');
  return Buffer.from((padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
