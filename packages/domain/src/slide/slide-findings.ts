/**
 * What a reader walks through on a slide: hot spots, which are areas called positive, and wrong calls, each in the order
 * in which they are worth looking at. Both are ranked on the scale whose middle is the threshold, so that runs with
 * different thresholds rank alike.
 */
import { isWrong, tellOutcome } from './call-outcome.ts';
import type { HeatmapGrid } from './heatmap-grid.ts';
import { placeOnScale } from './slide-colours.ts';

export type HotSpot = {
  /** In cells: the first and the last column and row that it touches. */
  firstColumn: number;
  firstRow: number;
  lastColumn: number;
  lastRow: number;
  patches: number;
  /** Its highest probability. */
  peak: number;
  /** Sum over its patches of how far each is above the threshold, 0 to 1: large and certain areas have most. */
  weight: number;
};

/** Called patches whose cells touch, corners too, are one hot spot. The heaviest first. */
export function rankHotSpots(grid: HeatmapGrid, threshold: number): HotSpot[] {
  return rankSpotCells(grid, threshold).map(({ spot }) => spot);
}

/** The same, each with the cells that it is made of. */
export function rankSpotCells(
  { columns, rows, cells }: HeatmapGrid,
  threshold: number,
): { spot: HotSpot; cells: SpotCell[] }[] {
  const called = new Map<number, number[]>();
  for (const { column, row, probability } of cells) {
    if (probability === null || probability < threshold) continue;
    const at = row * columns + column;
    const found = called.get(at);
    if (found) found.push(probability);
    else called.set(at, [probability]);
  }
  const spots: { spot: HotSpot; cells: SpotCell[] }[] = [];
  for (const at of called.keys()) spots.push(takeSpot(at, { called, columns, rows, threshold }));
  return spots.sort(
    ({ spot: a }, { spot: b }) =>
      b.weight - a.weight || a.firstRow - b.firstRow || a.firstColumn - b.firstColumn,
  );
}

type SpotCell = { column: number; row: number };
type Walk = { called: Map<number, number[]>; columns: number; rows: number; threshold: number };

/** Takes the cells of the spot out of `called`. */
function takeSpot(start: number, { called, columns, rows, threshold }: Walk) {
  const spot = startSpot(start, columns);
  const cells: SpotCell[] = [];
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const probabilities = called.get(at);
    if (!probabilities) continue;
    called.delete(at);
    const [column, row] = [at % columns, Math.floor(at / columns)];
    cells.push({ column, row });
    spot.firstColumn = Math.min(spot.firstColumn, column);
    spot.lastColumn = Math.max(spot.lastColumn, column);
    spot.firstRow = Math.min(spot.firstRow, row);
    spot.lastRow = Math.max(spot.lastRow, row);
    for (const probability of probabilities) {
      spot.patches += 1;
      spot.peak = Math.max(spot.peak, probability);
      spot.weight += 2 * placeOnScale(probability, threshold) - 1;
    }
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
        waiting.push(y * columns + x);
    }
  }
  return { spot, cells };
}

function startSpot(start: number, columns: number): HotSpot {
  const [column, row] = [start % columns, Math.floor(start / columns)];
  const place = { firstColumn: column, lastColumn: column, firstRow: row, lastRow: row };
  return { ...place, patches: 0, peak: 0, weight: 0 };
}

/** Positions of the wrong calls among the cells: those that were most certain first. */
export function rankErrors({ cells }: HeatmapGrid, threshold: number): number[] {
  const wrong: { at: number; distance: number }[] = [];
  for (const [at, { label, probability }] of cells.entries()) {
    if (probability === null || !isWrong(tellOutcome({ label, probability }, threshold))) continue;
    wrong.push({ at, distance: Math.abs(placeOnScale(probability, threshold) - 0.5) });
  }
  return wrong.sort((a, b) => b.distance - a.distance || a.at - b.at).map(({ at }) => at);
}
