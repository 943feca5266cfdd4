/**
 * Finds patches that are copies of each other though their bytes differ: recompressed, turned, shifted by a
 * few pixels. Mean colour and contrast, which no turn changes, propose pairs; fingerprints and thumbnails sort
 * most of them out; what remains must correlate pixel by pixel, in some turn, at some small shift, and that
 * within the tissue: glass beside a piece of tissue correlates with any other of that outline. Patches without contrast (white background) have no identity and are left out.
 */
import {
  countDifferingBits,
  type PatchLook,
  THUMBNAIL_SIZE_PX,
  TURNS,
  type Turn,
} from './perceptual-hash.ts';

/** Levels by which mean colours and contrast of a copy may differ. */
const LEVEL_TOLERANCE = 3;
const DIFFERING_BITS_MAX = 24;
/** Thumbnails are smoothed, so copies shifted by less than a cell correlate well, but so do other smooth patches. */
const COARSE_CORRELATION_MIN = 0.8;
const COARSE_SHIFT_CELLS = 1;
const CORRELATION_MIN = 0.75;
const SHIFT_PX = 3;
/** Grey from which on a pixel is empty glass, and the share of the pixels that must be more than that in a pair. */
const GLASS_LEVEL_MIN = 220;
const TISSUE_SHARE_MIN = 0.03;
/** Standard deviation of grey, in levels, below which a patch is taken for empty glass. */
export const CONTRAST_MIN = 4;
/** Cells of 3 levels are fewer than this along each axis. */
const CELLS_PER_AXIS = 128;

export type DuplicatePair = { first: number; second: number; correlation: number };

type Search = {
  looks: readonly PatchLook[];
  patchSizePx: number;
  /** The patch in grey, row by row; asked for only where a pair is likely. */
  readGrey(index: number): Uint8Array;
  /** Pairs for which it does not hold are not looked at: say, those on one side of a split. */
  mayPair?(first: number, second: number): boolean;
};

/** All pairs of near-identical patches, by rising indices. */
export function findNearDuplicates(search: Search): DuplicatePair[] {
  const { looks, mayPair = () => true } = search;
  const cells = new Map<number, number[]>();
  const pairs: DuplicatePair[] = [];
  looks.forEach((look, second) => {
    if (look.levels[3] < CONTRAST_MIN) return;
    for (const key of listNearbyCells(look)) {
      for (const first of cells.get(key) ?? []) {
        if (!hasSimilarLevels(look, looks[first] as PatchLook) || !mayPair(first, second)) continue;
        const correlation = correlateInAnyTurn(search, { first, second });
        if (correlation >= CORRELATION_MIN) pairs.push({ first, second, correlation });
      }
    }
    const own = keyOfCell(look.levels.map((level) => Math.floor(level / LEVEL_TOLERANCE)));
    const cell = cells.get(own);
    if (cell) cell.push(second);
    else cells.set(own, [second]);
  });
  return pairs.sort((a, b) => a.first - b.first || a.second - b.second);
}

function listNearbyCells({ levels }: PatchLook): number[] {
  const centre = levels.map((level) => Math.floor(level / LEVEL_TOLERANCE));
  let places: number[][] = [[]];
  for (const at of centre)
    places = places.flatMap((place) => [-1, 0, 1].map((step) => [...place, at + step]));
  return places.filter((place) => place.every((at) => at >= 0)).map(keyOfCell);
}

function keyOfCell(place: readonly number[]): number {
  return place.reduce((key, at) => key * CELLS_PER_AXIS + at, 0);
}

function hasSimilarLevels(a: PatchLook, b: PatchLook): boolean {
  return a.levels.every((level, axis) => Math.abs(level - (b.levels[axis] as number)) <= LEVEL_TOLERANCE);
}

