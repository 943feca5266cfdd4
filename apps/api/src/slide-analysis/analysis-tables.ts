/** What a model said of a whole slide, to be saved: each square with its probability, its hot spots ranked, and those as outlines. */
import type { HeatmapGrid } from '@microtome/domain/slide/heatmap-grid';
import { type HotSpot, rankHotSpots } from '@microtome/domain/slide/slide-findings';
import { measureArea, placeSquares } from '@microtome/domain/slide-analysis/analysis-grid';
import { describeSpots } from '@microtome/domain/slide-analysis/spots-geojson';
import type { ExportTable } from '../report/export-table.ts';
import { type AnalysedSlide, namePositive } from './analysed-grid.ts';

/** A row a square; places and sides are pixels of the slide's finest level. */
export function tabulateSquares({ analysis, grid, scale }: AnalysedSlide): ExportTable {
  const { tilePx, threshold } = analysis;
  const squares = placeSquares(grid, tilePx);
  const pick = (value: (square: { x: number; y: number }) => number) =>
    Float64Array.from(squares, (square) => value(square) * scale);
  return {
    columns: [
      { name: 'x', type: 'DOUBLE', values: pick(({ x }) => x) },
      { name: 'y', type: 'DOUBLE', values: pick(({ y }) => y) },
      { name: 'side', type: 'DOUBLE', values: pick(() => tilePx) },
      { name: 'probability', type: 'DOUBLE', values: grid.probabilities },
      {
        name: 'called',
        type: 'INT32',
        values: Int32Array.from(grid.probabilities, (probability) => Number(probability >= threshold)),
      },
    ],
  };
}

/** A row a hot spot, the heaviest first; places are pixels of the slide's finest level. */
export function tabulateSpots(analysed: AnalysedSlide): ExportTable {
  const { analysis, scale } = analysed;
  const spots = rankHotSpots(layCells(analysed), analysis.threshold);
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
      { name: 'area_mm2', type: 'DOUBLE', values: numbers(({ patches }) => measureArea(patches, analysis)) },
      { name: 'peak', type: 'DOUBLE', values: numbers(({ peak }) => peak) },
      { name: 'weight', type: 'DOUBLE', values: numbers(({ weight }) => weight) },
    ],
  };
}

/** A GeoJSON document of annotations. */
export function outlineSpots(analysed: AnalysedSlide): string {
  const { analysis, scale } = analysed;
  const features = describeSpots({
    grid: layCells(analysed),
    threshold: analysis.threshold,
    className: namePositive(analysis),
    scale,
    cellMm2: measureArea(1, analysis),
  });
  return JSON.stringify({ type: 'FeatureCollection', features });
}

/** A cell a square, however large the slide: nothing is drawn of it. */
function layCells({ analysis, grid }: AnalysedSlide): HeatmapGrid {
  const { columns, rows, places, probabilities } = grid;
  const cells = Array.from(places, (place, at) => ({
    column: place % columns,
    row: Math.floor(place / columns),
    label: 0 as const,
    probability: probabilities[at]!,
  }));
  return { cellPx: analysis.tilePx, columns, rows, cells };
}
