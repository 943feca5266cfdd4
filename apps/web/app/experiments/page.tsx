/** Every experiment: a named question on one dataset, and the runs that answer it. */
import type { Metadata } from 'next';
import { ExperimentsView } from './experiments-view.tsx';

export const metadata: Metadata = { title: 'Experiments' };

export default function ExperimentsPage() {
  return <ExperimentsView />;
}
