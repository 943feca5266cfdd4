/** One report: read, written, frozen and saved as a file. */
import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ReportView } from './report-view.tsx';

export const metadata: Metadata = { title: 'Report' };

export default async function ReportPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <Suspense>
      <ReportView reportId={id} />
    </Suspense>
  );
}
