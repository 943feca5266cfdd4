/**
 * The outlines of a slide as they are kept to be shown: in the pixels in which its patches lie, with what each was to the
 * labels, and no more points than a screen can use. Labels are decided by the outlines as they were drawn, never by these.
 */
import { escapeUnprintable } from '../printable-text.ts';
import type { Outline, Ring } from './outline.ts';
import { simplifyRing } from './simplify-ring.ts';

/** POSITIVE: what is looked for; HOLE: cut out of it; OTHER: neither, so that it decided nothing. */
export const OUTLINE_ROLES = ['POSITIVE', 'HOLE', 'OTHER'] as const;
export type OutlineRole = (typeof OUTLINE_ROLES)[number];

/** Each a list of corners x, y, x, y … */
export type FlatRings = number[][];

export type DrawnOutline = {
  name: string;
  /** Null where the file names none. */
  className: string | null;
  role: OutlineRole;
  rings: FlatRings;
};

/** Of one slide: drawn again at every step of a move. */
const POINTS_MAX = 50_000;
/** Of a pixel in which patches lie. */
const FIRST_TOLERANCE = 0.25;
const DECIMALS = 10;
const NAME_MAX = 200;

type ByRole = { inside: readonly Outline[]; holes: readonly Outline[]; others: readonly Outline[] };

/** `scale`: pixels of the file's finest level for one of those in which patches lie. What is too small to be seen is left out. */
export function toDrawnOutlines({ inside, holes, others }: ByRole, scale: number): DrawnOutline[] {
  const roles = [
    ['POSITIVE', inside],
    ['HOLE', holes],
    ['OTHER', others],
  ] as const;
  let drawn = roles.flatMap(([role, outlines]) =>
    outlines.map(({ name, className, polygons }) => ({ name, className, role, rings: polygons.flat() })),
  );
  for (let tolerance = FIRST_TOLERANCE; ; ) {
    drawn = drawn.flatMap(({ rings, ...named }) => {
      const simple = rings
        .map((ring) => simplifyRing(ring, tolerance * scale))
        .filter((ring) => ring !== null);
      return simple.length > 0 ? [{ ...named, rings: simple }] : [];
    });
    const points = countPoints(drawn);
    if (points <= POINTS_MAX) return drawn.map((outline) => flatten(outline, scale));
    tolerance *= Math.max(2, points / POINTS_MAX);
  }
}

type Simplified = Omit<DrawnOutline, 'rings'> & { rings: Ring[] };

function flatten({ name, className, role, rings }: Simplified, scale: number): DrawnOutline {
  const round = (value: number) => Math.round((value / scale) * DECIMALS) / DECIMALS;
  return {
    name: shorten(name),
    className: className === null ? null : shorten(className),
    role,
    rings: rings.map((ring) => ring.flatMap(([x, y]) => [round(x), round(y)])),
  };
}

function countPoints(drawn: readonly Simplified[]): number {
  return drawn.reduce((sum, { rings }) => rings.reduce((points, ring) => points + ring.length, sum), 0);
}

function shorten(text: string): string {
  return escapeUnprintable(Array.from(text.trim()).slice(0, NAME_MAX).join(''));
}
