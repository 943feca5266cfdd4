/**
 * Where patches of an asked size and scale lie on a slide. A patch has its place in pixels of the asked scale, as in its
 * dataset, and its square in pixels of the slide's finest level, which need not be whole.
 */
import { AppError } from '../app-error.ts';

/** A slide's own scale may be this much coarser than the asked one: scanners say 0.2525 and mean 0.25. */
const ENLARGED_MAX = 1.05;
const ROUNDING = 1e-6;

type Scale = { micronsPerPixel: number };
type GridRules = Scale & { tilePx: number; stridePx: number };
type Level = { width: number; height: number; downsample: number };

export type TileGrid = {
  columns: number;
  rows: number;
  /** Pixels of the finest level that one pixel of a patch stands for. */
  scale: number;
  /** Of a patch, in pixels of the finest level. */
  side: number;
};

/** Patches that lie wholly on the slide. @throws AppError BAD_INPUT where the slide is coarser than what is asked */
export function layGrid(slide: Scale & { width: number; height: number }, rules: GridRules): TileGrid {
  const scale = rules.micronsPerPixel / slide.micronsPerPixel;
  if (scale * ENLARGED_MAX < 1)
    throw new AppError(
      'BAD_INPUT',
      `has ${format(slide.micronsPerPixel)} µm per pixel at its finest; ${format(rules.micronsPerPixel)} would be made up.`,
    );
  const side = rules.tilePx * scale;
  const step = rules.stridePx * scale;
  const count = (length: number) => Math.max(0, Math.floor((length - side) / step + ROUNDING) + 1);
  return { columns: count(slide.width), rows: count(slide.height), scale, side };
}

/** The coarsest level from which a patch is made smaller, or hardly larger: resampled once, from as little as possible. */
export function chooseLevel(levels: readonly Level[], { scale }: Pick<TileGrid, 'scale'>): number {
  const last = levels.findLastIndex(({ downsample }) => downsample <= scale * ENLARGED_MAX);
  return Math.max(0, last);
}

/** The whole pixels of a level that a square shows: each of its edges is off by half of one at most. */
export function placeOnLevel(
  { x, y, side }: { x: number; y: number; side: number },
  { downsample }: Level,
): { x: number; y: number; side: number } {
  return {
    x: Math.round(x / downsample),
    y: Math.round(y / downsample),
    side: Math.max(1, Math.round(side / downsample)),
  };
}

function format(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 4 });
}
