/** Opens a file by what its first bytes say it is; its name decides nothing. */

import { decodePicture, readPixels } from '../source/browser-decoder.ts';
import { type Box, checkWholeSize, FileFault, type PixelSource, RGB } from '../source/pixel-source.ts';
import { decodePlainPng } from '../source/plain-png.ts';
import { openTiffSource } from '../tiff/open-tiff.ts';
import { readClaimedSize } from '../tiff/whole-jpeg.ts';

/** Enough for the size in the head of a JPEG with a large profile. */
const HEAD_BYTES = 256 * 1024;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_SIZE_AT = 16;
/** A patch, which is decoded as soon as it is read; what is larger waits for its turn. */
const PATCH_PIXELS_MAX = 512 * 512;

type Size = { width: number; height: number };
type Bytes = Uint8Array<ArrayBuffer>;

/** The caller closes it. @throws FileFault */
export async function openSource(file: Blob): Promise<PixelSource> {
  const isWhole = file.size <= HEAD_BYTES;
  const head = new Uint8Array(await (isWhole ? file : file.slice(0, HEAD_BYTES)).arrayBuffer());
  if (head.length === 0) throw new FileFault('is empty.');
  if (isTiff(head)) return openTiffSource(file);
  const size = isPng(head) ? readPngSize(head) : isJpeg(head) ? readClaimedSize(head) : undefined;
  if (size === undefined)
    throw new FileFault('is no PNG, JPEG, TIFF or SVS, by its first bytes; other files cannot be read here.');
  if (size) checkWholeSize(size);
  const isPatch = isWhole && size !== null && size.width * size.height <= PATCH_PIXELS_MAX;
  const plain = isPatch && isPng(head) ? await decodePlainPng(head) : null;
  return plain
    ? describePicture(
        plain,
        async (box) => cutBox(plain, box),
        () => {},
      )
    : openPicture(file);
}

async function openPicture(file: Blob): Promise<PixelSource> {
  const picture = await decodePicture(file).catch(() => {
    throw new FileFault('is damaged: the browser cannot decode it.');
  });
  return describePicture(
    picture,
    async (box) => readPixels(picture, box),
    () => picture.close(),
  );
}

function describePicture(
  { width, height }: Size,
  read: (box: Box) => Promise<Uint8Array>,
  close: () => void,
): PixelSource {
  return {
    kind: 'IMAGE',
    levels: [{ width, height, downsample: 1 }],
    micronsPerPixel: null,
    readRegion: (_level, box) => read(box),
    close,
  };
}

/** All of it is given as it is. */
function cutBox({ width, height, pixels }: Size & { pixels: Uint8Array }, box: Box): Uint8Array {
  if (box.width === width && box.height === height) return pixels;
  const cut = new Uint8Array(box.width * box.height * RGB);
  for (let row = 0; row < box.height; row++) {
    const from = ((box.y + row) * width + box.x) * RGB;
    cut.set(pixels.subarray(from, from + box.width * RGB), row * box.width * RGB);
  }
  return cut;
}

function isTiff(head: Bytes): boolean {
  const mark = String.fromCharCode(...head.subarray(0, 4));
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(mark);
}

function isPng(head: Uint8Array): boolean {
  return PNG.every((byte, at) => head[at] === byte);
}

function isJpeg(head: Uint8Array): boolean {
  return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
}

function readPngSize(head: Bytes): Size {
  if (head.length < PNG_SIZE_AT + 8) throw new FileFault('is damaged: it ends before it says its size.');
  const view = new DataView(head.buffer, head.byteOffset);
  return { width: view.getUint32(PNG_SIZE_AT), height: view.getUint32(PNG_SIZE_AT + 4) };
}
