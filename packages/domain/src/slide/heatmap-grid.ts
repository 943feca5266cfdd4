/**
 * Puts a slide's patches back in place: one cell per patch on a grid of columns and rows. A cell without a
 * patch is null and drawn as nothing, never as negative: background was cut away and nobody looked at it.
 */
import { invariant } from '../app-error.ts';

const CHANNELS = 4;

export type PlacedPatch = {
  /** Left and top edge in slide pixels, 1-based. */
  x: number;
  y: number;
  /** Smaller than the patch size for a strip cut at the slide's edge. */
  widthPx: number;
  heightPx: number;
  label: 0 | 1;
  /** Null where the run has no prediction. */
  probability: number | null;
};

type HeatmapCell = {
  label: 0 | 1;
  probability: number | null;
  /** Whether the patch is smaller than a cell. */
  isStrip: boolean;
};

type HeatmapGrid = {
  columns: number;
  rows: number;
  patchSizePx: number;
  /** Extent of the slide as far as its patches reach. */
  widthPx: number;
  heightPx: number;
  /** [row * columns + column]; null where there is no patch. */
  cells: (HeatmapCell | null)[];
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

const NOTHING: Rgba = [0, 0, 0, 0];
const UNPREDICTED: Rgba = [128, 128, 128, 255];
const LABEL_COLOURS: Record<0 | 1, Rgba> = { 0: [122, 171, 211, 255], 1: [165, 15, 36, 255] };
const ERROR_COLOURS = {
  truePositive: [165, 15, 36, 255],
  trueNegative: [214, 224, 235, 255],
  falsePositive: [245, 176, 65, 255],
  falseNegative: [90, 40, 130, 255],
} as const satisfies Record<string, Rgba>;

/** Patches that overlap share a cell: the first of them is drawn. */
export function keepFirstOfEachCell(patches: readonly PlacedPatch[], patchSizePx: number): PlacedPatch[] {
  const cells = new Map<string, PlacedPatch>();
  for (const patch of patches) {
    const { column, row } = findCell(patch, patchSizePx);
    const cell = `${column} ${row}`;
    if (!cells.has(cell)) cells.set(cell, patch);
  }
  return [...cells.values()];
}

/** The grid of one slide. Two patches in one cell are a fault of the caller: coordinates are unique per slide. */
export function buildHeatmapGrid(patches: readonly PlacedPatch[], patchSizePx: number): HeatmapGrid {
  const cellOf = (patch: PlacedPatch) => findCell(patch, patchSizePx);
  const most = (measure: (patch: PlacedPatch) => number) =>
    patches.reduce((largest, patch) => Math.max(largest, measure(patch)), 0);
  const columns = most((patch) => cellOf(patch).column + 1);
  const rows = most((patch) => cellOf(patch).row + 1);
  const cells = new Array<HeatmapCell | null>(columns * rows).fill(null);
  for (const patch of patches) {
    const { column, row } = cellOf(patch);
    const at = row * columns + column;
    invariant(cells[at] === null, `two patches lie in column ${column}, row ${row}`);
    const isStrip = patch.widthPx < patchSizePx || patch.heightPx < patchSizePx;
    cells[at] = { label: patch.label, probability: patch.probability, isStrip };
  }
  return {
    columns,
    rows,
    patchSizePx,
    widthPx: most((patch) => patch.x - 1 + patch.widthPx),
    heightPx: most((patch) => patch.y - 1 + patch.heightPx),
    cells,
  };
}

function findCell({ x, y }: PlacedPatch, patchSizePx: number): { column: number; row: number } {
  return { column: Math.floor((x - 1) / patchSizePx), row: Math.floor((y - 1) / patchSizePx) };
}

/** One RGBA pixel per cell, row by row: the picture to be drawn enlarged without smoothing. */
export function paintHeatmap(
  grid: HeatmapGrid,
  { layer, threshold }: { layer: HeatmapLayer; threshold: number },
): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(grid.cells.length * CHANNELS);
  grid.cells.forEach((cell, index) => {
    pixels.set(cell ? paintCell(cell, { layer, threshold }) : NOTHING, index * CHANNELS);
  });
  return pixels;
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

/** Shares of the patches that are positive, and that are called positive: the true and the predicted IDC area. */
export function measureAreas(
  grid: HeatmapGrid,
  threshold: number,
): { trueArea: number | null; predictedArea: number | null } {
  const present = grid.cells.filter((cell) => cell !== null);
  const predicted = present.flatMap(({ probability }) => (probability === null ? [] : [probability]));
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  return {
    trueArea: share(present.filter(({ label }) => label === 1).length, present.length),
    predictedArea: share(
      predicted.filter((probability) => probability >= threshold).length,
      predicted.length,
    ),
  };
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