/** The best correlation of the pixels over the turns that fingerprints and thumbnails leave; -1 when none is left. */
function correlateInAnyTurn(search: Search, { first, second }: { first: number; second: number }): number {
  const look = search.looks[second] as PatchLook;
  const other = search.looks[first] as PatchLook;
  let best = -1;
  TURNS.forEach((turn, index) => {
    if (countDifferingBits(look, other, index) > DIFFERING_BITS_MAX) return;
    const coarse = { a: turnPicture(look.thumbnail, turn), b: other.thumbnail, sizePx: THUMBNAIL_SIZE_PX };
    if (correlateShifted({ ...coarse, shiftPx: COARSE_SHIFT_CELLS }) < COARSE_CORRELATION_MIN) return;
    const turned = turnPicture(search.readGrey(second), turn);
    const grey = search.readGrey(first);
    const fine = {
      a: removeBands(turned),
      b: removeBands(grey),
      tissueA: markTissue(turned),
      tissueB: markTissue(grey),
    };
    best = Math.max(best, correlateShifted({ ...fine, sizePx: search.patchSizePx, shiftPx: SHIFT_PX }));
  });
  return best;
}

type Pictures = {
  a: ArrayLike<number>;
  b: ArrayLike<number>;
  sizePx: number;
  /** 1 where it is more than glass. Where given, pixels that are glass in both do not count. */
  tissueA?: Uint8Array;
  tissueB?: Uint8Array;
};

function markTissue(grey: Uint8Array): Uint8Array {
  return grey.map((level) => (level < GLASS_LEVEL_MIN ? 1 : 0));
}

function correlateShifted({ shiftPx, ...pictures }: Pictures & { shiftPx: number }): number {
  let best = -1;
  for (let down = -shiftPx; down <= shiftPx; down++) {
    for (let across = -shiftPx; across <= shiftPx; across++) {
      best = Math.max(best, correlate(pictures, { down, across }));
    }
  }
  return best;
}

/**
 * Takes the mean of its row and of its column from each pixel: the straight edge of a cover glass, which all
 * patches along it share, would otherwise make them alike.
 */
function removeBands(picture: Uint8Array): Float64Array {
  const sizePx = Math.round(Math.sqrt(picture.length));
  const rows = new Float64Array(sizePx);
  const columns = new Float64Array(sizePx);
  picture.forEach((value, cell) => {
    rows[Math.floor(cell / sizePx)] = (rows[Math.floor(cell / sizePx)] as number) + value / sizePx;
    columns[cell % sizePx] = (columns[cell % sizePx] as number) + value / sizePx;
  });
  const mean = rows.reduce((sum, row) => sum + row, 0) / sizePx;
  return Float64Array.from(picture, (value, cell) => {
    const bands = (rows[Math.floor(cell / sizePx)] as number) + (columns[cell % sizePx] as number);
    return value - bands + mean;
  });
}

function turnPicture(picture: Uint8Array, { isTransposed, flipsAcross, flipsDown }: Turn): Uint8Array {
  const sizePx = Math.round(Math.sqrt(picture.length));
  const last = sizePx - 1;
  return picture.map((_, cell) => {
    const row = Math.floor(cell / sizePx);
    const column = cell % sizePx;
    const down = flipsDown ? last - row : row;
    const across = flipsAcross ? last - column : column;
    return picture[isTransposed ? across * sizePx + down : down * sizePx + across] as number;
  });
}

/** Pearson's correlation of the parts that overlap when the first is shifted. */
function correlate(
  { a, b, sizePx, tissueA, tissueB }: Pictures,
  shift: { down: number; across: number },
): number {
  let [count, sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0, 0];
  const first = (step: number) => Math.max(0, -step);
  const end = (step: number) => sizePx - Math.max(0, step);
  for (let row = first(shift.down); row < end(shift.down); row++) {
    for (let column = first(shift.across); column < end(shift.across); column++) {
      const atA = row * sizePx + column;
      const atB = (row + shift.down) * sizePx + column + shift.across;
      if (tissueA?.[atA] === 0 && tissueB?.[atB] === 0) continue;
      const valueA = a[atA] as number;
      const valueB = b[atB] as number;
      count++;
      sumA += valueA;
      sumB += valueB;
      squaresA += valueA * valueA;
      squaresB += valueB * valueB;
      products += valueA * valueB;
    }
  }
  if (count < TISSUE_SHARE_MIN * sizePx * sizePx) return 0;
  const spread = Math.sqrt(squaresA - (sumA * sumA) / count) * Math.sqrt(squaresB - (sumB * sumB) / count);
  return spread > 0 ? (products - (sumA * sumB) / count) / spread : 0;
}
