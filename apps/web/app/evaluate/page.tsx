/** The statistics of the predictions of any models, from a table alone. */
import type { Metadata } from 'next';
import { EvaluateView } from './evaluate-view.tsx';

export const metadata: Metadata = { title: 'Evaluate a table' };

export default function EvaluatePage() {
  return <EvaluateView />;
}
