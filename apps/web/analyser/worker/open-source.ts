/** Opens a file by what its first bytes say it is; its name decides nothing. */

import { decodePicture, readPixels } from '../source/browser-decoder.ts';
import { checkWholeSize, FileFault, type PixelSource } from '../source/pixel-source.ts';
import { openTiffSource } from '../tiff/open-tiff.ts';
import { readClaimedSize } from '../tiff/whole-jpeg.ts';

/** Enough for the size in the head of a JPEG with a large profile. */
const HEAD_BYTES = 256 * 1024;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_SIZE_AT = 16;

/** The caller closes it. @throws FileFault */
export async function openSource(file: Blob): Promise<PixelSource> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (head.length === 0) throw new FileFault('is empty.');
  if (isTiff(head)) return openTiffSource(file);
  const size = isPng(head) ? readPngSize(head) : isJpeg(head) ? readClaimedSize(head) : undefined;
  if (size === undefined)
    throw new FileFault('is no PNG, JPEG, TIFF or SVS, by its first bytes; other files cannot be read here.');
  if (size) checkWholeSize(size);
  return openPicture(file);
}

async function openPicture(file: Blob): Promise<PixelSource> {
  const picture = await decodePicture(file).catch(() => {
    throw new FileFault('is damaged: the browser cannot decode it.');
  });
  const { width, height } = picture;
  return {
    kind: 'IMAGE',
    levels: [{ width, height, downsample: 1 }],
    micronsPerPixel: null,
    readRegion: async (_level, box) => readPixels(picture, box),
    close: () => picture.close(),
  };
}

function isTiff(head: Uint8Array): boolean {
  const mark = String.fromCharCode(...head.subarray(0, 4));
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(mark);
}

function isPng(head: Uint8Array): boolean {
  return PNG.every((byte, at) => head[at] === byte);
}

function isJpeg(head: Uint8Array): boolean {
  return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
}

function readPngSize(head: Uint8Array): { width: number; height: number } {
  if (head.length < PNG_SIZE_AT + 8) throw new FileFault('is damaged: it ends before it says its size.');
  const view = new DataView(head.buffer, head.byteOffset);
  return { width: view.getUint32(PNG_SIZE_AT), height: view.getUint32(PNG_SIZE_AT + 4) };
}
