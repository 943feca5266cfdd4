'use client';
/** The slides of an exam under the probabilities of the model: with labels and without. */
import { useQuery } from '@apollo/client/react';
import { linkToViewer } from '../../../address/page-addresses.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import {
  type ExternalEvaluationPageFragment,
  ExternalSlidesDocument,
} from '../../../graphql/generated/graphql.ts';
import { known } from '../../../run/run-on-split.ts';
import { SlideGallery } from '../../../tissue/slide-gallery.tsx';
import { Card } from '../../../ui/card.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

export function ExamTissue({ evaluation }: { evaluation: ExternalEvaluationPageFragment }) {
  const { id, dataset, task, run, threshold } = evaluation;
  const query = useQuery(ExternalSlidesDocument, { variables: { id }, skip: !dataset.hasPlaces });
  if (!dataset.hasPlaces) return null;
  return (
    <Card title="Tissue" note="Patches in their places under the probabilities of the model.">
      <SlideGallery
        slides={query.data?.externalEvaluation?.slides ?? []}
        positiveClass={task?.positiveName ?? known(run.task).positiveName}
        threshold={threshold}
        unit={dataset.unit}
        toHref={(slide) => linkToViewer({ exam: id, slide })}
        nothing="The exam has no slide."
        waiting={
          query.data ? undefined : (
            <QueryFrame {...query} skeleton={<Skeleton className="h-72" />}>
              {() => null}
            </QueryFrame>
          )
        }
      />
    </Card>
  );
}
