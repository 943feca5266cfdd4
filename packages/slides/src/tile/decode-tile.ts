/**
 * The compressed bytes of one tile become RGB. What each coding claims is compared with the tile's size before anything
 * is decoded, so that no stream makes more room than its tile has.
 */
import sharp from 'sharp';
import { decodeInThread } from '../codec/codec-pool.ts';
import type { CodecName } from '../codec/codec-thread.ts';
import { readJpeg2000Header, readJpegLsHeader } from '../codec/codestream-header.ts';
import { type JpegColour, makeWholeJpeg } from '../jpeg/jpeg-stream.ts';
import { toRgb } from '../region/tiled-image.ts';
import { TILE_MAX_PIXELS } from '../slide.ts';

type Size = { width: number; height: number };

/** Throws an error that says what is wrong with the tile; the caller knows which tile it is. */
export async function decodeJpeg(
  stream: Buffer,
  { size, colour, tables }: { size: Size; colour: JpegColour; tables: Buffer | null },
): Promise<Uint8Array> {
  const jpeg = makeWholeJpeg(stream, tables, colour);
  checkClaim(jpeg, size);
  return decodeByLibvips(jpeg.bytes, size);
}

export async function decodeByCodec(
  stream: Buffer,
  { size, codec, colour }: { size: Size; codec: CodecName; colour: JpegColour },
): Promise<Uint8Array> {
  const header = codec === 'JPEG_2000' ? readJpeg2000Header(stream) : readJpegLsHeader(stream);
  checkClaim(header, size);
  if (header.bitsPerSample !== 8) throw new Error(`it has ${header.bitsPerSample} bits a colour, not 8`);
  const { samples, components } = await decodeInThread({ codec, bytes: stream });
  // The codec brings colours that have fewer pixels to RGB itself, and no others.
  if (colour === 'YCBCR' && components === 3 && !header.isSubsampled) convertYcbcr(samples);
  return toRgb(samples, components);
}

/** A picture that libvips knows, in memory. */
export async function decodeByLibvips(picture: Buffer, { width, height }: Size): Promise<Uint8Array> {
  const { data, info } = await sharp(picture, { failOn: 'error', limitInputPixels: TILE_MAX_PIXELS })
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.width !== width || info.height !== height)
    throw new Error(`it has ${info.width} x ${info.height} px, not ${width} x ${height}`);
  return toRgb(data, info.channels);
}

function checkClaim(claim: Size & { components: number }, { width, height }: Size): void {
  if (claim.width !== width || claim.height !== height)
    throw new Error(`it claims ${claim.width} x ${claim.height} px, not ${width} x ${height}`);
  if (![1, 3, 4].includes(claim.components)) throw new Error(`it has ${claim.components} colours`);
}

/** In place, full range, as JPEG has it. */
function convertYcbcr(samples: Uint8Array): void {
  const clamped = new Uint8ClampedArray(samples.buffer, samples.byteOffset, samples.length);
  for (let at = 0; at < samples.length; at += 3) {
    const y = samples[at] ?? 0;
    const cb = (samples[at + 1] ?? 0) - 128;
    const cr = (samples[at + 2] ?? 0) - 128;
    clamped[at] = y + 1.402 * cr;
    clamped[at + 1] = y - 0.344136 * cb - 0.714136 * cr;
    clamped[at + 2] = y + 1.772 * cb;
  }
}
