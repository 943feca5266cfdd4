/**
 * Where a slide lies on the screen, as an affine map from its pixels to those of the screen; and whether what was drawn for one
 * such place can be shifted and stretched to another, so that it need not be drawn at every step of a move. Pure.
 */

/** x' = a x + c y + e, y' = b x + d y + f, as CSS and canvas have it. */
export type Placement = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

type Extent = { width: number; height: number };

/** A box on the screen, and a picture that was drawn for it with a margin around it, part of it again on every side. */
type Drawn = { at: Placement; box: Extent; margin: number };

/** Stretched further, lines are too thick and edges soft; pressed together further, the margin does not reach. */
const STRETCHED_MAX = 1.6;

/** Brings what was drawn at `from` to where it is at `to`. */
export function moveBetween(from: Placement, to: Placement): Placement {
  const [a, b, c, d, e, f] = from;
  const area = a * d - b * c;
  const back: Placement = [
    ...([d / area, -b / area, -c / area, a / area] as const),
    (c * f - d * e) / area,
    (b * e - a * f) / area,
  ];
  return [
    ...([to[0] * back[0] + to[2] * back[1], to[1] * back[0] + to[3] * back[1]] as const),
    ...([to[0] * back[2] + to[2] * back[3], to[1] * back[2] + to[3] * back[3]] as const),
    to[0] * back[4] + to[2] * back[5] + to[4],
    to[1] * back[4] + to[3] * back[5] + to[5],
  ];
}

/** How to move the picture, measured from the corner of the box; null where it has to be drawn again. */
export function reuseDrawn({ at, box, margin }: Drawn, now: Placement, boxNow: Extent): Placement | null {
  if (box.width !== boxNow.width || box.height !== boxNow.height) return null;
  const move = moveBetween(at, now);
  const stretched = Math.hypot(move[0], move[1]);
  if (!(stretched <= STRETCHED_MAX && stretched >= 1 / STRETCHED_MAX)) return null;
  const [a, b, c, d, e, f] = moveBetween(now, at);
  // Where the corners of the box lie in what was drawn.
  const isCovered = [
    [0, 0],
    [box.width, 0],
    [0, box.height],
    [box.width, box.height],
  ].every(([x = 0, y = 0]) => {
    const [left, top] = [a * x + c * y + e, b * x + d * y + f];
    return (
      left >= -margin * box.width &&
      left <= (1 + margin) * box.width &&
      top >= -margin * box.height &&
      top <= (1 + margin) * box.height
    );
  });
  return isCovered ? move : null;
}
