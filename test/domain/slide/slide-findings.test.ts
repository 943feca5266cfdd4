import { createRandom } from '@microtome/domain/seeded-random';
import { traceContour } from '@microtome/domain/slide/cell-contour';
import { buildHeatmapGrid } from '@microtome/domain/slide/heatmap-grid';
import { rankErrors, rankHotSpots } from '@microtome/domain/slide/slide-findings';
import { describe, expect, it } from 'vitest';

/** A grid of cells of 10 px out of rows of text: digits are tenths of probability, `-` has none, a space has no patch. */
function draw(rows: string[], labels: string[] = []) {
  const patches = rows.flatMap((row, y) =>
    [...row].flatMap((sign, x) => {
      if (sign === ' ') return [];
      const label = labels[y]?.[x] === '1' ? (1 as const) : (0 as const);
      return [{ x: 10 * x, y: 10 * y, label, probability: sign === '-' ? null : Number(sign) / 10 }];
    }),
  );
  return buildHeatmapGrid(patches, {
    widthPx: 10 * rows[0]!.length,
    heightPx: 10 * rows.length,
    patchSizePx: 10,
  });
}

describe('hot spots', () => {
  it('are called patches that touch, corners too, the heaviest first', () => {
    const spots = rankHotSpots(draw(['9 1 6', '19 -6', '11 66', '   66']), 0.5);
    expect(spots.map(({ patches, peak }) => [patches, peak])).toEqual([
      [2, 0.9],
      [6, 0.6],
    ]);
    expect(spots[1]).toMatchObject({ firstColumn: 3, firstRow: 0, lastColumn: 4, lastRow: 3 });
    expect(spots[0]!.weight).toBeCloseTo(1.6);
    expect(spots[1]!.weight).toBeCloseTo(1.2);
  });

  it('are none where nothing reaches the threshold', () => {
    expect(rankHotSpots(draw(['123', '-- ']), 0.5)).toEqual([]);
  });
});

describe('wrong calls', () => {
  it('are ranked by how certain they were on the scale of the threshold; a patch without prediction is none', () => {
    // At 0.2 a miss at 0.1 is half way to 0, a false call at 0.9 seven eighths of the way to 1.
    const grid = draw(['193-'], ['1001']);
    expect(rankErrors(grid, 0.2)).toEqual([1, 0, 2]);
  });
});

describe('a contour', () => {
  const cellsOf = (rows: string[]) =>
    rows.flatMap((row, y) => [...row].flatMap((sign, x) => (sign === '#' ? [{ column: x, row: y }] : [])));
  const area = (ring: number[]) => {
    let sum = 0;
    for (let at = 0; at < ring.length; at += 2) {
      const next = (at + 2) % ring.length;
      sum += ring[at]! * ring[next + 1]! - ring[next]! * ring[at + 1]!;
    }
    return sum / 2;
  };

  it('of a block is its four corners', () => {
    expect(traceContour(cellsOf(['    ', ' ## ', ' ## ']), 4)).toEqual([[1, 1, 3, 1, 3, 3, 1, 3]]);
  });

  it('has a ring for each hole, and for each cell that only touches at a corner', () => {
    const holed = traceContour(cellsOf(['###', '# #', '###']), 3);
    expect(holed.map(area).toSorted((a, b) => a - b)).toEqual([-1, 9]);
    expect(traceContour(cellsOf(['# ', ' #']), 2)).toHaveLength(2);
  });

  it('does not reach around the edge of the grid', () => {
    expect(traceContour(cellsOf(['  #', '#  ']), 3)).toHaveLength(2);
  });

  it.each([1, 2, 3, 4, 5])('encloses exactly the cells, whatever they are (seed %i)', (seed) => {
    const random = createRandom(seed);
    const [columns, rows] = [17, 13];
    const cells = Array.from({ length: columns * rows }, (_, at) => ({
      column: at % columns,
      row: Math.floor(at / columns),
    })).filter(() => random.next() < 0.5);
    const rings = traceContour(cells, columns);
    expect(rings.map(area).reduce((sum, one) => sum + one, 0)).toBe(cells.length);
    for (const ring of rings) {
      for (let at = 0; at < ring.length; at += 2) {
        const next = (at + 2) % ring.length;
        // Straight, and never two pieces in one direction.
        expect(Number(ring[at] === ring[next]) + Number(ring[at + 1] === ring[next + 1])).toBe(1);
      }
      expect(ring.length % 4).toBe(0);
    }
  });
});
