/**
 * A ring with fewer points, none of which was left out that lies farther than a tolerance from what stays (Douglas and
 * Peucker). A hand that draws tells a point every pixel; what is looked at from afar needs few of them.
 */
import type { Point, Ring } from './outline.ts';

/** Some points stay whatever they are, so that the work grows with their number alone and no drawing takes for ever. */
const STRETCH_POINTS = 256;

/** Null where nothing is left that has an area. */
export function simplifyRing(ring: Ring, tolerance: number): Ring | null {
  const open = dropRepeated(ring);
  if (open.length < 3 || isSmall(open, tolerance)) return null;
  const closed = [...open, open[0]!];
  const kept = new Uint8Array(closed.length);
  for (let from = 0; from < open.length; from += STRETCH_POINTS) {
    kept[from] = 1;
    keepBetween(closed, kept, { from, to: Math.min(from + STRETCH_POINTS, open.length) }, tolerance);
  }
  const simple = open.filter((_, at) => kept[at] === 1);
  return simple.length < 3 ? null : simple;
}

function isSmall(ring: Ring, tolerance: number): boolean {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return Math.max(right - left, bottom - top) <= tolerance;
}

/** Without points that are where the one before is; a ring closes by itself. */
function dropRepeated(ring: Ring): Ring {
  const open = ring.filter((point, at) => at === 0 || !isSame(point, ring[at - 1]));
  if (open.length > 1 && isSame(open[0]!, open.at(-1))) open.pop();
  return open;
}

function isSame(point: Point, other: Point | undefined): boolean {
  return point[0] === other?.[0] && point[1] === other[1];
}

type Stretch = { from: number; to: number };

function keepBetween(points: Ring, kept: Uint8Array, whole: Stretch, tolerance: number): void {
  const stretches = [whole];
  for (let stretch = stretches.pop(); stretch; stretch = stretches.pop()) {
    const { from, to } = stretch;
    let [far, most] = [-1, tolerance ** 2];
    for (let at = from + 1; at < to; at += 1) {
      const distance = squaredDistance(points[at]!, points[from]!, points[to]!);
      if (distance > most) [far, most] = [at, distance];
    }
    if (far < 0) continue;
    kept[far] = 1;
    stretches.push({ from, to: far }, { from: far, to });
  }
}

/** From the straight line between two points, which are the same one where a whole ring is looked at. */
function squaredDistance([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / length));
  return (x - fromX - share * dx) ** 2 + (y - fromY - share * dy) ** 2;
}
