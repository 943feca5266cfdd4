/**
 * A small picture of a whole slide, from the coarsest level that has enough of it: block by block of its tiles, each box of
 * pixels averaged to one, so that a slide without small levels takes no more memory than another and no tile is decoded twice.
 */
import type { RgbImage, Slide } from '../slide.ts';
import { releaseMemory } from './pixel-memory.ts';

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

/** Read at once, or a single tile where that has more. */
const BLOCK_PIXELS = 1_048_576;
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
  const boxes = new BoxAverages({ width: level.width, height: level.height, box });
  const blockWidth =
    level.tileWidth * Math.max(1, Math.floor(BLOCK_PIXELS / (level.tileWidth * level.tileHeight)));
  for (let top = 0; top < level.height; top += level.tileHeight) {
    const height = Math.min(level.tileHeight, level.height - top);
    for (let left = 0; left < level.width; left += blockWidth) {
      const width = Math.min(blockWidth, level.width - left);
      const pixels = await slide.readRegion(index, left, top, width, height);
      boxes.add(pixels, { left, top, width });
      releaseMemory(pixels);
    }
    boxes.finishTo(top + height);
  }
  return { ...boxes.picture, downsample: level.downsample * box };
}

/** Sums of the boxes that the last blocks lay in; a row of boxes is averaged once no more of it can come. */
class BoxAverages {
  readonly picture: RgbImage;
  readonly #level: { width: number; height: number; box: number };
  /** By the row of boxes. */
  readonly #sums = new Map<number, Float64Array>();

  constructor(level: { width: number; height: number; box: number }) {
    const [width, height] = [Math.ceil(level.width / level.box), Math.ceil(level.height / level.box)];
    this.#level = level;
    this.picture = { width, height, pixels: new Uint8Array(width * height * 3) };
  }

  add(block: Uint8Array, { left, top, width }: { left: number; top: number; width: number }): void {
    const { box } = this.#level;
    for (let at = 0, y = top; at < block.length; y += 1) {
      const sums = this.#sumsOf(Math.floor(y / box));
      for (let x = left; x < left + width; ) {
        const column = Math.floor(x / box);
        for (const end = Math.min(left + width, (column + 1) * box); x < end; x += 1, at += 3) {
          sums[column * 3]! += block[at]!;
          sums[column * 3 + 1]! += block[at + 1]!;
          sums[column * 3 + 2]! += block[at + 2]!;
        }
      }
    }
  }

  /** Boxes at the right and lower edge are averaged over what they have. */
  finishTo(line: number): void {
    const { width, height, box } = this.#level;
    for (const [row, sums] of this.#sums) {
      const lines = Math.min(height, (row + 1) * box) - row * box;
      if (row * box + lines > line) continue;
      for (let column = 0; column < this.picture.width; column += 1) {
        const count = lines * (Math.min(width, (column + 1) * box) - column * box);
        for (let colour = 0; colour < 3; colour += 1) {
          const at = (row * this.picture.width + column) * 3 + colour;
          this.picture.pixels[at] = Math.round(sums[column * 3 + colour]! / count);
        }
      }
      this.#sums.delete(row);
    }
  }

  #sumsOf(row: number): Float64Array {
    let sums = this.#sums.get(row);
    if (!sums) {
      sums = new Float64Array(this.picture.width * 3);
      this.#sums.set(row, sums);
    }
    return sums;
  }
}
