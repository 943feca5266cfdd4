/**
 * The neighbours of a patch: other patches of the same slide within so many patch sides, and the mean of their logits.
 * A place without a patch is left out and changes nothing else; another slide never counts; the order of patches never shows.
 */

/** A patch further away than this many patch sides is no neighbour. */
export const CONTEXT_RADIUS_MAX = 4;
/** A slide says nothing about context where fewer of its patches than this share have a patch next to them. */
const NEIGHBOURED_SHARE_MIN = 0.5;

/** Where patches lie, one entry a patch. */
export type PatchPlaces = {
  /** Dense index of the patch's slide. */
  slides: Int32Array;
  /** Left and top edge in slide pixels; below 0 where the source tells no place. */
  x: Int32Array;
  y: Int32Array;
  /** The side of a patch, by which distances are measured. */
  patchSizePx: number;
};

/** Row and column of a square with the side of a patch → the patches whose corner is in it, from top left. */
type Squares = Map<number, Map<number, number[]>>;

/** The patches, rising, of slides on which enough patches have neighbours. A patch without a place is none of them. */
export function findNeighboured(places: PatchPlaces): Int32Array {
  return Int32Array.from(
    groupBySlide(places).flatMap((patches) => {
      const placed = patches.filter((patch) => places.x[patch]! >= 0 && places.y[patch]! >= 0);
      const squares = layOut(placed, places);
      const neighboured = placed.filter((patch) => hasNeighbour(squares, { patch, places }));
      return neighboured.length < NEIGHBOURED_SHARE_MIN * patches.length ? [] : placed;
    }),
  ).sort();
}

/**
 * For each patch the mean logit of it and its neighbours. A patch at a distance weighs by a Gaussian of half the radius,
 * which is cut off where it is more than the radius to the left, right, top or bottom.
 */
export function averageAround(
  logits: Float64Array,
  { places, radius }: { places: PatchPlaces; radius: number },
): Float64Array {
  const means = logits.slice();
  if (radius === 0) return means;
  const scale = -2 / (radius * places.patchSizePx) ** 2;
  for (const patches of groupBySlide(places)) {
    const squares = layOut(patches, places, logits);
    for (const patch of patches) {
      let sum = 0;
      let weights = 0;
      visitAround(squares, { patch, places, radius }, (neighbour, squaredPx) => {
        const weight = Math.exp(scale * squaredPx);
        sum += weight * logits[neighbour]!;
        weights += weight;
      });
      means[patch] = sum / weights;
    }
  }
  return means;
}

function groupBySlide({ slides }: PatchPlaces): number[][] {
  return [...Map.groupBy(slides.keys(), (patch) => slides[patch]!).values()];
}

/** Sorted by place, and by logit within one: sums of the same patches are then the same to the last bit. */
function layOut(
  patches: readonly number[],
  { x, y, patchSizePx }: PatchPlaces,
  logits?: Float64Array,
): Squares {
  const sorted = [...patches].sort(
    (a, b) => y[a]! - y[b]! || x[a]! - x[b]! || (logits ? logits[a]! - logits[b]! : 0),
  );
  const squares: Squares = new Map();
  for (const patch of sorted) {
    const [row, column] = [Math.floor(y[patch]! / patchSizePx), Math.floor(x[patch]! / patchSizePx)];
    const columns = squares.get(row) ?? new Map<number, number[]>();
    squares.set(row, columns);
    const square = columns.get(column);
    if (square) square.push(patch);
    else columns.set(column, [patch]);
  }
  return squares;
}

function hasNeighbour(squares: Squares, { patch, places }: { patch: number; places: PatchPlaces }): boolean {
  let found = false;
  visitAround(squares, { patch, places, radius: 1 }, (neighbour) => {
    found ||= neighbour !== patch;
  });
  return found;
}

/** The patch itself and its neighbours, always in the same order. */
function visitAround(
  squares: Squares,
  { patch, places, radius }: { patch: number; places: PatchPlaces; radius: number },
  visit: (neighbour: number, squaredPx: number) => void,
): void {
  const { x, y, patchSizePx } = places;
  const reachPx = radius * patchSizePx;
  const [left, top] = [x[patch]!, y[patch]!];
  const squareOf = (px: number) => Math.floor(px / patchSizePx);
  const lastColumn = squareOf(left + reachPx);
  for (let row = squareOf(top - reachPx); row <= squareOf(top + reachPx); row++) {
    const columns = squares.get(row);
    if (!columns) continue;
    for (let column = squareOf(left - reachPx); column <= lastColumn; column++) {
      for (const neighbour of columns.get(column) ?? []) {
        const [across, down] = [x[neighbour]! - left, y[neighbour]! - top];
        if (Math.abs(across) > reachPx || Math.abs(down) > reachPx) continue;
        visit(neighbour, across * across + down * down);
      }
    }
  }
}
