/**
 * A small picture of a whole slide, from the coarsest level that has enough of it: strip by strip, each box of pixels
 * averaged to one, so that a slide without small levels takes no more memory than another.
 */
import type { RgbImage, Slide } from '../slide.ts';

type OverviewWish = {
  /** The longer side is at most this. */
  sideMaxPx: number;
  /** One pixel of it stands for at least so many of the finest level, along one side. */
  downsampleMin: number;
};
export type Overview = RgbImage & {
  /** Pixels of the finest level that one pixel stands for, along one side. */
  downsample: number;
};

const STRIP_PIXELS = 8_388_608;
/** Levels are rounded to whole pixels: one of 4.002 is the one of 4. */
const LEVEL_TOLERANCE = 1.01;

export async function readOverview(
  slide: Slide,
  { sideMaxPx, downsampleMin }: OverviewWish,
): Promise<Overview> {
  const [finest] = slide.levels;
  const longest = Math.max(finest!.width, finest!.height);
  const wanted = Math.max(longest / sideMaxPx, downsampleMin, 1);
  const index = Math.max(
    0,
    slide.levels.findLastIndex(({ downsample }) => downsample <= wanted * LEVEL_TOLERANCE),
  );
  const level = slide.levels[index]!;
  const box = Math.max(1, Math.ceil(wanted / level.downsample - (LEVEL_TOLERANCE - 1)));
  const [width, height] = [Math.ceil(level.width / box), Math.ceil(level.height / box)];
  const pixels = new Uint8Array(width * height * 3);
  const rowsAtOnce = Math.max(1, Math.floor(STRIP_PIXELS / (level.width * box)));
  for (let row = 0; row < height; row += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, height - row);
    const lines = Math.min(rows * box, level.height - row * box);
    const strip = await slide.readRegion(index, 0, row * box, level.width, lines);
    const averaged = averageBoxes(strip, { width: level.width, lines, box });
    pixels.set(averaged, row * width * 3);
  }
  return { width, height, pixels, downsample: level.downsample * box };
}

/** Boxes at the right and lower edge are averaged over what they have. */
function averageBoxes(
  strip: Uint8Array,
  { width, lines, box }: { width: number; lines: number; box: number },
): Uint8Array {
  if (box === 1) return strip;
  const [columns, rows] = [Math.ceil(width / box), Math.ceil(lines / box)];
  const averaged = new Uint8Array(columns * rows * 3);
  const sums = new Float64Array(columns * 3);
  for (let row = 0; row < rows; row += 1) {
    sums.fill(0);
    const end = Math.min(lines, (row + 1) * box);
    for (let y = row * box; y < end; y += 1) {
      for (let column = 0, at = y * width * 3; column < columns; column += 1) {
        for (const last = (y * width + Math.min(width, (column + 1) * box)) * 3; at < last; at += 3) {
          sums[column * 3]! += strip[at]!;
          sums[column * 3 + 1]! += strip[at + 1]!;
          sums[column * 3 + 2]! += strip[at + 2]!;
        }
      }
    }
    for (let column = 0; column < columns; column += 1) {
      const count = (end - row * box) * (Math.min(width, (column + 1) * box) - column * box);
      for (let colour = 0; colour < 3; colour += 1)
        averaged[(row * columns + column) * 3 + colour] = Math.round(sums[column * 3 + colour]! / count);
    }
  }
  return averaged;
}
