/**
 * Completes a patch that was cut at the edge of its slide by mirroring it, so that only tissue is shown: never
 * stretched, which would change the cells' size, and never padded with zeros, which a network takes for a sign.
 */
import { countPixelBytes, RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';

type StripPixels = { pixels: Uint8Array; widthPx: number; heightPx: number };

/** [patchSizePx, patchSizePx, 3] whose top-left corner is the strip; edges are repeated (… b a | a b …). */
export function reflectStrip({ pixels, widthPx, heightPx }: StripPixels, patchSizePx: number): Uint8Array {
  const patch = new Uint8Array(countPixelBytes(patchSizePx));
  let to = 0;
  for (let y = 0; y < patchSizePx; y++) {
    for (let x = 0; x < patchSizePx; x++, to += RGB_CHANNELS) {
      const from = (mirror(y, heightPx) * widthPx + mirror(x, widthPx)) * RGB_CHANNELS;
      patch.set(pixels.subarray(from, from + RGB_CHANNELS), to);
    }
  }
  return patch;
}

function mirror(position: number, length: number): number {
  const within = position % (2 * length);
  return within < length ? within : 2 * length - 1 - within;
}
