/** One sweep: its runs ranked on VALIDATION, live; rungs, folds, and the pooled result of a cross-validation. */
import type { Metadata } from 'next';
import { SweepView } from './sweep-view.tsx';

export const metadata: Metadata = { title: 'Sweep' };

export default async function SweepPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <SweepView sweepId={id} />;
}
