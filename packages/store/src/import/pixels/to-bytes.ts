/** Pixels of 16 bits, or with transparency, as bytes of red, green and blue. Pure arithmetic, rounded to the nearest. */
import type { Fault } from '../refusal.ts';

const RGBA = 4;
const OPAQUE = 255;
const WHITE = 255;
const DEEP_LEVELS = 65_535;
/** Of 16 bits to one of 8: both scales end at their largest value. */
const DEEP_PER_BYTE = DEEP_LEVELS / 255;
/** Cameras have 10, 12 or 14 bits. */
const CAMERA_BITS_MAX = 14;

/** Each value scaled from 0..65535 to 0..255. */
export function scaleToBytes(values: Uint16Array): Uint8Array {
  return Uint8Array.from(values, (value) => Math.round(value / DEEP_PER_BYTE));
}

/**
 * The fault of an image of 16 bits whose values use few of them, as where a camera's 12 bits were written unscaled.
 * Read as declared it is nearly black; scaling it by what it happens to hold would brighten a dark patch, and each
 * patch by a measure of its own.
 */
export function findDepthFault(values: Uint16Array, channels: number): Fault | null {
  const largest = findLargestColour(values, channels);
  if (largest === null || largest >= 2 ** CAMERA_BITS_MAX) return null;
  const bits = Math.max(1, Math.ceil(Math.log2(largest + 1)));
  const share = `${largest.toLocaleString('en')} of ${DEEP_LEVELS.toLocaleString('en')}`;
  const reason =
    `It declares 16 bits a colour, but its values reach ${share}: ${bits} bits, unscaled, or nearly black. ` +
    'Write it with 8 bits, or scaled to 16.';
  return { code: 'DEPTH_UNCLEAR', reason };
}

/** Of pixels that are not wholly transparent; null when all are. */
function findLargestColour(values: Uint16Array, channels: number): number | null {
  let largest: number | null = null;
  for (let start = 0; start < values.length; start += channels) {
    if (channels === RGBA && values[start + 3] === 0) continue;
    largest = Math.max(largest ?? 0, values[start]!, values[start + 1]!, values[start + 2]!);
  }
  return largest;
}

/** RGB of RGBA, each pixel by its opacity over white, as glass without tissue looks. */
export function layOnWhite(rgba: Uint8Array): { pixels: Uint8Array; hadTransparency: boolean } {
  const pixels = new Uint8Array((rgba.length / RGBA) * 3);
  let hadTransparency = false;
  for (let from = 0, to = 0; from < rgba.length; from += RGBA, to += 3) {
    const opacity = rgba[from + 3]!;
    if (opacity !== OPAQUE) hadTransparency = true;
    const light = WHITE * (OPAQUE - opacity);
    for (let channel = 0; channel < 3; channel++) {
      pixels[to + channel] = Math.round((rgba[from + channel]! * opacity + light) / OPAQUE);
    }
  }
  return { pixels, hadTransparency };
}
