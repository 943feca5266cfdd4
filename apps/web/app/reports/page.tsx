/** The reports: pages of text with panels of runs. */
import type { Metadata } from 'next';
import { ReportsView } from './reports-view.tsx';

export const metadata: Metadata = { title: 'Reports' };

export default function ReportsPage() {
  return <ReportsView />;
}
