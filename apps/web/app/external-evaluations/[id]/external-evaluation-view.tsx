'use client';
/** Lays out one external evaluation: how far it is, then its figures, or the predictions alone without labels. */
import { useMutation, useQuery } from '@apollo/client/react';
import { RotateCcw, Square } from 'lucide-react';
import { useAction } from '../../../api/use-action.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { ExamState } from '../../../external-evaluation/exam-state.tsx';
import { nameExam } from '../../../external-evaluation/name-exam.ts';
import { isSettled, useSettledPoll } from '../../../external-evaluation/use-settled-poll.ts';
import {
  CancelExternalEvaluationDocument,
  EvaluateModelDocument,
  ExternalEvaluationDocument,
  type ExternalEvaluationPageFragment,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ExamFigures } from './exam-figures.tsx';
import { ExamHeader } from './exam-header.tsx';
import { ExamTissue } from './exam-tissue.tsx';

export function ExternalEvaluationView({ id }: { id: string }) {
  const query = useQuery(ExternalEvaluationDocument, { variables: { id } });
  const found = query.data?.externalEvaluation;
  useSettledPoll(query, !found || isSettled(found));
  return (
    <QueryFrame {...query} data={found} missing="This external evaluation">
      {(evaluation) => (
        <>
          <ExamHeader evaluation={evaluation} />
          <div className="flex flex-col gap-5">
            <ExamBody evaluation={evaluation} />
          </div>
        </>
      )}
    </QueryFrame>
  );
}

function ExamBody({ evaluation }: { evaluation: ExternalEvaluationPageFragment }) {
  if (evaluation.status === 'FAILED' || evaluation.status === 'CANCELED') {
    return <ExamWithoutResult evaluation={evaluation} />;
  }
  if (evaluation.status !== 'SUCCEEDED') return <OpenExam evaluation={evaluation} />;
  return (
    <>
      {evaluation.task ? (
        <ExamFigures evaluation={evaluation} positiveClass={evaluation.task.positiveName} />
      ) : (
        <Notice title="Without labels there are no figures">
          What the model says of each patch is in the files above, and below where the patches lie.
        </Notice>
      )}
      <ExamTissue evaluation={evaluation} />
    </>
  );
}

function OpenExam({ evaluation }: { evaluation: ExternalEvaluationPageFragment }) {
  const { id, status, cancelRequestedAt, error } = evaluation;
  const waits = status === 'QUEUED';
  const [cancel] = useMutation(CancelExternalEvaluationDocument);
  const action = useAction();
  return (
    <Card
      title={waits ? 'Waiting for a worker' : 'A worker predicts'}
      actions={
        <Button
          look="danger"
          size="sm"
          disabled={action.busy || Boolean(cancelRequestedAt)}
          onClick={() => action.run(() => cancel({ variables: { id } }))}
        >
          <Square />
          Cancel it
        </Button>
      }
    >
      <ExamState evaluation={evaluation} label={nameExam(evaluation)} />
      <p className="mt-2 max-w-2xl text-sm text-muted-foreground">{describeWait(waits, cancelRequestedAt)}</p>
      {error && <p className="mt-2 text-sm text-caution">Last attempt: {error}</p>}
    </Card>
  );
}

function describeWait(waits: boolean, cancelRequestedAt: unknown): string {
  if (cancelRequestedAt) return 'The worker is told to stop.';
  if (waits)
    return 'A worker takes it before any run that waits, as soon as it has ended the run that it trains.';
  return 'When it is lost, another worker begins again. This page follows by itself.';
}

/** It failed or was canceled, and can be asked for again. */
function ExamWithoutResult({ evaluation }: { evaluation: ExternalEvaluationPageFragment }) {
  const { run, dataset, task, askedSites, error, status, sidesConfirmed: confirmSides } = evaluation;
  const [evaluate] = useMutation(EvaluateModelDocument);
  const action = useAction();
  const input = {
    runId: run.id,
    datasetId: dataset.id,
    taskId: task?.id ?? null,
    sites: askedSites,
    confirmSides,
  };
  const hasFailed = status === 'FAILED';
  return (
    <Notice tone={hasFailed ? 'danger' : 'info'} title={hasFailed ? 'It failed' : 'It was canceled'}>
      {hasFailed ? error : 'Nothing of it was kept.'}
      <div className="mt-2">
        <Button
          size="sm"
          disabled={action.busy}
          onClick={() => action.run(() => evaluate({ variables: { input } }), 'It waits once more')}
        >
          <RotateCcw />
          {hasFailed ? 'Try again' : 'Ask for it again'}
        </Button>
      </div>
    </Notice>
  );
}
