/**
 * What is true of the squares of a seeded slide, worked out another way than the platform does it: kinds are counted on the
 * board, and convex rings are clipped by the sides of the square.
 */
import { BLOCK_PX, type Kind, type SeededSlide } from './seeded-slide.ts';

type Point = [number, number];
type Square = { x: number; y: number; side: number };

/** Share of the square whose blocks are of the kind. */
export function shareOfKind(slide: SeededSlide, { x, y, side }: Square, kind: Kind): number {
  let area = 0;
  for (let row = Math.floor(y / BLOCK_PX); row * BLOCK_PX < y + side; row += 1) {
    for (let column = Math.floor(x / BLOCK_PX); column * BLOCK_PX < x + side; column += 1) {
      if (slide.kindAt(column, row) !== kind) continue;
      const across = Math.min(x + side, (column + 1) * BLOCK_PX) - Math.max(x, column * BLOCK_PX);
      const down = Math.min(y + side, (row + 1) * BLOCK_PX) - Math.max(y, row * BLOCK_PX);
      area += across * down;
    }
  }
  return area / side ** 2;
}

/** Share of the square that the outlines cover, their holes left out. */
export function shareOutlined({ outlines }: SeededSlide, square: Square): number {
  const area = outlines.reduce(
    (sum, { ring, hole }) => sum + clippedArea(ring, square) - (hole ? clippedArea(hole, square) : 0),
    0,
  );
  return area / square.side ** 2;
}

function clippedArea(ring: readonly Point[], { x, y, side }: Square): number {
  let points: Point[] = [...ring];
  for (const [axis, limit, sign] of [
    [0, x, 1],
    [0, x + side, -1],
    [1, y, 1],
    [1, y + side, -1],
  ] as const) {
    const inside = (point: Point) => sign * (point[axis] - limit) >= 0;
    points = points.flatMap((point, at): Point[] => {
      const next = points[(at + 1) % points.length]!;
      const kept: Point[] = inside(point) ? [point] : [];
      if (inside(point) === inside(next)) return kept;
      const along = (limit - point[axis]) / (next[axis] - point[axis]);
      return [...kept, [point[0] + along * (next[0] - point[0]), point[1] + along * (next[1] - point[1])]];
    });
  }
  const twice = points.reduce((sum, [x1, y1], at) => {
    const [x2, y2] = points[(at + 1) % points.length]!;
    return sum + x1 * y2 - x2 * y1;
  }, 0);
  return Math.abs(twice) / 2;
}
