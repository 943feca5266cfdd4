/**
 * PNG and JPEG by the browser's own decoder, byte for byte as they are kept: no colour profile is applied and nothing is
 * turned, because the model was trained on pixels that were read so.
 */
import { type Box, dropAlpha } from './pixel-source.ts';

const AS_KEPT: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  imageOrientation: 'none',
  premultiplyAlpha: 'none',
};

/** Rejects where the browser cannot decode it. The caller closes it. */
export function decodePicture(bytes: Blob): Promise<ImageBitmap> {
  return createImageBitmap(bytes, AS_KEPT);
}

let canvas: OffscreenCanvas | null = null;

/** RGB of a box of the picture; what is transparent is white. */
export function readPixels(picture: ImageBitmap, { x, y, width, height }: Box): Uint8Array {
  canvas ??= new OffscreenCanvas(width, height);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: true });
  if (!context) throw new Error('the browser gives no canvas.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, x, y, width, height, 0, 0, width, height);
  return dropAlpha(context.getImageData(0, 0, width, height).data);
}
