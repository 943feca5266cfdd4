/** The pixels of a patch as they lie in shards, in memory and before a network: a byte each of red, green and blue, row by row. */

export const RGB_CHANNELS = 3 as const;

/** Bytes of the pixels of a patch; a square one when the height is left out. */
export function countPixelBytes(widthPx: number, heightPx = widthPx): number {
  return widthPx * heightPx * RGB_CHANNELS;
}
