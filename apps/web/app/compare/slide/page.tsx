/** One slide under the heatmaps of two runs. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ComparedSlideView } from './compared-slide-view.tsx';

export const metadata: Metadata = { title: 'Compare on a slide' };

export default function ComparedSlidePage() {
  return (
    <Suspense>
      <ComparedSlideView />
    </Suspense>
  );
}
