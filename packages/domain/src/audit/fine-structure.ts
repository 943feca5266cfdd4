/**
 * The fine structure of a square of a patch: its brightness in bins, less that of their surroundings, less what whole
 * rows and columns share (the straight edge of a cover glass). This distinguishes tissue from other tissue of the same
 * colour, and a copy from a look-alike: recompression leaves a small error spread evenly, a chance
 * likeness a large error somewhere.
 */
import { RGB_CHANNELS } from '../slide/patch-pixels.ts';
import { listTurnedCells, type PatchWindow } from './patch-window.ts';

/** Surroundings reach this many bins to each side. */
const REACH = 2;
/** A difference is judged by its worst square of this many bins. */
const LOCAL_BINS = 5;

/** Spread of the fine structure, in levels, below which a patch is empty: glass, blur, the dark beyond a slide. */
export const FINE_CONTRAST_MIN = 3;
/** One of the two may have less, down to this: recompression removes a little. */
export const COPY_CONTRAST_MIN = 2;
/** Limits for a copy, root mean squares in levels: of all bins, of the worst local square, as a share of the contrast. */
const DIFFERENCE_MAX = 6.5;
const LOCAL_DIFFERENCE_MAX = 11;
const DIFFERENCE_SHARE_MAX = 0.75;

export type FineStructure = {
  /** Row by row, in levels, clipped to -127..127. */
  bins: Int8Array;
  /** Their root mean square. */
  contrast: number;
};

/** Describes the square whose top left corner is given. */
type DescribeFine = (rgb: Uint8Array, corner: { left: number; top: number }) => FineStructure;

export function createFineDescriber({ patchSizePx, binPx, binsPerAxis }: PatchWindow): DescribeFine {
  const grey = new Float64Array(binsPerAxis ** 2);
  const surroundings = {
    size: binsPerAxis,
    table: new Float64Array((binsPerAxis + 1) ** 2),
    starts: Int32Array.from({ length: binsPerAxis }, (_, bin) => Math.max(0, bin - REACH)),
    ends: Int32Array.from({ length: binsPerAxis }, (_, bin) => Math.min(binsPerAxis, bin + REACH + 1)),
    rows: new Float64Array(binsPerAxis),
    columns: new Float64Array(binsPerAxis),
  };
  return (rgb, { left, top }) => {
    for (let row = 0; row < binsPerAxis; row++) {
      for (let column = 0; column < binsPerAxis; column++) {
        const first = ((top + row * binPx) * patchSizePx + left + column * binPx) * RGB_CHANNELS;
        grey[row * binsPerAxis + column] = averageBin(rgb, { first, patchSizePx, binPx });
      }
    }
    return takeSurroundingsAway(grey, surroundings);
  };
}

/** How alike the fine structure of a square is to that of another, in a turn: their correlation; null for no copy. */
type CompareFine = (a: FineStructure, b: FineStructure, turn: number) => number | null;

export function createFineComparer({ binsPerAxis: size }: PatchWindow): CompareFine {
  const cells = listTurnedCells(size);
  const squares = new Float64Array(size * size);
  const table = new Float64Array((size + 1) ** 2);
  return (a, b, turn) => {
    const contrast = Math.max(a.contrast, b.contrast);
    if (contrast < FINE_CONTRAST_MIN) return null;
    const limit = Math.min(DIFFERENCE_MAX, DIFFERENCE_SHARE_MAX * contrast) ** 2 * size * size;
    const from = cells[turn] as Uint16Array;
    let [total, products] = [0, 0];
    for (let cell = 0; cell < from.length; cell++) {
      const valueA = a.bins[cell] as number;
      const valueB = b.bins[from[cell] as number] as number;
      const square = (valueA - valueB) * (valueA - valueB);
      squares[cell] = square;
      products += valueA * valueB;
      total += square;
      if (total > limit) return null;
    }
    sumRectangles(squares, { table, size });
    if (findWorstLocal(table, size) > LOCAL_DIFFERENCE_MAX) return null;
    return Math.min(1, products / (a.contrast * b.contrast * size * size));
  };
}

function averageBin(
  rgb: Uint8Array,
  { first, patchSizePx, binPx }: { first: number; patchSizePx: number; binPx: number },
): number {
  let sum = 0;
  for (let row = 0; row < binPx; row++) {
    let at = first + row * patchSizePx * RGB_CHANNELS;
    for (let column = 0; column < binPx; column++, at += RGB_CHANNELS) {
      sum += 0.299 * (rgb[at] as number) + 0.587 * (rgb[at + 1] as number) + 0.114 * (rgb[at + 2] as number);
    }
  }
  return sum / (binPx * binPx);
}

type Surroundings = {
  size: number;
  table: Float64Array;
  starts: Int32Array;
  ends: Int32Array;
  rows: Float64Array;
  columns: Float64Array;
};

function takeSurroundingsAway(grey: Float64Array, surroundings: Surroundings): FineStructure {
  const { size, table, starts, ends, rows, columns } = surroundings;
  sumRectangles(grey, { table, size });
  rows.fill(0);
  columns.fill(0);
  for (let row = 0; row < size; row++) {
    const [top, bottom] = [starts[row] as number, ends[row] as number];
    const [above, below] = [top * (size + 1), bottom * (size + 1)];
    for (let column = 0; column < size; column++) {
      const [left, right] = [starts[column] as number, ends[column] as number];
      const sum =
        (table[below + right] as number) -
        (table[below + left] as number) -
        (table[above + right] as number) +
        (table[above + left] as number);
      const cell = row * size + column;
      const fine = (grey[cell] as number) - sum / ((right - left) * (bottom - top));
      grey[cell] = fine;
      rows[row] = (rows[row] as number) + fine / size;
      columns[column] = (columns[column] as number) + fine / size;
    }
  }
  return takeBandsAway(grey, surroundings);
}

function takeBandsAway(fine: Float64Array, { size, rows, columns }: Surroundings): FineStructure {
  let mean = 0;
  for (let row = 0; row < size; row++) mean += (rows[row] as number) / size;
  const bins = new Int8Array(size * size);
  let squares = 0;
  for (let row = 0; row < size; row++) {
    const band = (rows[row] as number) - mean;
    for (let column = 0; column < size; column++) {
      const cell = row * size + column;
      const left = (fine[cell] as number) - band - (columns[column] as number);
      const kept = left > 127 ? 127 : left < -127 ? -127 : Math.round(left);
      bins[cell] = kept;
      squares += kept * kept;
    }
  }
  return { bins, contrast: Math.sqrt(squares / (size * size)) };
}

/** Root mean square of the local square in which it is largest. */
function findWorstLocal(table: Float64Array, size: number): number {
  const reach = Math.min(LOCAL_BINS, size);
  let worst = 0;
  for (let top = 0; top + reach <= size; top++) {
    const [above, below] = [top * (size + 1), (top + reach) * (size + 1)];
    for (let left = 0; left + reach <= size; left++) {
      const sum =
        (table[below + left + reach] as number) -
        (table[below + left] as number) -
        (table[above + left + reach] as number) +
        (table[above + left] as number);
      worst = Math.max(worst, sum);
    }
  }
  return Math.sqrt(worst) / reach;
}

/** Table cell (row, column) sums the values above and left of it. */
function sumRectangles(values: Float64Array, { table, size }: { table: Float64Array; size: number }): void {
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let column = 0; column < size; column++) {
      sum += values[row * size + column] as number;
      const above = row * (size + 1) + column + 1;
      table[above + size + 1] = (table[above] as number) + sum;
    }
  }
}
