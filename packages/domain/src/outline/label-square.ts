/**
 * What a square of a slide is called by the outlines on it. By share: positive from a share of overlap on, negative from
 * nothing at all, and between them neither, so that no label is a guess. By centre, as CAMELYON's patches are labelled:
 * positive where the middle square touches an outline, whatever surrounds it.
 */
import { AppError } from '../app-error.ts';
import type { OutlineCover, Square } from './outline-cover.ts';

type OutlineRule =
  | { kind: 'SHARE'; positiveFrom: number }
  /** Of the square's side. */
  | { kind: 'CENTRE'; centreSide: number };

type SquareLabel = 'POSITIVE' | 'NEGATIVE' | 'BETWEEN';

export const DEFAULT_OUTLINE_RULE: OutlineRule = { kind: 'SHARE', positiveFrom: 0.5 };
/** The middle 32 of 96 pixels. */
export const CAMELYON_OUTLINE_RULE: OutlineRule = { kind: 'CENTRE', centreSide: 1 / 3 };

/** Throws BAD_INPUT unless the rule can label anything. */
export function checkOutlineRule(rule: OutlineRule): void {
  const value = rule.kind === 'SHARE' ? rule.positiveFrom : rule.centreSide;
  if (value > 0 && value <= 1) return;
  const what =
    rule.kind === 'SHARE'
      ? 'share from which a square is positive'
      : "side of the centre square, in the square's,";
  throw new AppError('BAD_INPUT', `The ${what} is ${value}; it has to be above 0 and at most 1.`);
}

export function labelSquare(cover: OutlineCover, square: Square, rule: OutlineRule): SquareLabel {
  if (rule.kind === 'CENTRE') {
    const side = square.side * rule.centreSide;
    const margin = (square.side - side) / 2;
    const centre = { x: square.x + margin, y: square.y + margin, side };
    return cover.share(centre) > 0 ? 'POSITIVE' : 'NEGATIVE';
  }
  const share = cover.share(square);
  if (share === 0) return 'NEGATIVE';
  return share >= rule.positiveFrom ? 'POSITIVE' : 'BETWEEN';
}
