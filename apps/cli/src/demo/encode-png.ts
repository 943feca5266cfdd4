/**
 * The smallest PNG writer: 8-bit RGB, unfiltered and stored rather than compressed, so that the bytes (and with
 * them the digest of a generated dataset) depend on no compressor's version.
 */

import { constants, crc32, deflateSync } from 'node:zlib';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BITS_PER_CHANNEL = 8;
const COLOR_TYPE_RGB = 2;

/** Encodes height × width × 3 bytes, rows from the top. */
export function encodePng({
  pixels,
  widthPx,
  heightPx,
}: {
  pixels: Uint8Array;
  widthPx: number;
  heightPx: number;
}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([BITS_PER_CHANNEL, COLOR_TYPE_RGB], 8);
  const rowBytes = widthPx * RGB_CHANNELS;
  const filtered = Buffer.alloc((rowBytes + 1) * heightPx);
  for (let row = 0; row < heightPx; row++) {
    // Each row opens with its filter's number, 0 for none.
    filtered.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1);
  }
  const data = deflateSync(filtered, { level: constants.Z_NO_COMPRESSION });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
