/** What a model said of a whole slide, to be saved: each square with its probability, its hot spots ranked, and those as outlines. */
import { CONTEXT_COLUMN } from '@microtome/domain/context/context-step';
import type { HeatmapGrid } from '@microtome/domain/slide/heatmap-grid';
import { type HotSpot, rankHotSpots } from '@microtome/domain/slide/slide-findings';
import { type AnalysisGrid, measureArea, placeSquares } from '@microtome/domain/slide-analysis/analysis-grid';
import { describeSpots } from '@microtome/domain/slide-analysis/spots-geojson';
import type { ExportTable } from '../report/export-table.ts';
import { type AnalysedSlide, chooseReading, namePositive, type ReadingRequest } from './analysed-grid.ts';

/** A row a square; places and sides are pixels of the slide's finest level. Where squares have a context it stands beside. */
export function tabulateSquares(analysed: AnalysedSlide): ExportTable {
  const { analysis, grid, inContext, scale } = analysed;
  const { tilePx } = analysis;
  const squares = placeSquares(grid, tilePx);
  const pick = (value: (square: { x: number; y: number }) => number) =>
    Float64Array.from(squares, (square) => value(square) * scale);
  return {
    columns: [
      { name: 'x', type: 'DOUBLE', values: pick(({ x }) => x) },
      { name: 'y', type: 'DOUBLE', values: pick(({ y }) => y) },
      { name: 'side', type: 'DOUBLE', values: pick(() => tilePx) },
      { name: 'probability', type: 'DOUBLE', values: grid.probabilities },
      { name: 'called', type: 'INT32', values: callSquares({ grid, threshold: analysis.threshold }) },
      ...(inContext
        ? ([
            { name: CONTEXT_COLUMN, type: 'DOUBLE', values: inContext.grid.probabilities },
            { name: 'contextCalled', type: 'INT32', values: callSquares(inContext) },
          ] as const)
        : []),
    ],
  };
}

function callSquares({ grid, threshold }: ReturnType<typeof chooseReading>): Int32Array {
  return Int32Array.from(grid.probabilities, (probability) => Number(probability >= threshold));
}

/** A row a hot spot, the heaviest first; places are pixels of the slide's finest level. */
export function tabulateSpots(analysed: AnalysedSlide, request: ReadingRequest): ExportTable {
  const { analysis, scale } = analysed;
  const { grid, threshold } = chooseReading(analysed, request);
  const spots = rankHotSpots(layCells(grid, analysis.tilePx), threshold);
  const side = analysis.tilePx * scale;
  const numbers = (value: (spot: HotSpot) => number) => Float64Array.from(spots, value);
  return {
    columns: [
      { name: 'rank', type: 'INT32', values: Int32Array.from(spots, (_, at) => at + 1) },
      { name: 'x', type: 'DOUBLE', values: numbers(({ firstColumn }) => firstColumn * side) },
      { name: 'y', type: 'DOUBLE', values: numbers(({ firstRow }) => firstRow * side) },
      {
        name: 'width',
        type: 'DOUBLE',
        values: numbers(({ firstColumn, lastColumn }) => (lastColumn - firstColumn + 1) * side),
      },
      {
        name: 'height',
        type: 'DOUBLE',
        values: numbers(({ firstRow, lastRow }) => (lastRow - firstRow + 1) * side),
      },
      { name: 'squares', type: 'INT32', values: Int32Array.from(spots, ({ patches }) => patches) },
      { name: 'areaMm2', type: 'DOUBLE', values: numbers(({ patches }) => measureArea(patches, analysis)) },
      { name: 'peak', type: 'DOUBLE', values: numbers(({ peak }) => peak) },
      { name: 'weight', type: 'DOUBLE', values: numbers(({ weight }) => weight) },
    ],
  };
}

/** A GeoJSON document of annotations. */
export function outlineSpots(analysed: AnalysedSlide, request: ReadingRequest): string {
  const { analysis, scale } = analysed;
  const { grid, threshold } = chooseReading(analysed, request);
  const features = describeSpots({
    grid: layCells(grid, analysis.tilePx),
    threshold,
    className: namePositive(analysis),
    scale,
    cellMm2: measureArea(1, analysis),
  });
  return JSON.stringify({ type: 'FeatureCollection', features });
}

/** A cell a square, however large the slide: nothing is drawn of it. */
function layCells({ columns, rows, places, probabilities }: AnalysisGrid, tilePx: number): HeatmapGrid {
  const cells = Array.from(places, (place, at) => ({
    column: place % columns,
    row: Math.floor(place / columns),
    label: 0 as const,
    probability: probabilities[at]!,
  }));
  return { cellPx: tilePx, columns, rows, cells };
}
