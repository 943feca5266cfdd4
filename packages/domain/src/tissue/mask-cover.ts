/** How much of a square of the slide is of one kind, exactly: a square may begin and end within pixels of the mask. */
import type { TissueMask } from './tissue-mask.ts';

type Square = { x: number; y: number; side: number };

/**
 * Squares are in pixels of the slide's finest level, of which a pixel of the mask has `cellPx` a side; of what lies outside
 * nothing is covered.
 */
export function coverMask(
  { width, height, kinds }: TissueMask,
  { kind, cellPx }: { kind: number; cellPx: number },
): (square: Square) => number {
  const sums = sumAbove({ width, height, kinds }, kind);
  /** Cells of the kind left of and above a place, which within a cell grows evenly both ways. */
  const sumTo = (x: number, y: number): number => {
    const [column, row] = [Math.min(Math.floor(x), width - 1), Math.min(Math.floor(y), height - 1)];
    const [right, down] = [x - column, y - row];
    const at = row * (width + 1) + column;
    const upper = sums[at]! * (1 - right) + sums[at + 1]! * right;
    const lower = sums[at + width + 1]! * (1 - right) + sums[at + width + 2]! * right;
    return upper * (1 - down) + lower * down;
  };
  const clampTo = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  return ({ x, y, side }) => {
    const [left, right] = [clampTo(x / cellPx, width), clampTo((x + side) / cellPx, width)];
    const [top, bottom] = [clampTo(y / cellPx, height), clampTo((y + side) / cellPx, height)];
    const covered = sumTo(right, bottom) - sumTo(left, bottom) - sumTo(right, top) + sumTo(left, top);
    return clampTo(covered / (side / cellPx) ** 2, 1);
  };
}

/** One row and column more than the mask: how many cells of the kind lie above and left of each corner. */
function sumAbove({ width, height, kinds }: Omit<TissueMask, 'saturationFrom'>, kind: number): Uint32Array {
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += Number(kinds[y * width + x] === kind);
      const at = (y + 1) * (width + 1) + x + 1;
      sums[at] = sums[at - width - 1]! + row;
    }
  }
  return sums;
}
