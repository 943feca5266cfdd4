'use client';
/** Slides under the heatmap of a model, with one slider and one colour bar for all; each leads to the viewer. */
import { type ReactNode, useState } from 'react';
import { EmptyState } from '../components/empty-state.tsx';
import { Button } from '../ui/button.tsx';
import type { UnitWords } from '../unit/unit-words.ts';
import { HeatmapBar } from './heatmap-bar.tsx';
import { arrangeSlides, isPlaced, type RunSlide, type SlideOfModel } from './run-slides.ts';
import { SlidePicture } from './slide-picture.tsx';

const SLIDES_PER_PAGE = 24;
const FIRST_OPACITY = 0.55;

type SlideGalleryProps = {
  slides: readonly SlideOfModel[];
  positiveClass: string;
  threshold: number | null;
  unit: UnitWords;
  /** Where a slide is shown large. */
  toHref: (slideId: string) => string;
  /** Said where there is no slide at all. */
  nothing: string;
  /** In front of the slider. */
  choices?: ReactNode;
  /** In place of the slides, while they are loading. */
  waiting?: ReactNode;
};

export function SlideGallery({
  slides: found,
  positiveClass,
  threshold,
  unit,
  toHref,
  nothing,
  choices,
  waiting,
}: SlideGalleryProps) {
  const [opacity, setOpacity] = useState(FIRST_OPACITY);
  const [shown, setShown] = useState(SLIDES_PER_PAGE);
  const slides = arrangeSlides(found.filter(isPlaced));
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2">
        {choices}
        <HeatmapBar
          opacity={opacity}
          positiveClass={positiveClass}
          threshold={threshold}
          onOpacityChange={setOpacity}
        />
      </div>
      {waiting ??
        (slides.length === 0 ? (
          <EmptyState title="No slides">
            {found.length > 0
              ? 'The source of this dataset does not tell where its patches lie: they cannot be put back in place.'
              : nothing}
          </EmptyState>
        ) : (
          <SlideList slides={slides.slice(0, shown)} unit={unit} opacity={opacity} toHref={toHref} />
        ))}
      {slides.length > shown && (
        <div className="mt-4 flex justify-center">
          <Button onClick={() => setShown(shown + SLIDES_PER_PAGE)}>
            Show more ({shown} of {slides.length} slides)
          </Button>
        </div>
      )}
    </>
  );
}

type SlideListProps = {
  slides: readonly RunSlide[];
  unit: UnitWords;
  opacity: number;
  toHref: (slideId: string) => string;
};

function SlideList({ slides, unit, opacity, toHref }: SlideListProps) {
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-6">
      {slides.map((one) => (
        <SlidePicture
          key={one.slide.id}
          runSlide={one}
          unit={unit}
          opacity={opacity}
          href={toHref(one.slide.id)}
        />
      ))}
    </ul>
  );
}
