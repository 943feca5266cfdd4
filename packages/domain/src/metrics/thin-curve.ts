/**
 * Thins a curve but keeps its shape (Douglas-Peucker): every point that is left out lies within the
 * tolerance of the line between the points that are kept around it.
 */

export type CurvePoint = { x: number; y: number; threshold: number | null };

/**
 * Keeps the ends and every point further than `tolerance` (in units of the axes) from the thinned line; a
 * negative tolerance keeps every point.
 */
export function thinCurve(points: readonly CurvePoint[], tolerance: number): CurvePoint[] {
  if (points.length <= 2) return [...points];
  const isKept = new Uint8Array(points.length);
  isKept[0] = 1;
  isKept[points.length - 1] = 1;
  const open: [first: number, last: number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    if (span[1] - span[0] < 2) continue;
    const farthest = findFarthest(points, span);
    if (farthest.distance <= tolerance) continue;
    isKept[farthest.index] = 1;
    open.push([span[0], farthest.index], [farthest.index, span[1]]);
  }
  return points.filter((_, index) => isKept[index] === 1);
}

function findFarthest(points: readonly CurvePoint[], [first, last]: [number, number]) {
  const from = points[first] as CurvePoint;
  const to = points[last] as CurvePoint;
  const alongX = to.x - from.x;
  const alongY = to.y - from.y;
  const squaredLength = alongX * alongX + alongY * alongY;
  let farthest = { index: first + 1, distance: 0 };
  for (let index = first + 1; index < last; index++) {
    const { x, y } = points[index] as CurvePoint;
    const projection =
      squaredLength > 0 ? ((x - from.x) * alongX + (y - from.y) * alongY) / squaredLength : 0;
    const nearest = Math.min(1, Math.max(0, projection));
    const distance = Math.hypot(x - from.x - nearest * alongX, y - from.y - nearest * alongY);
    if (distance > farthest.distance) farthest = { index, distance };
  }
  return farthest;
}
