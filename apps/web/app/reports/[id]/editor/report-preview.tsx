'use client';
/** What is being written as it would be read, a moment after the last key. */
import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { describeError } from '../../../../api/error-sentence.ts';
import { PreviewReportDocument } from '../../../../graphql/generated/graphql.ts';
import { Notice } from '../../../../ui/notice.tsx';
import { ReportBlocks } from '../report-blocks.tsx';

const SETTLED_MS = 400;

export function ReportPreview({ projectId, body }: { projectId: string; body: string }) {
  const settled = useSettled(body);
  const query = useQuery(PreviewReportDocument, {
    variables: { projectId, body: settled },
    fetchPolicy: 'no-cache',
  });
  const blocks = (query.data ?? query.previousData)?.previewReport;
  return (
    <section aria-label="Preview" aria-busy={settled !== body || query.loading} className="min-w-0">
      {query.error && <Notice tone="caution">{describeError(query.error)}</Notice>}
      {blocks && <ReportBlocks blocks={blocks} isLive={false} />}
    </section>
  );
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
