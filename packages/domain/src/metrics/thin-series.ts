/** Thins a long series to what a picture shows: the ends stay, and of each stretch its lowest and its highest value. */

type Point = { value: number };

/** Lowest and highest of each stretch. */
const KEPT_A_STRETCH = 2;
const ENDS = 2;

/**
 * At most `most` of the points, in their order: both ends, and the lowest and highest of equally long stretches between
 * them, so that no peak is lost; what is no number gives way to what is. All of them where there are no more than that; `most` below 4 keeps the ends alone.
 */
export function thinSeries<T extends Point>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points];
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || most < ENDS) return points.slice(0, Math.max(0, most));
  const inner = points.length - ENDS;
  const stretches = Math.floor((most - ENDS) / KEPT_A_STRETCH);
  const kept: T[] = [first];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const begin = 1 + Math.floor((stretch * inner) / stretches);
    const end = 1 + Math.floor(((stretch + 1) * inner) / stretches);
    kept.push(...findExtremes(points, begin, end));
  }
  return [...kept, last];
}

/** In the order of the series; one point where the stretch is level or has one alone. */
function findExtremes<T extends Point>(points: readonly T[], begin: number, end: number): T[] {
  let lowest = begin;
  let highest = begin;
  for (let at = begin + 1; at < end; at++) {
    const { value } = points[at] as T;
    if (value < valueAt(points, lowest) || Number.isNaN(valueAt(points, lowest))) lowest = at;
    if (value > valueAt(points, highest) || Number.isNaN(valueAt(points, highest))) highest = at;
  }
  const places = lowest === highest ? [lowest] : [Math.min(lowest, highest), Math.max(lowest, highest)];
  return places.map((place) => points[place] as T);
}

function valueAt(points: readonly Point[], at: number): number {
  return (points[at] as Point).value;
}
