/** At which scale a model looks, in what order, what area that is, and hot spots as outlines: worked by hand. */
import { readQupathGeoJson } from '@microtome/domain/outline/read-qupath-geojson';
import type { HeatmapGrid } from '@microtome/domain/slide/heatmap-grid';
import {
  countCalled,
  layHeatmap,
  measureArea,
  orderForReading,
  placeSquares,
  sortGrid,
} from '@microtome/domain/slide-analysis/analysis-grid';
import { chooseModelScale } from '@microtome/domain/slide-analysis/model-scale';
import { describeSpots } from '@microtome/domain/slide-analysis/spots-geojson';
import { describe, expect, it } from 'vitest';

describe('the scale at which a model looks', () => {
  const choose = (known: number[], asked: number | null = null) =>
    chooseModelScale({ datasetName: 'set', known, asked });

  it('is that of its dataset, where that tells one', () => {
    expect(choose([0.5])).toBe(0.5);
    expect(choose([0.5, 0.502])).toBe(0.5);
    expect(choose([0.25], 0.2525)).toBe(0.2525);
  });

  it('is asked for where the dataset tells none, or several, and never guessed', () => {
    expect(() => choose([])).toThrow("Dataset 'set', on which the model was trained, does not tell");
    expect(choose([], 1)).toBe(1);
    expect(() => choose([0.25, 0.5])).toThrow('was trained on slides of 0.25 to 0.5 µm per pixel');
    expect(choose([0.25, 0.5], 0.5)).toBe(0.5);
  });

  it('is refused where the model never saw it, and where no slide has it', () => {
    expect(() => choose([0.5], 1)).toThrow('was trained at 0.5 µm per pixel');
    expect(() => choose([0.25, 0.5], 0.6)).toThrow('was trained at 0.25 to 0.5 µm per pixel');
    expect(() => choose([], 50)).toThrow('50 µm per pixel: no slide has');
  });
});

describe('the grid of an analysis', () => {
  it('is read in strips of eight rows, column by column, and told in the order of its places', () => {
    const columns = 3;
    const places = Int32Array.from({ length: 10 * columns }, (_, at) => at);
    const order = orderForReading(places, columns);
    expect([...order.slice(0, 9)]).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 1]);
    expect([...order.slice(24)]).toEqual([24, 27, 25, 28, 26, 29]);
    const sorted = sortGrid({ columns, rows: 10, places: order, probabilities: Float64Array.from(order) });
    expect(sorted.places).toEqual(places);
    expect([...sorted.probabilities]).toEqual([...places]);
  });

  it('has its squares where they lie, counts what is called, and knows the area', () => {
    const grid = {
      columns: 4,
      rows: 3,
      places: Int32Array.of(1, 6, 11),
      probabilities: Float64Array.of(0.2, 0.5, 0.9),
    };
    expect(placeSquares(grid, 16)).toEqual([
      { x: 16, y: 0 },
      { x: 32, y: 16 },
      { x: 48, y: 32 },
    ]);
    expect(countCalled(grid, 0.5)).toBe(2);
    // 2 squares of 224 px at 0.5 µm: 0.112 mm a side.
    expect(measureArea(2, { tilePx: 224, micronsPerPixel: 0.5 })).toBeCloseTo(0.025088, 12);
    expect(layHeatmap(grid, 16)).toMatchObject({ cellPx: 16, columns: 4, rows: 3 });
  });
});

describe('hot spots as outlines', () => {
  /** `#` is called; what is not is asked and low, a space was not asked. */
  const draw = (lines: string[]): HeatmapGrid => ({
    cellPx: 10,
    columns: lines[0]!.length,
    rows: lines.length,
    cells: lines.flatMap((line, row) =>
      [...line].flatMap((mark, column) =>
        mark === ' ' ? [] : [{ column, row, label: 0 as const, probability: mark === '#' ? 0.9 : 0.1 }],
      ),
    ),
  });
  const describeLines = (lines: string[]) =>
    describeSpots({ grid: draw(lines), threshold: 0.5, className: 'tumor', scale: 2, cellMm2: 0.01 });

  it('follow the squares, with holes left out, in pixels of the slide', () => {
    const [ring, single, ...others] = describeLines(['###.#', '#.#  ', '###  ']);
    expect(others).toEqual([]);
    expect(ring?.geometry.type).toBe('Polygon');
    const [outer, hole] = ring!.geometry.coordinates as [number, number][][];
    expect(new Set(outer!.map(String))).toEqual(new Set(['0,0', '60,0', '60,60', '0,60']));
    expect(new Set(hole!.map(String))).toEqual(new Set(['20,20', '40,20', '40,40', '20,40']));
    expect(outer![0]).toEqual(outer!.at(-1));
    expect(ring?.properties).toMatchObject({
      name: 'Hot spot 1',
      objectType: 'annotation',
      classification: { name: 'tumor' },
      measurements: { Squares: 8, 'Area mm^2': 0.08, 'Highest probability': 0.9 },
    });
    expect(single?.properties.measurements).toMatchObject({ Squares: 1 });
  });

  it('have parts where squares touch by corners, and are read back as what they are', () => {
    const features = describeLines(['#..', '.#.', '..#', '...', '##.']);
    expect(features.map(({ geometry }) => geometry.type)).toEqual(['MultiPolygon', 'Polygon']);
    const text = JSON.stringify({ type: 'FeatureCollection', features });
    const { outlines, refused } = readQupathGeoJson(text, 'spots');
    expect(refused).toEqual([]);
    expect(outlines.map(({ className, polygons }) => [className, polygons.length])).toEqual([
      ['tumor', 3],
      ['tumor', 1],
    ]);
  });
});
