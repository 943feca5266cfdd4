/** One model: versions, champion, the gate, the history of promotions. */
import type { Metadata } from 'next';
import { ModelView } from './model-view.tsx';

export const metadata: Metadata = { title: 'Model' };

export default async function ModelPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <ModelView modelId={id} />;
}
