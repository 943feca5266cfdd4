/**
 * The part of a patch that a copy of it still shows when it was shifted by a few pixels and turned: a square in its
 * middle, and the places where the copy may hold that square. All that the search for near duplicates compares is
 * measured within such squares, so that what a shift brings in at the edges does not matter.
 */

/** How far a copy may be shifted, across and down. */
export const SHIFT_MAX_PX = 3;
/** Smaller patches leave too little to tell them apart. */
export const COMPARED_SIZE_MIN_PX = 25;

/** The square is divided into about this many bins along each axis. */
const BINS_WANTED = 22;

/** How a square patch is turned: transposed first, then flipped. */
export type Turn = { isTransposed: boolean; flipsAcross: boolean; flipsDown: boolean };

/** The eight flips and rotations of a square; the first leaves it as it is. */
export const TURNS: readonly Turn[] = [false, true].flatMap((isTransposed) =>
  [false, true].flatMap((flipsAcross) =>
    [false, true].map((flipsDown) => ({ isTransposed, flipsAcross, flipsDown })),
  ),
);

export type PatchWindow = {
  patchSizePx: number;
  /** Side of the square, and of one of its bins. */
  sizePx: number;
  binPx: number;
  binsPerAxis: number;
  /** Left and top edge of the square in the middle of a patch. */
  centrePx: number;
  /** Left or top edges that a copy's square may have, rising. */
  offsetsPx: number[];
};

/** Places the square in patches of at least COMPARED_SIZE_MIN_PX. */
export function planWindow(patchSizePx: number): PatchWindow {
  const spare = patchSizePx - 2 * SHIFT_MAX_PX;
  const binPx = Math.max(1, Math.round(spare / BINS_WANTED));
  const binsPerAxis = Math.floor(spare / binPx);
  const sizePx = binsPerAxis * binPx;
  const centrePx = Math.floor((patchSizePx - sizePx) / 2);
  // Where the middle falls between two pixels, a flip moves the square by one.
  const flippedPx = patchSizePx - sizePx - centrePx;
  const first = centrePx - SHIFT_MAX_PX;
  const offsetsPx = Array.from({ length: flippedPx + SHIFT_MAX_PX - first + 1 }, (_, at) => first + at);
  return { patchSizePx, sizePx, binPx, binsPerAxis, centrePx, offsetsPx };
}

/** For each turn: the cell of a square, row by row, from which each cell of the turned square is taken. */
export function listTurnedCells(size: number): Uint16Array[] {
  return TURNS.map(({ isTransposed, flipsAcross, flipsDown }) =>
    Uint16Array.from({ length: size * size }, (_, cell) => {
      const [row, column] = [Math.floor(cell / size), cell % size];
      const down = flipsDown ? size - 1 - row : row;
      const across = flipsAcross ? size - 1 - column : column;
      return isTransposed ? across * size + down : down * size + across;
    }),
  );
}
