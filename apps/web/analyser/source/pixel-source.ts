/** A picture of tissue, whatever file it came from: its levels from fine to coarse, its scale, and squares of it as RGB. */

type Level = {
  width: number;
  height: number /** Pixels of the finest level for one of this. */;
  downsample: number;
};

export type Box = { x: number; y: number; width: number; height: number };

export type PixelSource = {
  /** A slide has tiles, and is too large to be read whole. */
  kind: 'IMAGE' | 'SLIDE';
  /** At least one. */
  levels: readonly [Level, ...Level[]];
  /** As the file tells; null where it does not. */
  micronsPerPixel: number | null;
  /** RGB of a box that lies on the level. */
  readRegion(level: number, box: Box): Promise<Uint8Array>;
  close(): void;
};

export const RGB = 3;
const RGBA = 4;

/** More would not fit into the memory of a page. */
const SIDE_MAX_PX = 400_000;
const WHOLE_PIXELS_MAX = 100_000_000;

/** A fault of a file, as the end of a sentence that begins with its name. */
export class FileFault extends Error {}

/** Before anything is decoded. @throws FileFault */
export function checkWholeSize({ width, height }: { width: number; height: number }): void {
  if (width * height > WHOLE_PIXELS_MAX)
    throw new FileFault(
      `claims ${formatSize({ width, height })}: without tiles at most ${formatNumber(WHOLE_PIXELS_MAX)} pixels are read.`,
    );
}

/** @throws FileFault */
export function checkLevelSize(size: { width: number; height: number }): void {
  if (size.width < 1 || size.height < 1 || Math.max(size.width, size.height) > SIDE_MAX_PX)
    throw new FileFault(
      `claims ${formatSize(size)}; no side may be longer than ${formatNumber(SIDE_MAX_PX)} px.`,
    );
}

function formatSize({ width, height }: { width: number; height: number }): string {
  return `${formatNumber(width)} × ${formatNumber(height)} px`;
}

export function formatNumber(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 4 });
}

/** Without the fourth channel of a canvas. */
export function dropAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const pixels = rgba.length / RGBA;
  const rgb = new Uint8Array(pixels * RGB);
  for (let from = 0, to = 0; from < rgba.length; from += RGBA, to += RGB) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
