/** A curve as it is put on a chart, and the questions that all tools ask of it. Pure. */
import type { ChartPalette } from '../chart-palette.ts';
import type { CurvePoint } from './curve-panels.ts';

/** A subset, the place of a run among those shown, or what belongs to neither. */
export type CurveTone = 'TRAIN' | 'VALIDATION' | 'accent' | number;

/** Solid where nothing is said. */
export type CurveLine = 'solid' | 'dashed' | 'dotted';

/** How far several runs lie apart at a place. */
export type BandPoint = { x: number; low: number; high: number };

export type PlottedCurve = {
  /** In the legend and the tooltip; of a chart each has its own. */
  name: string;
  tone: CurveTone;
  line?: CurveLine;
  points: readonly CurvePoint[];
  band?: readonly BandPoint[];
  /** The run that a legend over all charts hides it with. */
  group?: string;
  /** What it was read from, and whether that has more numbers. */
  series?: { runId: string; name: string; isThinned: boolean };
  /** Where its best value stands. */
  bestPlace?: number | null;
};

/** From where to where the shared axis is shown. */
export type PlaceRange = { from: number; to: number };

export function placeOf({ epoch, x = epoch }: CurvePoint): number {
  return x;
}

export function colorOf(tone: CurveTone, palette: ChartPalette): string {
  if (typeof tone === 'number') return palette.series[tone % palette.series.length] ?? palette.accent;
  return tone === 'accent' ? palette.accent : palette.subsets[tone];
}

/** What lies in the range, with one point more on either side, so that lines go on to the edge. */
export function cutToRange<T>(
  points: readonly T[],
  range: PlaceRange | null,
  place: (point: T) => number,
): readonly T[] {
  if (!range) return points;
  const first = points.findIndex((point) => place(point) >= range.from);
  if (first < 0) return points.slice(-1);
  const last = points.findLastIndex((point) => place(point) <= range.to);
  return points.slice(Math.max(0, first - 1), last + 2);
}

/** Every place that one of the curves has a point at, rising. */
export function listPlaces(curves: readonly PlottedCurve[], range: PlaceRange | null): number[] {
  const places = new Set(curves.flatMap(({ points }) => points.map(placeOf)));
  return [...places]
    .filter((place) => !range || (place >= range.from && place <= range.to))
    .sort((a, b) => a - b);
}

/** The place nearest to where the pointer is; null where there is none. */
export function findNearest(places: readonly number[], wanted: number): number | null {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  const right = places[low];
  const left = places[low - 1];
  if (right === undefined) return null;
  return left !== undefined && wanted - left < right - wanted ? left : right;
}

/** The value at exactly this place; null where the curve has none there. */
export function valueAt(points: readonly CurvePoint[], place: number): number | null {
  let low = 0;
  let high = points.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const point = points[middle] as CurvePoint;
    if (placeOf(point) === place) return point.value;
    if (placeOf(point) < place) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}

/** Whole places where the stretch is long enough for them; null for a stretch that is none. */
export function roundRange(a: number, b: number): PlaceRange | null {
  const from = Math.min(a, b);
  const to = Math.max(a, b);
  if (!(to > from)) return null;
  return to - from < 2 ? { from, to } : { from: Math.floor(from), to: Math.ceil(to) };
}
