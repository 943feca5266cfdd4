/** What keys do on a chart of curves: arrows move the cursor, plus and minus zoom around it, Escape shows the whole. Pure. */
import { type PlaceRange, roundRange } from './plotted-curve.ts';

/** Of the places, at one press with Page Up or Page Down. */
const PAGE_SHARE = 0.1;
const ZOOM_FACTOR = 2;

/** Where the cursor goes; null without a place to go to, undefined where the key moves nothing. */
export function moveByKey(
  key: string,
  places: readonly number[],
  at: number | null,
): number | null | undefined {
  const last = places.length - 1;
  const page = Math.max(1, Math.round(places.length * PAGE_SHARE));
  const now = at === null ? -1 : places.indexOf(at);
  const moves: Record<string, number> = {
    ArrowRight: now + 1,
    ArrowUp: now + 1,
    ArrowLeft: now < 0 ? last : now - 1,
    ArrowDown: now < 0 ? last : now - 1,
    PageUp: now + page,
    PageDown: now < 0 ? last : now - page,
    Home: 0,
    End: last,
  };
  const next = moves[key];
  return next === undefined ? undefined : (places[Math.min(last, Math.max(0, next))] ?? null);
}

type Zoom = { range: PlaceRange | null; whole: PlaceRange; at: number | null };

/** The part that is shown then, null for the whole, undefined where the key zooms nothing. */
export function zoomByKey(key: string, { range, whole, at }: Zoom): PlaceRange | null | undefined {
  if (key === 'Escape') return range ? null : undefined;
  const shown = range ?? whole;
  const middle = at ?? (shown.from + shown.to) / 2;
  const half = (shown.to - shown.from) / 2;
  if (key === '+' || key === '=') {
    const from = Math.max(shown.from, middle - half / ZOOM_FACTOR);
    return roundRange(from, Math.min(shown.to, middle + half / ZOOM_FACTOR)) ?? range;
  }
  if (key !== '-') return undefined;
  const from = Math.max(whole.from, middle - half * ZOOM_FACTOR);
  const to = Math.min(whole.to, middle + half * ZOOM_FACTOR);
  return from <= whole.from && to >= whole.to ? null : roundRange(from, to);
}
