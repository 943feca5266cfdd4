/** The pixels of a BMP file, which the decoder of all other kinds does not read: RGB, or RGBA where it has alpha. */
import type { BmpHeader, BmpMask } from './headers/bmp-header.ts';

const RGB = 3;
const RGBA = 4;
const BYTE_MAX = 255;

/** The file must be whole (see the header). Entries beyond the palette throw. */
export function decodeBmp(
  file: Buffer,
  { width, height, bmp }: BmpHeader,
): { data: Buffer; channels: number } {
  const channels = bmp.masks[3] ? RGBA : RGB;
  const data = Buffer.alloc(width * height * channels);
  const rowBytes = Math.ceil((width * bmp.bitsPerPixel) / 32) * 4;
  for (let y = 0; y < height; y++) {
    const row = bmp.isTopDown ? y : height - 1 - y;
    const start = bmp.pixelOffset + row * rowBytes;
    const source = file.subarray(start, start + rowBytes);
    const target = data.subarray(y * width * channels, (y + 1) * width * channels);
    if (bmp.palette.length > 0) readEntries(source, target, bmp);
    else if (bmp.bitsPerPixel === 24) readColours(source, target);
    else readMasked(source, target, bmp);
  }
  return { data, channels };
}

function readEntries(source: Buffer, target: Buffer, { bitsPerPixel, palette }: BmpHeader['bmp']): void {
  const perByte = 8 / bitsPerPixel;
  const largest = 2 ** bitsPerPixel - 1;
  for (let x = 0, to = 0; to < target.length; x++, to += RGB) {
    const byte = source[Math.floor(x / perByte)] as number;
    const colour = palette[(byte >> ((perByte - 1 - (x % perByte)) * bitsPerPixel)) & largest];
    if (!colour) throw new Error('an entry beyond the palette');
    target.set(colour, to);
  }
}

/** Blue, green, red. */
function readColours(source: Buffer, target: Buffer): void {
  for (let at = 0; at < target.length; at += RGB) {
    target[at] = source[at + 2] as number;
    target[at + 1] = source[at + 1] as number;
    target[at + 2] = source[at] as number;
  }
}

function readMasked(source: Buffer, target: Buffer, { bitsPerPixel, masks }: BmpHeader['bmp']): void {
  const bytes = bitsPerPixel / 8;
  const present = masks.filter((mask): mask is BmpMask => mask !== null);
  for (let from = 0, to = 0; to < target.length; from += bytes, to += present.length) {
    const pixel = bytes === 2 ? source.readUInt16LE(from) : source.readUInt32LE(from);
    present.forEach(({ shift, largest }, channel) => {
      const value = Math.floor(pixel / 2 ** shift) % (largest + 1);
      target[to + channel] = Math.round((value * BYTE_MAX) / largest);
    });
  }
}
