/** What a number of runs depends on. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { RelationsView } from './relations-view.tsx';

export const metadata: Metadata = { title: 'Relations of runs' };

export default function RelationsPage() {
  return (
    <Suspense>
      <RelationsView />
    </Suspense>
  );
}
