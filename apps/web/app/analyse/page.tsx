/** The promoted model on pictures that stay on the machine of who looks at them. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { AnalyseView } from './analyse-view.tsx';

export const metadata: Metadata = { title: 'Analyse' };

export default function AnalysePage() {
  return (
    <Suspense>
      <AnalyseView />
    </Suspense>
  );
}
