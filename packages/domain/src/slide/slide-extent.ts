/**
 * How far a slide can reach, and which of its patches lie at its edge. A patch is cut smaller than the others only
 * where the slide ends: at the right or lower edge, since cutting begins at the top left.
 */

/**
 * The longest side of a slide in pixels. The largest glass that is scanned, a whole organ on a plate of 200 mm, has
 * 800,000 at 0.25 µm a pixel, an ordinary slide of 75 mm as many at 0.1 µm; a position further out is an error.
 */
export const SLIDE_SIDE_PX_MAX = 1_000_000;

/** A patch in its place, in pixels of the slide counted from 0. */
type PlacedPatch = { x: number; y: number; width: number; height: number };

/** How far a slide reaches to the right and down, in pixels from 0. */
export type SlideReach = { right: number; bottom: number };

/** Whether a slide can have a patch whose top-left corner lies here, in pixels from 0. */
export function isOnSlide({ x, y }: { x: number; y: number }): boolean {
  return x < SLIDE_SIDE_PX_MAX && y < SLIDE_SIDE_PX_MAX;
}

/** The farther one in each direction. */
export function joinReach(left: SlideReach, right: SlideReach): SlideReach {
  return { right: Math.max(left.right, right.right), bottom: Math.max(left.bottom, right.bottom) };
}

/**
 * Whether a patch is smaller than the patch size because the slide's edge cut it: where it is narrower,
 * nothing of the slide lies to the right of it; where it is less high, nothing lies below it.
 */
export function isEdgeStrip(patch: PlacedPatch, reach: SlideReach, patchSizePx: number): boolean {
  const { x, y, width, height } = patch;
  const endsRight = width === patchSizePx || x + width >= reach.right;
  const endsBelow = height === patchSizePx || y + height >= reach.bottom;
  return endsRight && endsBelow;
}
