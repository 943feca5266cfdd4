/** One external evaluation: a model on patients of another dataset or of some of its sites. */
import type { Metadata } from 'next';
import { ExternalEvaluationView } from './external-evaluation-view.tsx';

export const metadata: Metadata = { title: 'External evaluation' };

export default async function ExternalEvaluationPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <ExternalEvaluationView id={id} />;
}
