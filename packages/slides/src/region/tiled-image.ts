/** What regions are read from: a picture in tiles, each decoded to RGB by the one that knows its file. */

export type TiledImage = {
  width: number;
  height: number;
  tileWidth: number;
  tileHeight: number;
  /** A whole tile, also at the edges, in memory that is the caller's alone; null where nothing was scanned. */
  decodeTile(column: number, row: number): Promise<Uint8Array | null>;
};

/** Brings decoded samples to three bytes a pixel; what is transparent lies on white. */
export function toRgb(samples: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return samples;
  const count = samples.length / channels;
  const pixels = new Uint8Array(count * 3);
  for (let pixel = 0; pixel < count; pixel += 1) {
    const alpha = channels === 4 ? (samples[pixel * 4 + 3] ?? 0) / 255 : 1;
    for (let colour = 0; colour < 3; colour += 1) {
      const value = samples[pixel * channels + (channels === 4 ? colour : 0)] ?? 0;
      pixels[pixel * 3 + colour] = Math.round(value * alpha + 255 * (1 - alpha));
    }
  }
  return pixels;
}
