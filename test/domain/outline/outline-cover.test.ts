/** The share of a square that outlines cover, against areas known by hand and against clipping itself. */

import {
  CAMELYON_OUTLINE_RULE,
  checkOutlineRule,
  DEFAULT_OUTLINE_RULE,
  labelSquare,
} from '@microtome/domain/outline/label-square';
import type { Outline, Polygon, Ring } from '@microtome/domain/outline/outline';
import { coverOutlines } from '@microtome/domain/outline/outline-cover';
import fc from 'fast-check';
import { difference, intersection, union } from 'polyclip-ts';
import { describe, expect, it } from 'vitest';

const box = (x: number, y: number, width: number, height = width): Ring => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];
const outline = (...polygons: Polygon[]): Outline => ({ name: 'a', className: 'Tumor', polygons });
const cover = (...polygons: Polygon[]) => coverOutlines({ inside: [outline(...polygons)] });

describe('the share of a square', () => {
  it('is that of the rectangle that both have', () => {
    const covered = cover([box(0, 0, 100, 50)]);
    expect(covered.share({ x: 0, y: 0, side: 50 })).toBe(1);
    expect(covered.share({ x: 0, y: 25, side: 50 })).toBeCloseTo(0.5, 12);
    expect(covered.share({ x: 90, y: 40, side: 20 })).toBeCloseTo(0.25, 12);
    expect(covered.share({ x: -20, y: -20, side: 200 })).toBeCloseTo(5000 / 40_000, 12);
  });

  it('is exactly nothing beside, above and below an outline, also when it only touches', () => {
    const covered = cover([box(1000, 1000, 77)]);
    const places = [
      [900, 1000],
      [1077, 1000],
      [1000, 900],
      [1000, 1077],
      [500, 5],
    ] as const;
    for (const [x, y] of places) expect([x, y, covered.share({ x, y, side: 77 })]).toEqual([x, y, 0]);
  });

  it('leaves holes out, whichever way a ring turns', () => {
    for (const hole of [box(20, 20, 60), box(20, 20, 60).toReversed()]) {
      const covered = cover([box(0, 0, 100).toReversed(), hole]);
      expect(covered.share({ x: 20, y: 20, side: 60 })).toBe(0);
      expect(covered.share({ x: 0, y: 0, side: 40 })).toBeCloseTo(1 - 400 / 1600, 12);
    }
  });

  it('counts areas that overlap once, and cuts out what is excluded', () => {
    const inside = [outline([box(0, 0, 100)]), outline([box(50, 0, 100)])];
    expect(coverOutlines({ inside }).share({ x: 0, y: 0, side: 150 })).toBeCloseTo(15_000 / 150 ** 2, 12);
    const holes = [outline([box(0, 0, 75, 100)])];
    const covered = coverOutlines({ inside, holes });
    expect(covered.share({ x: 0, y: 0, side: 75 })).toBe(0);
    expect(covered.share({ x: 0, y: 0, side: 150 })).toBeCloseTo(7500 / 150 ** 2, 12);
  });

  it('of a ring that crosses itself is that of its two halves', () => {
    const bow: Ring = [
      [0, 0],
      [100, 100],
      [100, 0],
      [0, 100],
    ];
    const covered = cover([bow]);
    expect(covered.share({ x: 0, y: 0, side: 100 })).toBeCloseTo(0.5, 12);
    expect(covered.share({ x: 40, y: 0, side: 10 })).toBe(0);
  });

  it('of a ring that was drawn past its beginning has no gap', () => {
    const twice: Ring = [...box(0, 0, 100), ...box(0, 0, 100)];
    expect(cover([twice]).share({ x: 10, y: 10, side: 50 })).toBe(1);
  });

  it('is found at once where ten thousand cells are drawn in one square', () => {
    const cells = Array.from({ length: 10_000 }, (_, cell) =>
      outline([box(4 * (cell % 100), 4 * Math.floor(cell / 100), 3)]),
    );
    expect(coverOutlines({ inside: cells }).share({ x: 0, y: 0, side: 400 })).toBeCloseTo(9 / 16, 12);
    // Each edge at each end of another would be billions of looks.
  }, 10_000);

  it('of nothing is nothing', () => {
    expect(coverOutlines({ inside: [] }).share({ x: 0, y: 0, side: 10 })).toBe(0);
  });

  it('leaves out a hole that reaches beyond its outer ring, and counts a second one over it once', () => {
    const covered = cover([box(0, 0, 100), box(50, 0, 100), box(60, 0, 20)]);
    expect(covered.share({ x: 0, y: 0, side: 50 })).toBe(1);
    expect(covered.share({ x: 50, y: 0, side: 50 })).toBe(0);
    expect(covered.share({ x: 100, y: 0, side: 50 })).toBe(0);
  });

  it('is what clipping gives, for any outlines, holes and squares that clipping has an answer for', () => {
    const coordinate = fc.integer({ min: 0, max: 60 });
    const ring = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 7 });
    const rings = fc.array(ring, { minLength: 1, maxLength: 3 });
    const square = fc.record({
      x: fc.integer({ min: -10, max: 60 }),
      y: fc.integer({ min: -10, max: 60 }),
      side: fc.integer({ min: 1, max: 70 }),
    });
    let answered = 0;
    const property = fc.property(rings, ring, square, (inside, hole, at) => {
      const expected = clip(inside, hole, box(at.x, at.y, at.side));
      if (expected === null) return;
      answered += 1;
      const holes = [outline([hole])];
      const covered = coverOutlines({ inside: inside.map((one) => outline([one])), holes });
      expect(covered.share(at)).toBeCloseTo(expected / at.side ** 2, 9);
    });
    fc.assert(property, { numRuns: 400, seed: 5, endOnFailure: true });
    expect(answered).toBeGreaterThan(300);
  });

  it('of a hundred thousand squares under an outline of 20,000 points adds up to its area', () => {
    const points = Array.from({ length: 20_000 }, (_, index): [number, number] => {
      const angle = (2 * Math.PI * index) / 20_000;
      const radius = 30_000 + 4000 * Math.sin(40 * angle);
      return [50_000 + radius * Math.cos(angle), 40_000 + radius * Math.sin(angle)];
    });
    const covered = cover([points]);
    let sum = 0;
    for (let row = 0; row < 250; row += 1) {
      for (let column = 0; column < 400; column += 1)
        sum += covered.share({ x: column * 320, y: row * 320, side: 320 });
    }
    expect((sum * 320 * 320) / Math.abs(shoelace(points))).toBeCloseTo(1, 9);
  });
});

