/** A slide under what models say of it. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ViewerView } from './viewer-view.tsx';

export const metadata: Metadata = { title: 'Slide' };

export default function ViewerPage() {
  return (
    <Suspense>
      <ViewerView />
    </Suspense>
  );
}
