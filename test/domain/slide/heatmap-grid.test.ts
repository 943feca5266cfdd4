import {
  buildHeatmapGrid,
  chooseCellSide,
  type HeatmapLayer,
  paintHeatmap,
} from '@microtome/domain/slide/heatmap-grid';
import { colourOfProbability } from '@microtome/domain/slide/slide-colours';
import { expect, test } from 'vitest';

const PATCHES = [
  { x: 0, y: 0, label: 0 as const, probability: 0.2 },
  { x: 100, y: 0, label: 1 as const, probability: 0.9 },
  { x: 50, y: 50, label: 1 as const, probability: null },
];
const SLIDE = { widthPx: 150, heightPx: 63, patchSizePx: 50 };

const paint = (
  patches: Parameters<typeof buildHeatmapGrid>[0],
  slide = SLIDE,
  layer: HeatmapLayer = 'probability',
) => {
  const pixels = paintHeatmap(buildHeatmapGrid(patches, slide), { layer, threshold: 0.5 });
  return { pixels, at: (cell: number) => [...pixels.slice(cell * 4, cell * 4 + 4)] };
};

test('patches come to lie in their column and row', () => {
  const { columns, rows, cells } = buildHeatmapGrid(PATCHES, SLIDE);
  expect([columns, rows]).toEqual([3, 2]);
  expect(cells.map(({ column, row }) => [column, row])).toEqual([
    [0, 0],
    [2, 0],
    [1, 1],
  ]);
});

test('a missing cell is transparent and an unpredicted one too, never the colour of negative', () => {
  const { pixels, at } = paint(PATCHES);
  expect(pixels).toHaveLength(6 * 4);
  expect(at(1)).toEqual([0, 0, 0, 0]);
  expect(at(4)).toEqual([0, 0, 0, 0]);
  expect(at(0)).toEqual(colourOfProbability(0.2, 0.5));
});

test('the error layer gives the four outcomes four colours', () => {
  const outcomes = [
    [1, 0.9],
    [1, 0.1],
    [0, 0.9],
    [0, 0.1],
  ] as const;
  const patches = outcomes.map(([label, probability], index) => ({
    x: 50 * index,
    y: 0,
    label,
    probability,
  }));
  const slide = { widthPx: 200, heightPx: 50, patchSizePx: 50 };
  const colours = outcomes.map((_, index) => paint(patches, slide, 'error').at(index).join());
  expect(new Set(colours).size).toBe(4);
  const labels = paint(patches, slide, 'label');
  expect(labels.at(0)).toEqual(labels.at(1));
});

test('a patch far out costs no more cells than a dense slide, and every patch stays in sight', () => {
  for (const far of [300_000, 999_950, 9_999_950]) {
    const patches = [...PATCHES, { x: far, y: far, label: 1 as const, probability: 0.7 }];
    const slide = { widthPx: far + 50, heightPx: far + 50, patchSizePx: 50 };
    const { columns, rows, cells } = buildHeatmapGrid(patches, slide);
    expect(columns * rows).toBeLessThanOrEqual(2 ** 20);
    expect(columns * rows).toBeGreaterThan(2 ** 19);
    expect(cells).toHaveLength(4);
    const { at } = paint(patches, slide);
    expect(at(columns * rows - 1)).toEqual(colourOfProbability(0.7, 0.5));
  }
});

test('a slide that is full of patches keeps a cell for each, however large', () => {
  const slide = { widthPx: 100_000, heightPx: 80_000, patchSizePx: 50 };
  expect(chooseCellSide({ ...slide, patchCount: 2000 * 1600 * 0.1 })).toBe(50);
  expect(chooseCellSide({ ...slide, patchCount: 20 })).toBe(100);
  expect(chooseCellSide({ ...SLIDE, patchCount: 3 })).toBe(50);
});

test('patches that share a cell show what is looked for: the probable, the positive, the wrong one', () => {
  const inOneCell = [
    { x: 0, y: 0, label: 1 as const, probability: 0.8 },
    { x: 10, y: 0, label: 0 as const, probability: 0.95 },
    { x: 20, y: 0, label: 0 as const, probability: null },
    { x: 30, y: 0, label: 0 as const, probability: 0.1 },
  ];
  const alone = (patch: (typeof inOneCell)[number], layer: HeatmapLayer) =>
    paint([patch], SLIDE, layer).at(0);
  for (const patches of [inOneCell, inOneCell.toReversed()]) {
    expect(paint(patches).at(0)).toEqual(colourOfProbability(0.95, 0.5));
    expect(paint(patches, SLIDE, 'label').at(0)).toEqual(alone(inOneCell[0]!, 'label'));
    expect(paint(patches, SLIDE, 'error').at(0)).toEqual(alone(inOneCell[1]!, 'error'));
  }
});
