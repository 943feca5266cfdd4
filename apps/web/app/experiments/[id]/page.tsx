/** One experiment: where it stands, and the curves of its runs. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ExperimentView } from './experiment-view.tsx';

export const metadata: Metadata = { title: 'Experiment' };

export default async function ExperimentPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <Suspense>
      <ExperimentView experimentId={id} />
    </Suspense>
  );
}
