/** Launching runs. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { LaunchView } from './launch-view.tsx';

export const metadata: Metadata = { title: 'Launch' };

export default function LaunchPage() {
  return (
    <Suspense>
      <LaunchView />
    </Suspense>
  );
}
