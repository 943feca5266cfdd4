/** The order in which slides follow one another in the viewer. Pure. */
import type { SLIDE_ORDERS } from '../../address/page-addresses.ts';

export type SlideOrder = (typeof SLIDE_ORDERS)[number];

export const ORDER_TITLES: Record<SlideOrder, string> = {
  patient: 'by name',
  auc: 'worst AUC first',
  errors: 'most errors first',
  area: 'largest called area first',
};

type OrderedSlide = {
  auc?: number | null;
  errors?: number | null;
  called: number;
  patches: number;
  slide: { key: string; patient: { key: string } };
};

/** Slides that lack the figure come last, by name. */
export function orderSlides<Slide extends OrderedSlide>(
  slides: readonly Slide[],
  order: SlideOrder,
): Slide[] {
  const rank = RANKS[order];
  return slides.toSorted((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    if (left === null || right === null)
      return Number(left === null) - Number(right === null) || byName(a, b);
    return left - right || byName(a, b);
  });
}

/** The lowest first. */
const RANKS: Record<SlideOrder, (slide: OrderedSlide) => number | null> = {
  patient: () => 0,
  auc: ({ auc }) => auc ?? null,
  errors: ({ errors, patches }) => (patches > 0 && errors != null ? -errors : null),
  area: ({ called, patches }) => (patches > 0 ? -called : null),
};

function byName({ slide: a }: OrderedSlide, { slide: b }: OrderedSlide): number {
  const compare = (left: string, right: string) => left.localeCompare(right, 'en', { numeric: true });
  return compare(a.patient.key, b.patient.key) || compare(a.key, b.key);
}
