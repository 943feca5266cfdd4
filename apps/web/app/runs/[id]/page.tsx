/** One run, live while it trains. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { askEarly, EarlyQuestions } from '../../../components/early-questions.tsx';
import { RunDocument, RunSeriesDocument } from '../../../graphql/generated/graphql.ts';
import { POINTS_SHOWN } from './run-stream-state.ts';
import { RunView } from './run-view.tsx';

export const metadata: Metadata = { title: 'Run' };

export default async function RunPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <>
      <EarlyQuestions
        questions={[askEarly(RunDocument, { id }), askEarly(RunSeriesDocument, { id, points: POINTS_SHOWN })]}
      />
      <Suspense>
        <RunView runId={id} />
      </Suspense>
    </>
  );
}
