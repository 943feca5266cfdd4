/** A model over a slide as the viewer holds it, and what lies at a place. Pure. */
import type { SlideGridColumnsFragment, SlideOutlineRingsFragment } from '../graphql/generated/graphql.ts';

export type SlideGrid = SlideGridColumnsFragment;

export type SlideOutline = SlideOutlineRingsFragment;

export type SlideSize = { widthPx: number; heightPx: number };

/** A rectangle in pixels of the slide. */
export type SlideRect = { x: number; y: number; width: number; height: number };

/** Finds a patch by a place without looking at all of them: patches are chained by their cells. */
export type PlaceIndex = { find(x: number, y: number): number | null };

const NONE = -1;

/** `find` gives the position in the grid's columns, null where no patch lies. Of several the last is seen, as it is drawn last. */
export function indexPlaces(
  grid: Pick<SlideGrid, 'cellPx' | 'columns' | 'rows' | 'patchSizePx' | 'x' | 'y'>,
): PlaceIndex {
  const { cellPx, columns, rows, patchSizePx, x: lefts, y: tops } = grid;
  const heads = new Int32Array(columns * rows).fill(NONE);
  const next = new Int32Array(lefts.length).fill(NONE);
  for (const [at, left] of lefts.entries()) {
    const cell = Math.floor((tops[at] ?? 0) / cellPx) * columns + Math.floor(left / cellPx);
    next[at] = heads[cell] ?? NONE;
    heads[cell] = at;
  }
  const covers = (at: number, x: number, y: number) => {
    const [left, top] = [lefts[at] ?? 0, tops[at] ?? 0];
    return x >= left && x < left + patchSizePx && y >= top && y < top + patchSizePx;
  };
  return {
    find(x, y) {
      const [column, row] = [Math.floor(x / cellPx), Math.floor(y / cellPx)];
      // A patch that begins in the cell before may reach into this one.
      for (const [r, c] of [
        [row, column],
        [row, column - 1],
        [row - 1, column],
        [row - 1, column - 1],
      ] as const) {
        if (c < 0 || r < 0 || c >= columns || r >= rows) continue;
        for (let at = heads[r * columns + c] ?? NONE; at !== NONE; at = next[at] ?? NONE) {
          if (covers(at, x, y)) return at;
        }
      }
      return null;
    },
  };
}

/** Where the patch lies. */
export function placePatch(
  { x, y, patchSizePx }: Pick<SlideGrid, 'x' | 'y' | 'patchSizePx'>,
  at: number,
): SlideRect {
  return { x: x[at] ?? 0, y: y[at] ?? 0, width: patchSizePx, height: patchSizePx };
}

export function placeSpot({ cellPx }: SlideGrid, spot: SlideGrid['hotSpots'][number]): SlideRect {
  const { firstColumn, firstRow, lastColumn, lastRow } = spot;
  return {
    x: firstColumn * cellPx,
    y: firstRow * cellPx,
    width: (lastColumn - firstColumn + 1) * cellPx,
    height: (lastRow - firstRow + 1) * cellPx,
  };
}

/** What came of the call of a patch, in words; null where it has no prediction or nothing tells its class. */
export function nameOutcome({ labels, probabilities, threshold }: SlideGrid, at: number): string | null {
  const probability = probabilities[at];
  const label = labels?.[at];
  if (label === undefined || probability === null || probability === undefined) return null;
  const isCalled = probability >= threshold;
  if (label === 1) return isCalled ? 'true positive' : 'false negative';
  return isCalled ? 'false positive' : 'true negative';
}
