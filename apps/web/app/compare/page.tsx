/** Two or more runs side by side. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { CompareView } from './compare-view.tsx';

export const metadata: Metadata = { title: 'Compare' };

export default function ComparePage() {
  return (
    <Suspense>
      <CompareView />
    </Suspense>
  );
}
