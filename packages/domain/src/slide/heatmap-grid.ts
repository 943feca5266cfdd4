/**
 * Puts a slide's patches back in place: a grid of columns and rows of which only the cells with patches are held. A
 * cell without a patch, or whose patch has no prediction, is drawn as nothing, never as negative: it was not looked at.
 */
import { invariant } from '../app-error.ts';
import { isWrong, tellOutcome } from './call-outcome.ts';
import { colourOfProbability, LABEL_COLOURS, NOTHING, OUTCOME_COLOURS, type Rgba } from './slide-colours.ts';

const CHANNELS = 4;
/**
 * A picture has at most a million cells, or as many for each patch where a slide has more of them: one patch far out
 * costs no more than a dense slide does. An ordinary slide has thousands.
 */
const CELLS_MAX = 2 ** 20;
const CELLS_PER_PATCH_MAX = 16;

export type ScoredPlace = {
  /** Left and top edge in slide pixels, from 0. */
  x: number;
  y: number;
  label: 0 | 1;
  /** Null where the run has no prediction. */
  probability: number | null;
};

type HeatmapCell = Pick<ScoredPlace, 'label' | 'probability'> & { column: number; row: number };

/** How far a slide's patches reach in pixels, how many there are, and the side of a whole one. */
type SlideMeasures = { widthPx: number; heightPx: number; patchCount: number; patchSizePx: number };

export type HeatmapGrid = {
  /** Side of a cell in pixels of the slide. */
  cellPx: number;
  columns: number;
  rows: number;
  /** One a patch, in their order; on a slide that reaches far several may lie in one place. */
  cells: HeatmapCell[];
};

export type HeatmapLayer = 'probability' | 'label' | 'error';

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
  patches: readonly ScoredPlace[],
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
  return { cellPx, columns, rows, cells };
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
  return 2 * Number(isWrong(tellOutcome({ label, probability }, threshold))) + label;
}

function paintCell(
  { label, probability }: HeatmapCell,
  { layer, threshold }: { layer: HeatmapLayer; threshold: number },
): Rgba {
  if (layer === 'label') return label === 1 ? LABEL_COLOURS.positive : LABEL_COLOURS.negative;
  if (probability === null) return NOTHING;
  if (layer === 'probability') return colourOfProbability(probability, threshold);
  return OUTCOME_COLOURS[tellOutcome({ label, probability }, threshold)];
}
