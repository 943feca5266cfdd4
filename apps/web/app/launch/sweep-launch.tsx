'use client';
/** The plan and the cost of the sweep, requested from the API while it is typed, and its launch. */
import { useQuery } from '@apollo/client/react';
import { Layers } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useDeferredValue } from 'react';
import { useWatch } from 'react-hook-form';
import { describeError } from '../../api/error-sentence.ts';
import { type Fact, FactList } from '../../components/fact-list.tsx';
import type { SchemaField } from '../../form/schema-fields.ts';
import { countNoun } from '../../format/count-noun.ts';
import { formatCompact, formatCount } from '../../format/format-number.ts';
import { formatDuration } from '../../format/format-time.ts';
import { PlanSweepDocument, type PlanSweepQuery } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { LaunchWait } from './launch-wait.tsx';
import { readDraft } from './sweep-draft.ts';
import type { LaunchFormState } from './use-launch-form.ts';
import { useLauncher } from './use-launcher.ts';

const LABELS_SHOWN = 6;

type SweepLaunchProps = {
  launch: LaunchFormState;
  fields: readonly SchemaField[];
  /** How many are running. */
  workers: number;
  backend: string;
};

export function SweepLaunch({ launch, fields, workers, backend }: SweepLaunchProps) {
  const router = useRouter();
  const launcher = useLauncher(launch, 'sweep.name');
  const { run, busy } = launcher;
  const { form, changed, isInRange } = launch;
  const { splitId, datasetId } = launch.target;
  const draft = useWatch({ control: form.control, name: 'sweep' });
  const { request, errors } = readDraft(draft, { fields, changed, splitId });
  const asked = useDeferredValue(request && isInRange ? JSON.stringify({ datasetId, ...request }) : null);
  const { data, previousData, error, loading } = useQuery(PlanSweepDocument, {
    variables: { input: JSON.parse(asked ?? '{}') },
    skip: asked === null,
  });
  const plan = error ? undefined : (data ?? previousData)?.planSweep;
  const sentences = isInRange ? errors : [...errors, 'Some hyperparameters below are out of range.'];
  const submit = form.handleSubmit((read) => {
    if (!request) return;
    return run(async () => {
      const experimentId = await launcher.chooseExperiment(read, request.name);
      router.push(`/sweeps/${await launcher.launchSweep(read, { experimentId, request })}`);
    }, 'The sweep is queued');
  });
  return (
    <Card title="Launch sweep">
      <div className="flex flex-col gap-3" aria-live="polite">
        {plan && sentences.length === 0 && <PlanFacts plan={plan} workers={workers} />}
        {sentences.map((sentence) => (
          <p key={sentence} className="text-xs text-danger">
            {sentence}
          </p>
        ))}
        {error && sentences.length === 0 && <Notice tone="danger">{describeError(error)}</Notice>}
        <Button
          look="primary"
          disabled={!request || sentences.length > 0 || Boolean(error) || loading || busy}
          onClick={submit}
        >
          <Layers />
          {plan && sentences.length === 0
            ? `Launch ${plan.rungs.length > 0 ? plan.rungs[0]?.runCount : plan.runCount} runs`
            : 'Launch sweep'}
        </Button>
        <LaunchWait backend={backend} launch={launch} />
      </div>
    </Card>
  );
}

function PlanFacts({ plan, workers }: { plan: PlanSweepQuery['planSweep']; workers: number }) {
  const facts: Fact[] = [
    {
      label: 'Runs',
      value: formatCount(plan.runCount),
      note: plan.rungs.length > 0 ? 'all rungs together' : null,
    },
    { label: 'Epochs', value: formatCount(plan.epochs), note: 'of all runs' },
    { label: 'Patches to train on', value: formatCompact(plan.patches), note: 'patches times epochs' },
    { label: 'Multiply-adds', value: formatCompact(plan.multiplyAdds) },
  ];
  const hidden = plan.labels.length - LABELS_SHOWN;
  return (
    <>
      <FactList facts={facts} className="sm:grid-cols-2 lg:grid-cols-2" />
      <p className="text-sm">
        {plan.seconds === null || plan.seconds === undefined
          ? 'How long this takes is unknown: no run of this network has finished here yet.'
          : `About ${formatDuration(plan.seconds)} of training on one worker${workers > 1 ? `, ${formatDuration(plan.seconds / workers)} on the ${workers} that are running` : ''}, without validation.`}
      </p>
      {plan.rungs.length > 0 && (
        <ol className="text-xs text-muted-foreground">
          {plan.rungs.map(({ number, epochs, runCount }) => (
            <li key={number}>
              Rung {number + 1}: {countNoun(runCount, 'run')} of {countNoun(epochs, 'epoch')}
            </li>
          ))}
        </ol>
      )}
      <ul className="text-xs text-muted-foreground">
        {plan.labels.slice(0, LABELS_SHOWN).map((label) => (
          <li key={label} className="truncate" title={label}>
            {label}
          </li>
        ))}
        {hidden > 0 && <li>and {hidden} more</li>}
      </ul>
    </>
  );
}
