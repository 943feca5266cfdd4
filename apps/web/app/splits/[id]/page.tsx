/** One split: its patients by subset, its audit, and who opened TEST. */
import type { Metadata } from 'next';
import { SplitView } from './split-view.tsx';

export const metadata: Metadata = { title: 'Split' };

export default async function SplitPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <SplitView splitId={id} />;
}
