/**
 * How many entries one page of a list may have. One rule for every list: what is larger is refused, never cut in
 * silence, so that a client that asks for 5,000 does not take 1,000 for all of them.
 */
import { AppError } from '@microtome/domain/app-error';

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 1000;
/** The arguments that say how long a list is. */
export const PAGE_SIZE_ARGUMENTS = ['first', 'last', 'count'];

/** The size that these arguments of a field ask for; null when they name none. */
export function readPageSize(args: Record<string, unknown>): number | null {
  const sizes = PAGE_SIZE_ARGUMENTS.flatMap((name) => (typeof args[name] === 'number' ? [args[name]] : []));
  return sizes.length === 0 ? null : Math.max(...sizes);
}

/** BAD_INPUT unless `value`, a size named `place`, is one that a page can have. */
export function checkPageSize(value: number, place: string): void {
  if (value >= 0 && value <= MAX_PAGE_SIZE) return;
  throw new AppError('BAD_INPUT', `${place} is ${value}: a page has 0 to ${MAX_PAGE_SIZE} entries.`);
}
