/** The compressed bytes of one tile or strip become RGB: JPEG by the browser, deflate and LZW here. */
import { decodePicture, readPixels } from '../source/browser-decoder.ts';
import { inflate } from '../source/inflate.ts';
import { RGB } from '../source/pixel-source.ts';
import { decodeLzw } from './lzw.ts';
import type { TiffPage } from './tiff-page.ts';
import { makeWholeJpeg } from './whole-jpeg.ts';

type Size = { width: number; height: number };
type Bytes = Uint8Array<ArrayBuffer>;

/** Throws an error that says what is wrong with the tile; the caller knows which one it is. */
export async function decodeTile(stream: Bytes, page: TiffPage, size: Size): Promise<Uint8Array> {
  if (page.coding === 'JPEG') return decodeJpegTile(stream, page, size);
  const samples = await unpack(stream, page, size);
  if (page.predictor === 2) addUpRows(samples, size.width * page.samples, page.samples);
  return toRgb(samples, page.samples, size);
}

async function decodeJpegTile(stream: Bytes, page: TiffPage, size: Size): Promise<Uint8Array> {
  const jpeg = makeWholeJpeg(stream, page.jpegTables, page.isYcbcr ? 'YCBCR' : 'RGB');
  if (jpeg.width !== size.width || jpeg.height !== size.height)
    throw new Error(`it claims ${jpeg.width} × ${jpeg.height} px, not ${size.width} × ${size.height}`);
  const picture = await decodePicture(new Blob([jpeg.bytes], { type: 'image/jpeg' })).catch(() => {
    throw new Error('the browser cannot decode its JPEG');
  });
  try {
    return readPixels(picture, { x: 0, y: 0, ...size });
  } finally {
    picture.close();
  }
}

async function unpack(stream: Bytes, { coding, samples }: TiffPage, size: Size): Promise<Uint8Array> {
  const length = size.width * size.height * samples;
  const unpacked =
    coding === 'NONE'
      ? stream.slice(0, length)
      : coding === 'LZW'
        ? decodeLzw(stream, length)
        : await inflate(stream, length).catch(() => {
            throw new Error('its deflate stream is damaged');
          });
  if (unpacked.length < length) throw new Error(`it has ${unpacked.length} bytes, not ${length}`);
  return unpacked;
}

/** Undoes the predictor that keeps each sample as what it adds to its neighbour on the left. In place. */
function addUpRows(samples: Uint8Array, rowLength: number, step: number): void {
  for (let row = 0; row < samples.length; row += rowLength) {
    for (let at = row + step; at < row + rowLength; at++)
      samples[at] = (samples[at] ?? 0) + (samples[at - step] ?? 0);
  }
}

function toRgb(samples: Uint8Array, perPixel: number, { width, height }: Size): Uint8Array {
  if (perPixel === RGB) return samples;
  const rgb = new Uint8Array(width * height * RGB);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < RGB; channel++)
      rgb[pixel * RGB + channel] = samples[pixel * perPixel + (perPixel === 1 ? 0 : channel)] ?? 0;
  }
  return rgb;
}
