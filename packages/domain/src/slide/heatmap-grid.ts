/**
 * Puts a slide's patches back in place: a grid of columns and rows of which only the cells with patches are held. A
 * cell without a patch is drawn as nothing, never as negative: background was removed and never looked at.
 */
import { invariant } from '../app-error.ts';

const CHANNELS = 4;
/**
 * A picture has at most a million cells, or as many for each patch where a slide has more of them: one patch far out
 * costs no more than a dense slide does. An ordinary slide has thousands.
 */
const CELLS_MAX = 2 ** 20;
const CELLS_PER_PATCH_MAX = 16;

type PlacedPatch = {
  /** Left and top edge in slide pixels, from 0. */
  x: number;
  y: number;
  label: 0 | 1;
  /** Null where the run has no prediction. */
  probability: number | null;
};

type HeatmapCell = Pick<PlacedPatch, 'label' | 'probability'> & { column: number; row: number };

/** How far a slide's patches reach in pixels, how many there are, and the side of a whole one. */
type SlideMeasures = { widthPx: number; heightPx: number; patchCount: number; patchSizePx: number };

type HeatmapGrid = {
  columns: number;
  rows: number;
  /** One a patch, in their order; on a slide that reaches far several may lie in one place. */
  cells: HeatmapCell[];
};

export type Rgba = [red: number, green: number, blue: number, alpha: number];

export type HeatmapLayer = 'probability' | 'label' | 'error';

/** Stops of the colour map, evenly spaced from probability 0 to 1: dark blue through white to dark red. */
const PROBABILITY_STOPS: readonly [number, number, number][] = [
  [33, 72, 142],
  [122, 171, 211],
  [247, 247, 247],
  [238, 145, 98],
  [165, 15, 36],
];

const UNPREDICTED: Rgba = [128, 128, 128, 255];
const LABEL_COLOURS: Record<0 | 1, Rgba> = { 0: [122, 171, 211, 255], 1: [165, 15, 36, 255] };
const ERROR_COLOURS = {
  truePositive: [165, 15, 36, 255],
  trueNegative: [214, 224, 235, 255],
  falsePositive: [245, 176, 65, 255],
  falseNegative: [90, 40, 130, 255],
} as const satisfies Record<string, Rgba>;

/**
 * The side of a cell in slide pixels: that of a patch, or a multiple of it where the slide reaches so far that its
 * cells would be many more than its patches.
 */
export function chooseCellSide({ widthPx, heightPx, patchCount, patchSizePx }: SlideMeasures): number {
  const cellsMax = Math.max(CELLS_MAX, CELLS_PER_PATCH_MAX * patchCount);
  let cellPx = patchSizePx;
  while (Math.ceil(widthPx / cellPx) * Math.ceil(heightPx / cellPx) > cellsMax) cellPx += patchSizePx;
  return cellPx;
}

/** The grid of one slide, in cells of `chooseCellSide`. */
export function buildHeatmapGrid(
  patches: readonly PlacedPatch[],
  slide: Omit<SlideMeasures, 'patchCount'>,
): HeatmapGrid {
  const cellPx = chooseCellSide({ ...slide, patchCount: patches.length });
  const columns = Math.ceil(slide.widthPx / cellPx);
  const rows = Math.ceil(slide.heightPx / cellPx);
  const cells = patches.map(({ x, y, label, probability }) => {
    const [column, row] = [Math.floor(x / cellPx), Math.floor(y / cellPx)];
    invariant(column < columns && row < rows, `a patch at x ${x}, y ${y} lies on its slide`);
    return { column, row, label, probability };
  });
  return { columns, rows, cells };
}

/**
 * One RGBA pixel per cell, row by row: the picture to be drawn enlarged without smoothing. Where patches share a cell
 * the one that a reader looks for is seen: the most probable, the positive, the wrong one.
 */
export function paintHeatmap(
  { columns, rows, cells }: HeatmapGrid,
  { layer, threshold }: { layer: HeatmapLayer; threshold: number },
): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(columns * rows * CHANNELS);
  const ranked = cells.map((cell) => ({ cell, rank: rankCell(cell, { layer, threshold }) }));
  ranked.sort((left, right) => left.rank - right.rank);
  for (const { cell } of ranked) {
    pixels.set(paintCell(cell, { layer, threshold }), (cell.row * columns + cell.column) * CHANNELS);
  }
  return pixels;
}

function rankCell(
  { label, probability }: HeatmapCell,
  { layer, threshold }: { layer: HeatmapLayer; threshold: number },
): number {
  if (layer === 'label') return label;
  if (probability === null) return Number.NEGATIVE_INFINITY;
  if (layer === 'probability') return probability;
  const isWrong = probability >= threshold !== (label === 1);
  return 2 * Number(isWrong) + label;
}

/** The colour of a probability on the fixed scale from 0 to 1, never rescaled per slide. */
export function colourOfProbability(probability: number): Rgba {
  const position = Math.min(1, Math.max(0, probability)) * (PROBABILITY_STOPS.length - 1);
  const below = Math.min(PROBABILITY_STOPS.length - 2, Math.floor(position));
  const low = PROBABILITY_STOPS[below];
  const high = PROBABILITY_STOPS[below + 1];
  invariant(low && high, 'a probability lies between two stops');
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(low[channel] + (position - below) * (high[channel] - low[channel]));
  return [mix(0), mix(1), mix(2), 255];
}

function paintCell(
  cell: HeatmapCell,
  { layer, threshold }: { layer: HeatmapLayer; threshold: number },
): Rgba {
  if (layer === 'label') return LABEL_COLOURS[cell.label];
  if (cell.probability === null) return UNPREDICTED;
  if (layer === 'probability') return colourOfProbability(cell.probability);
  const isCalled = cell.probability >= threshold;
  if (cell.label === 1) return isCalled ? ERROR_COLOURS.truePositive : ERROR_COLOURS.falseNegative;
  return isCalled ? ERROR_COLOURS.falsePositive : ERROR_COLOURS.trueNegative;
}
