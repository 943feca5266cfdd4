/** Outlines as they are kept to be shown: fewer points, none far from what was drawn, and an end to the work. */
import { toDrawnOutlines } from '@microtome/domain/outline/drawn-outline';
import type { Outline, Ring } from '@microtome/domain/outline/outline';
import { simplifyRing } from '@microtome/domain/outline/simplify-ring';
import { createRandom } from '@microtome/domain/seeded-random';
import { describe, expect, it } from 'vitest';

/** A shaky circle, a point every fraction of a pixel, closed as files close it. */
function drawByHand(points: number, radius: number, seed = 1): Ring {
  const random = createRandom(seed);
  const ring = Array.from({ length: points }, (_, at): [number, number] => {
    const angle = (2 * Math.PI * at) / points;
    const reach = radius + random.next();
    return [5000 + reach * Math.cos(angle), 5000 + reach * Math.sin(angle)];
  });
  return [...ring, ring[0]!];
}

const outline = (rings: Ring[], name = 'one'): Outline => ({ name, className: 'Tumor', polygons: [rings] });

function distanceToRing([x, y]: [number, number], ring: Ring): number {
  return Math.min(
    ...ring.map(([fromX, fromY], at) => {
      const [toX, toY] = ring[(at + 1) % ring.length]!;
      const [dx, dy] = [toX - fromX, toY - fromY];
      const share = ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1);
      const along = Math.min(1, Math.max(0, share));
      return Math.hypot(x - fromX - along * dx, y - fromY - along * dy);
    }),
  );
}

describe('a ring with fewer points', () => {
  it('stays within the tolerance of every point that was drawn', () => {
    const drawn = drawByHand(2000, 700);
    const simple = simplifyRing(drawn, 2)!;
    expect(simple.length).toBeLessThan(drawn.length / 10);
    for (const point of drawn) expect(distanceToRing(point, simple)).toBeLessThanOrEqual(2);
  });

  it('keeps the corners of a square, and is nothing where it has no area to be seen', () => {
    const square: Ring = [
      [0, 0],
      [50, 0],
      [100, 0],
      [100, 100],
      [0, 100],
      [0, 0],
    ];
    expect(simplifyRing(square, 0.25)).toEqual([
      [0, 0],
      [100, 0],
      [100, 100],
      [0, 100],
    ]);
    expect(simplifyRing(square, 100)).toBeNull();
    expect(simplifyRing([square[0]!, square[1]!, square[0]!], 0.25)).toBeNull();
  });
});

describe('outlines that are kept', () => {
  it('are in the pixels of the patches, with their roles', () => {
    const ring: Ring = [
      [0, 0],
      [100, 0],
      [100, 100.04],
    ];
    const drawn = toDrawnOutlines(
      { inside: [outline([ring])], holes: [], others: [outline([ring], 'two')] },
      4,
    );
    expect(drawn).toEqual([
      { name: 'one', className: 'Tumor', role: 'POSITIVE', rings: [[0, 0, 25, 0, 25, 25]] },
      { name: 'two', className: 'Tumor', role: 'OTHER', rings: [[0, 0, 25, 0, 25, 25]] },
    ]);
  });

  it('have a bounded number of points, however many were drawn', () => {
    const random = createRandom(5);
    /** Points at random: no straight line is near them. */
    const tangle = Array.from({ length: 60_000 }, (): [number, number] => [
      90_000 * random.next(),
      70_000 * random.next(),
    ]);
    const specks = Array.from({ length: 5000 }, (_, at) =>
      outline([drawByHand(8, 5, at + 1).map(([x, y]) => [x + (at % 200) * 20, y + at])]),
    );
    const drawn = toDrawnOutlines({ inside: [outline([tangle])], holes: [], others: specks }, 1);
    const points = drawn.flatMap(({ rings }) => rings).reduce((sum, ring) => sum + ring.length / 2, 0);
    expect(points).toBeLessThanOrEqual(50_000);
    expect(drawn.length).toBeGreaterThan(0);
  });
});
