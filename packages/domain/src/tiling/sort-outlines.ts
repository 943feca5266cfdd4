/**
 * Which outlines of a slide mark what is looked for, and which are cut out of it. Where the drawing has one class, that is
 * what is looked for; where it has several, they are named, since nothing in the file says which of them is meant.
 */
import { AppError } from '../app-error.ts';
import type { Outline } from '../outline/outline.ts';

type OutlineClasses = {
  /** Null: the only class that is drawn. */
  positive: readonly string[] | null;
  /** Cut out of the positive ones. */
  holes: readonly string[];
};
export type SortedOutlines = {
  inside: Outline[];
  holes: Outline[];
  /** Neither: they decide nothing. */
  others: Outline[];
};

/** @throws AppError BAD_INPUT for several classes of which none is named */
export function sortOutlines(
  outlines: readonly Outline[],
  { positive, holes }: OutlineClasses,
): SortedOutlines {
  const isNamed = (names: readonly string[], { className }: Outline) =>
    className !== null && names.some((name) => isSame(name, className));
  const cut = outlines.filter((outline) => isNamed(holes, outline));
  const rest = outlines.filter((outline) => !isNamed(holes, outline));
  if (positive) {
    const { inside = [], others = [] } = Object.groupBy(rest, (outline) =>
      isNamed(positive, outline) ? 'inside' : 'others',
    );
    return { inside, holes: cut, others };
  }
  const found = [...new Set(rest.map(({ className }) => className))];
  if (found.length <= 1) return { inside: rest, holes: cut, others: [] };
  const shown = found.slice(0, 10).map((name) => (name === null ? 'none' : `"${name}"`));
  throw new AppError(
    'BAD_INPUT',
    `It has outlines of the classes ${shown.join(', ')}: say which of them are looked for.`,
  );
}

function isSame(left: string, right: string): boolean {
  return left.normalize('NFC').trim().toLowerCase() === right.normalize('NFC').trim().toLowerCase();
}
