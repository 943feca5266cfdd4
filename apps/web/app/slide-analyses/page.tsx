/** Whole slides under a model: asking, and what came of it. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { SlideAnalysesView } from './slide-analyses-view.tsx';

export const metadata: Metadata = { title: 'Slides' };

export default function SlideAnalysesPage() {
  return (
    <Suspense>
      <SlideAnalysesView />
    </Suspense>
  );
}
