/** The slides under a model as the API gives them, and the order in which they are shown. Pure. */
import type { SlideFiguresFragment } from '../graphql/generated/graphql.ts';

/** Of a run’s own dataset, or of an exam. */
export type SlideOfModel = SlideFiguresFragment;

/** A slide whose patches lie somewhere, so that it has a size and can be drawn. */
export type RunSlide = Placed<SlideOfModel>;

type Sized = { slide: { widthPx: number | null; heightPx: number | null } };
type Placed<Slide extends Sized> = Slide & { slide: { widthPx: number; heightPx: number } };

export function isPlaced<Slide extends Sized>(one: Slide): one is Placed<Slide> {
  return one.slide.widthPx !== null && one.slide.heightPx !== null;
}

type ArrangedSlide = {
  subset?: 'TRAIN' | 'VALIDATION' | 'TEST' | null;
  heatmapUrl?: string | null;
  slide: { patient: { key: string } };
};

const ORDER = { VALIDATION: 0, TEST: 1, TRAIN: 2 };
const NO_SUBSET = 3;

/** Those with a heatmap first (VALIDATION, then TEST), then sealed ones, TRAIN last. */
export function arrangeSlides<Slide extends ArrangedSlide>(slides: readonly Slide[]): Slide[] {
  return [...slides].sort(
    (a, b) =>
      Number(!a.heatmapUrl) - Number(!b.heatmapUrl) ||
      rank(a) - rank(b) ||
      a.slide.patient.key.localeCompare(b.slide.patient.key, 'en', { numeric: true }),
  );
}

function rank({ subset }: ArrangedSlide): number {
  return subset ? ORDER[subset] : NO_SUBSET;
}
