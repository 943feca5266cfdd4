'use client';
/** The model of an external run: its file, how the worker's check of it stands and why, and asking for one. */
import { useMutation, useQuery } from '@apollo/client/react';
import { Download, ShieldCheck, Square } from 'lucide-react';
import { useFileUrl } from '../api/api-provider.tsx';
import { useAction } from '../api/use-action.ts';
import { Digest } from '../components/digest.tsx';
import { type Fact, FactList } from '../components/fact-list.tsx';
import { Moment } from '../components/moment.tsx';
import { useSettledPoll } from '../external-evaluation/use-settled-poll.ts';
import { formatCount } from '../format/format-number.ts';
import {
  CancelModelCheckDocument,
  CheckModelDocument,
  ExternalModelOfRunDocument,
  type ExternalModelStateFragment,
  type ModelCheckStateFragment,
  type ModelCheckStatus,
} from '../graphql/generated/graphql.ts';
import { Badge, type BadgeTone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';

const LOOKS: Record<ModelCheckStatus, { tone: BadgeTone; label: string }> = {
  QUEUED: { tone: 'neutral', label: 'check queued' },
  RUNNING: { tone: 'accent', label: 'being checked' },
  PASSED: { tone: 'good', label: 'check passed' },
  FAILED: { tone: 'danger', label: 'check failed' },
  CANCELED: { tone: 'neutral', label: 'check canceled' },
};

export function ExternalModelCard({ runId }: { runId: string }) {
  const query = useQuery(ExternalModelOfRunDocument, { variables: { id: runId } });
  const model = query.data?.run?.externalModel;
  useSettledPoll(query, !isUnderWay(model?.check));
  if (!model) return null;
  // A file that was replaced has no check of its own yet.
  const check = model.check?.fileHash === model.fileHash ? model.check : null;
  return (
    <Card
      className="mb-5"
      title="Model of its program"
      note="A worker computes a sample of the uploaded predictions once more with model.onnx; only then can it be registered."
      actions={<ModelActions runId={runId} model={model} />}
    >
      <div className="flex flex-col gap-3">
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <Badge tone={check ? LOOKS[check.status].tone : 'neutral'}>
            {check ? LOOKS[check.status].label : 'not checked'}
          </Badge>
          <span>{model.refusal ?? 'Its very file gives the probabilities that were uploaded.'}</span>
        </p>
        {check?.status === 'RUNNING' && (
          <ProgressBar
            value={check.patchesTotal > 0 ? check.patchesDone / check.patchesTotal : null}
            label="Progress of the check"
          />
        )}
        {check && <FactList facts={listFacts(check)} />}
      </div>
    </Card>
  );
}

function isUnderWay(check: ModelCheckStateFragment | null | undefined): boolean {
  return check?.status === 'QUEUED' || check?.status === 'RUNNING';
}

function listFacts(check: ModelCheckStateFragment): Fact[] {
  const { inputTensor, maxDifference, tolerance, finishedAt } = check;
  return [
    { label: 'File', value: <Digest value={check.fileHash} /> },
    { label: 'Patches', value: formatCount(check.patchesTotal), note: 'of VALIDATION and TEST' },
    ...(maxDifference === null
      ? []
      : [
          {
            label: 'Largest difference',
            value: maxDifference.toPrecision(2),
            note: tolerance === null ? null : `${tolerance} is allowed`,
          },
        ]),
    ...(inputTensor
      ? [
          {
            label: 'Input',
            value: `${inputTensor.type} [${inputTensor.shape.join(', ')}]`,
            note: inputTensor.name,
          },
        ]
      : []),
    ...(finishedAt ? [{ label: 'Checked', value: <Moment at={finishedAt} />, note: check.workerId }] : []),
  ];
}

type ModelActionsProps = { runId: string; model: ExternalModelStateFragment };

function ModelActions({ runId, model }: ModelActionsProps) {
  const toUrl = useFileUrl();
  const [checkModel] = useMutation(CheckModelDocument);
  const [cancelCheck] = useMutation(CancelModelCheckDocument);
  const { run, busy } = useAction();
  return (
    <>
      {model.url && (
        <Button asChild size="sm">
          <a href={toUrl(model.url)} download>
            <Download />
            model.onnx
          </a>
        </Button>
      )}
      {isUnderWay(model.check) && (
        <Button
          size="sm"
          disabled={busy || Boolean(model.check?.cancelRequestedAt)}
          onClick={() => run(() => cancelCheck({ variables: { runId } }))}
        >
          <Square />
          Cancel check
        </Button>
      )}
      {model.refusal && !isUnderWay(model.check) && (
        <Button
          size="sm"
          look="primary"
          disabled={busy || model.fileHash === null}
          onClick={() => run(() => checkModel({ variables: { input: { runId } } }))}
        >
          <ShieldCheck />
          Check model
        </Button>
      )}
    </>
  );
}
