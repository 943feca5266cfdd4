/** A slide or region as a whole, made small: what its heatmap lies on, and what tells tissue from glass. */
import { dropAlpha, type PixelSource, RGB } from '../source/pixel-source.ts';

const SIDE_MAX_PX = 1600;
/** A level with more is not read whole. */
const PIXELS_MAX = 100_000_000;
/** Of each read. */
const BAND_PX = 512;
const OPAQUE = 255;

type Overview = { bitmap: ImageBitmap; pixels: Uint8Array; width: number; height: number };

/** Null where even its coarsest level is too large. */
export async function makeOverview(source: PixelSource): Promise<Overview | null> {
  const index = source.levels.findLastIndex(({ width, height }) => Math.max(width, height) >= SIDE_MAX_PX);
  const level = source.levels[Math.max(0, index)] ?? source.levels[0];
  if (level.width * level.height > PIXELS_MAX) return null;
  const shrink = Math.min(1, SIDE_MAX_PX / Math.max(level.width, level.height));
  const [width, height] = [level.width, level.height].map((side) => Math.max(1, Math.round(side * shrink)));
  const canvas = new OffscreenCanvas(width ?? 1, height ?? 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  context.imageSmoothingQuality = 'high';
  for (let y = 0; y < level.height; y += BAND_PX) {
    const box = { x: 0, y, width: level.width, height: Math.min(BAND_PX, level.height - y) };
    const band = await createImageBitmap(
      toImageData(await source.readRegion(Math.max(0, index), box), box.width, box.height),
    );
    context.drawImage(band, 0, y * shrink, box.width * shrink, box.height * shrink);
    band.close();
  }
  const pixels = dropAlpha(context.getImageData(0, 0, canvas.width, canvas.height).data);
  return { bitmap: canvas.transferToImageBitmap(), pixels, width: canvas.width, height: canvas.height };
}

function toImageData(rgb: Uint8Array, width: number, height: number): ImageData {
  const image = new ImageData(width, height);
  const { data } = image;
  for (let from = 0, to = 0; from < rgb.length; from += RGB, to += 4) {
    data[to] = rgb[from] ?? 0;
    data[to + 1] = rgb[from + 1] ?? 0;
    data[to + 2] = rgb[from + 2] ?? 0;
    data[to + 3] = OPAQUE;
  }
  return image;
}
