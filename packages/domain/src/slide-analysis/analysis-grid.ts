/**
 * What a model says of a whole slide: the squares of tissue that it was asked about, by their places in a grid over the slide, and
 * a probability for each. With the order in which they are read, the area that they stand for, and the grid as it is drawn.
 */
import type { PatchesInContext } from '../context/context-step.ts';
import type { PatchPlaces } from '../context/neighbourhood.ts';
import { buildHeatmapGrid, type HeatmapGrid } from '../slide/heatmap-grid.ts';

/** A square of row r and column c has the place r · columns + c. */
export type AnalysisGrid = {
  columns: number;
  rows: number;
  /** Rising; squares without tissue have none. */
  places: Int32Array;
  /** Of the positive side, one a place. */
  probabilities: Float64Array;
};

/** What a grid is laid with: of the model, not of the slide. */
export type TileScale = { tilePx: number; micronsPerPixel: number };

/** Rows that are read together, column by column: what lies next to each other on the slide is decoded once. */
const STRIP_ROWS = 8;

export function orderForReading(places: Int32Array, columns: number): Int32Array {
  const rank = (place: number) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    return (Math.floor(row / STRIP_ROWS) * columns + column) * STRIP_ROWS + (row % STRIP_ROWS);
  };
  return places.slice().sort((a, b) => rank(a) - rank(b));
}

/** Puts probabilities, told in any order of places, in the order of the grid. */
export function sortGrid({ places, probabilities, ...size }: AnalysisGrid): AnalysisGrid {
  const order = Array.from(places.keys()).sort((a, b) => places[a]! - places[b]!);
  return {
    ...size,
    places: Int32Array.from(order, (at) => places[at]!),
    probabilities: Float64Array.from(order, (at) => probabilities[at]!),
  };
}

export function countCalled({ probabilities }: AnalysisGrid, threshold: number): number {
  return probabilities.reduce((count, probability) => count + Number(probability >= threshold), 0);
}

/** Square millimetres of tissue that so many squares show. */
export function measureArea(squares: number, { tilePx, micronsPerPixel }: TileScale): number {
  return squares * ((tilePx * micronsPerPixel) / 1000) ** 2;
}

/** Where each square lies, in pixels of the model's scale. */
export function placeSquares({ places, columns }: AnalysisGrid, tilePx: number): { x: number; y: number }[] {
  return Array.from(places, (place) => ({
    x: (place % columns) * tilePx,
    y: Math.floor(place / columns) * tilePx,
  }));
}

/** All of them on one slide. */
export function placePatchesOfGrid(grid: AnalysisGrid, tilePx: number): PatchPlaces {
  const squares = placeSquares(grid, tilePx);
  return {
    slides: new Int32Array(squares.length),
    x: Int32Array.from(squares, ({ x }) => x),
    y: Int32Array.from(squares, ({ y }) => y),
    patchSizePx: tilePx,
  };
}

/** The same squares by their probabilities in context. Of one slide all squares have a context, or none: then null. */
export function takeGridInContext(
  grid: AnalysisGrid,
  { patches, probabilities }: PatchesInContext,
): AnalysisGrid | null {
  return patches.length < grid.places.length ? null : { ...grid, probabilities };
}

/** A cell for each place, in their order. Nothing tells what the squares are, so labels say nothing. */
export function layHeatmap(grid: AnalysisGrid, tilePx: number): HeatmapGrid {
  const squares = placeSquares(grid, tilePx).map((square, at) => ({
    ...square,
    label: 0 as const,
    probability: grid.probabilities[at]!,
  }));
  const size = { widthPx: grid.columns * tilePx, heightPx: grid.rows * tilePx };
  return buildHeatmapGrid(squares, { ...size, patchSizePx: tilePx });
}
