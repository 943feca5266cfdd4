/** One dataset: what is in it, what was refused, how it is split. */
import type { Metadata } from 'next';
import { DatasetView } from './dataset-view.tsx';

export const metadata: Metadata = { title: 'Dataset' };

export default async function DatasetPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <DatasetView datasetId={id} />;
}
