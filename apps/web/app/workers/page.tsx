/** The workers, their devices, and whether they are alive. */
import type { Metadata } from 'next';
import { WorkersView } from './workers-view.tsx';

export const metadata: Metadata = { title: 'Workers' };

export default function WorkersPage() {
  return <WorkersView />;
}
