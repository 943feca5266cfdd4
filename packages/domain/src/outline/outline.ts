/**
 * What a pathologist drew on a slide: named areas in pixels of level 0, each with its class. An area is one or more
 * polygons, a polygon an outer ring and its holes. An outline that cannot be taken is kept by its name, with the reason.
 */

export type Point = [x: number, y: number];
export type Ring = Point[];
/** The outer ring, then its holes. */
export type Polygon = Ring[];
export type Outline = {
  name: string;
  /** Null where the file names none. */
  className: string | null;
  polygons: Polygon[];
};
type RefusedOutline = { name: string; reason: string };
export type ReadOutlines = { outlines: Outline[]; refused: RefusedOutline[] };

/** Null where the points make a ring; otherwise why they do not. */
export function findRingFault(points: readonly Point[]): string | null {
  const broken = points.find(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y));
  if (broken) return `has a point at ${broken[0]}, ${broken[1]}`;
  const distinct = new Set(points.slice(0, 1000).map(([x, y]) => `${x},${y}`)).size;
  return distinct < 3
    ? `has ${distinct} ${distinct === 1 ? 'point' : 'different points'}; an area has at least 3`
    : null;
}

type Bounds = { left: number; top: number; right: number; bottom: number };

export function boundsOf(polygons: readonly Polygon[]): Bounds {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [outer] of polygons) {
    for (const [x, y] of outer ?? []) {
      bounds.left = Math.min(bounds.left, x);
      bounds.right = Math.max(bounds.right, x);
      bounds.top = Math.min(bounds.top, y);
      bounds.bottom = Math.max(bounds.bottom, y);
    }
  }
  return bounds;
}
