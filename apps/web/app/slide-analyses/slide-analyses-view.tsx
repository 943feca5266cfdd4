'use client';
/** The list of analysed slides, asked for again while a worker is at one of them, and the form that asks for more. */
import { useQuery } from '@apollo/client/react';
import { ScanSearch } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { SLIDE_ANALYSES_PARAMETERS } from '../../address/page-addresses.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { isSettled, useSettledPoll } from '../../external-evaluation/use-settled-poll.ts';
import { SlideAnalysesDocument } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { loadLater } from '../../ui/load-later.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AnalysisTable } from './analysis-table.tsx';

const AnalyseForm = loadLater(
  async () => (await import('./analyse-form.tsx')).AnalyseForm,
  <Skeleton className="h-96" />,
);

const PAGE_SIZE = 50;

export function SlideAnalysesView() {
  const [{ version }] = useQueryStates(SLIDE_ANALYSES_PARAMETERS);
  const [asking, setAsking] = useState(false);
  const variables = { first: PAGE_SIZE, versionId: version || null };
  const { fetchMore, startPolling, stopPolling, ...query } = useQuery(SlideAnalysesDocument, { variables });
  const rows = query.data?.slideAnalyses.edges.map(({ node }) => node) ?? [];
  useSettledPoll({ startPolling, stopPolling }, rows.every(isSettled));
  return (
    <>
      <PageHeader
        title="Slides"
        note="Whole slides under a model: a worker finds the tissue, asks the model square by square, and says where to look."
        actions={
          <Dialog
            title="Analyse slides"
            description="Tissue is cut at the µm per pixel at which the model was trained. Labels are not needed."
            open={asking}
            onOpenChange={setAsking}
            prepare={AnalyseForm.load}
            className="max-w-2xl"
            trigger={
              <Button look="primary">
                <ScanSearch />
                Analyse slides
              </Button>
            }
          >
            <AnalyseForm versionId={version} onAsked={() => query.refetch()} />
          </Dialog>
        }
      />
      <QueryFrame {...query}>
        {({ slideAnalyses: { pageInfo, totalCount } }) =>
          rows.length === 0 ? (
            <EmptyState title="No slide was analysed yet">
              Choose a version of a model and a slide, or a folder of them.
            </EmptyState>
          ) : (
            <Card flush>
              <AnalysisTable rows={rows} />
              {pageInfo.hasNextPage && (
                <Button
                  className="m-3"
                  onClick={() => void fetchMore({ variables: { ...variables, after: pageInfo.endCursor } })}
                >
                  Show more of {totalCount}
                </Button>
              )}
            </Card>
          )
        }
      </QueryFrame>
    </>
  );
}
