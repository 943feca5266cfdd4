/** One run, live while it trains. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { RunView } from './run-view.tsx';

export const metadata: Metadata = { title: 'Run' };

export default async function RunPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <Suspense>
      <RunView runId={id} />
    </Suspense>
  );
}