describe('the label of a square', () => {
  const covered = cover([box(0, 0, 100)]);
  it('by share is positive from the share on, negative from nothing at all, and neither between', () => {
    const label = (x: number, positiveFrom = 0.5) =>
      labelSquare(covered, { x, y: 0, side: 100 }, { ...DEFAULT_OUTLINE_RULE, kind: 'SHARE', positiveFrom });
    expect([0, 50, 51, 99, 100].map((x) => label(x))).toEqual([
      'POSITIVE',
      'POSITIVE',
      'BETWEEN',
      'BETWEEN',
      'NEGATIVE',
    ]);
    expect(label(51, 0.25)).toBe('POSITIVE');
  });

  it('by centre is positive where the middle third touches an outline', () => {
    const label = (x: number) => labelSquare(covered, { x, y: 0, side: 96 }, CAMELYON_OUTLINE_RULE);
    expect([-96, -65, -63, 0, 67, 68].map(label)).toEqual([
      'NEGATIVE',
      'NEGATIVE',
      'POSITIVE',
      'POSITIVE',
      'POSITIVE',
      'NEGATIVE',
    ]);
  });

  it('asks for a rule that can label something', () => {
    expect(() => checkOutlineRule({ kind: 'SHARE', positiveFrom: 0 })).toThrow('is 0; it has to be above 0');
    expect(() => checkOutlineRule({ kind: 'CENTRE', centreSide: 1.5 })).toThrow('is 1.5');
    expect(() => checkOutlineRule({ kind: 'SHARE', positiveFrom: Number.NaN })).toThrow('is NaN');
    checkOutlineRule(CAMELYON_OUTLINE_RULE);
  });
});

/** The area by another library; null where it fails: it does so on rings that cross themselves in some ways. */
function clip(inside: Ring[], hole: Ring, square: Ring): number | null {
  try {
    const [first, ...rest] = inside.map((ring) => [ring]);
    return areaOf(intersection(difference(union(first!, ...rest), [hole]), [square]));
  } catch {
    return null;
  }
}

/** Its rings turn as they like: what is inside is told by their sizes. */
function areaOf(polygons: Polygon[]): number {
  return polygons.reduce(
    (sum, rings) =>
      sum + rings.reduce((part, ring, index) => part + (index === 0 ? 1 : -1) * Math.abs(shoelace(ring)), 0),
    0,
  );
}

function shoelace(ring: Ring): number {
  return ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length]!;
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}
