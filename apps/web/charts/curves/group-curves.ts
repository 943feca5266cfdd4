/**
 * Several runs of one setting as one curve: the mean of those that have a number at a place, and how far they spread around
 * it. A run that has none at just that place is read between its neighbours, never beyond its ends. Pure.
 */
import type { CurvePoint } from './curve-panels.ts';
import { type BandPoint, placeOf } from './plotted-curve.ts';

type GroupedCurve = { points: CurvePoint[]; band: BandPoint[] };

/** The mean, and one standard deviation to either side where two runs or more have a number. */
export function averageCurves(curves: readonly (readonly CurvePoint[])[]): GroupedCurve {
  const places = [...new Set(curves.flatMap((points) => points.map(placeOf)))].sort((a, b) => a - b);
  const readers = curves.map(readInOrder);
  const points: CurvePoint[] = [];
  const band: BandPoint[] = [];
  for (const x of places) {
    const values = readers.map((read) => read(x)).filter(Number.isFinite);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    points.push({ epoch: x, x, value: mean });
    if (values.length < 2) continue;
    const spread = Math.sqrt(
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
    );
    band.push({ x, low: mean - spread, high: mean + spread });
  }
  return { points, band };
}

/** Reads a curve at rising places in one pass. */
function readInOrder(points: readonly CurvePoint[]): (x: number) => number {
  let next = 0;
  return (x) => {
    while (next < points.length && placeOf(points[next] as CurvePoint) < x) next++;
    const right = points[next];
    const left = points[next - 1];
    if (!right) return Number.NaN;
    if (placeOf(right) === x) return right.value;
    if (!left) return Number.NaN;
    const share = (x - placeOf(left)) / (placeOf(right) - placeOf(left));
    return left.value + share * (right.value - left.value);
  };
}
