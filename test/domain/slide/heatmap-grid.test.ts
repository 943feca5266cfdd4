import {
  buildHeatmapGrid,
  colourOfProbability,
  keepFirstOfEachCell,
  measureAreas,
  paintHeatmap,
} from '@microtome/domain/slide/heatmap-grid';
import { expect, test } from 'vitest';

const PATCHES = [
  { x: 1, y: 1, widthPx: 50, heightPx: 50, label: 0 as const, probability: 0.2 },
  { x: 101, y: 1, widthPx: 50, heightPx: 50, label: 1 as const, probability: 0.9 },
  { x: 51, y: 51, widthPx: 50, heightPx: 13, label: 1 as const, probability: null },
];

test('patches come to lie in their column and row, and missing cells stay empty', () => {
  const grid = buildHeatmapGrid(PATCHES, 50);
  expect(grid).toMatchObject({ columns: 3, rows: 2, widthPx: 150, heightPx: 63 });
  expect(grid.cells.map((cell) => cell && [cell.label, cell.probability, cell.isStrip])).toEqual([
    [0, 0.2, false],
    null,
    [1, 0.9, false],
    null,
    [1, null, true],
    null,
  ]);
});

test('a missing cell is transparent and an unpredicted one grey, never the colour of negative', () => {
  const pixels = paintHeatmap(buildHeatmapGrid(PATCHES, 50), { layer: 'probability', threshold: 0.5 });
  const pixel = (cell: number) => [...pixels.slice(cell * 4, cell * 4 + 4)];
  expect(pixels).toHaveLength(6 * 4);
  expect(pixel(1)).toEqual([0, 0, 0, 0]);
  expect(pixel(4)).toEqual([128, 128, 128, 255]);
  expect(pixel(0)).toEqual(colourOfProbability(0.2));
});

test('the colour map is fixed: 0 is dark blue, one half is near white, 1 is dark red, and beyond is clamped', () => {
  expect(colourOfProbability(0)).toEqual([33, 72, 142, 255]);
  expect(colourOfProbability(0.5)).toEqual([247, 247, 247, 255]);
  expect(colourOfProbability(1)).toEqual([165, 15, 36, 255]);
  expect(colourOfProbability(1.5)).toEqual(colourOfProbability(1));
});

test('the error layer gives the four outcomes four colours', () => {
  const outcomes = [
    [1, 0.9],
    [1, 0.1],
    [0, 0.9],
    [0, 0.1],
  ] as const;
  const patches = outcomes.map(([label, probability], index) => ({
    x: 1 + 50 * index,
    y: 1,
    widthPx: 50,
    heightPx: 50,
    label,
    probability,
  }));
  const pixels = paintHeatmap(buildHeatmapGrid(patches, 50), { layer: 'error', threshold: 0.5 });
  const colours = outcomes.map((_, index) => pixels.slice(index * 4, index * 4 + 4).join());
  expect(new Set(colours).size).toBe(4);
  const labels = paintHeatmap(buildHeatmapGrid(patches, 50), { layer: 'label', threshold: 0.5 });
  expect(labels.slice(0, 4)).toEqual(labels.slice(4, 8));
});

test('areas are shares of the patches that are there', () => {
  const grid = buildHeatmapGrid(PATCHES, 50);
  expect(measureAreas(grid, 0.5)).toEqual({ trueArea: 2 / 3, predictedArea: 1 / 2 });
  expect(measureAreas(buildHeatmapGrid([], 50), 0.5)).toEqual({ trueArea: null, predictedArea: null });
});

test('of patches that overlap the first has the cell', () => {
  const [first] = PATCHES;
  const over = { ...first!, x: first!.x + 10 };
  expect(keepFirstOfEachCell([...PATCHES, over], 50)).toEqual(PATCHES);
  expect(keepFirstOfEachCell([over, ...PATCHES], 50)[0]).toBe(over);
});

test('two patches in one cell are a fault that is named', () => {
  expect(() => buildHeatmapGrid([...PATCHES, ...PATCHES.slice(0, 1)], 50)).toThrow(/column 0, row 0/);
});
