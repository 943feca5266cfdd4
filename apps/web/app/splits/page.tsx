/** Every split, and making another. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { SplitsView } from './splits-view.tsx';

export const metadata: Metadata = { title: 'Splits' };

export default function SplitsPage() {
  return (
    <Suspense>
      <SplitsView />
    </Suspense>
  );
}
