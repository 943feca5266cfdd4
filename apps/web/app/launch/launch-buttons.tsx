'use client';
/** The two ways to launch: the run as it is set, or shallow and deep beside each other on the same split and seed. */
import { useMutation } from '@apollo/client/react';
import { Layers2, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useAction } from '../../api/use-action.ts';
import { CreateExperimentDocument, LaunchRunDocument } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { parseTags } from '../runs/parse-tags.ts';
import type { RunText } from './launch-form.tsx';
import { type Hyperparameters, nameExperiment, nameRun, PAIR, planPairSide } from './launch-plan.ts';
import type { LaunchFormState } from './use-launch-form.ts';

const USUAL_EXPERIMENT = 'Shallow vs deep';

type LaunchButtonsProps = { form: LaunchFormState; text: RunText; hasWorker: boolean };

export function LaunchButtons({ form, text, hasWorker }: LaunchButtonsProps) {
  const router = useRouter();
  const { run, busy } = useAction();
  const launcher = useLauncher(form, text);
  const ready = form.isValid && form.split !== null && !busy;
  const epochs = form.values.epochs;
  const seed = form.values.seed;
  function launchOne() {
    return run(async () => {
      const experimentId = await launcher.getExperimentId();
      const runId = await launcher.launch({
        experimentId,
        hyperparameters: form.changed,
        name: text.name.trim(),
      });
      router.push(`/runs/${runId}`);
    }, 'Queued');
  }
  function launchPair() {
    return run(async () => {
      const experimentId = await launcher.getExperimentId();
      const runIds: string[] = [];
      for (const architecture of PAIR) {
        const hyperparameters = planPairSide(form.changed, architecture);
        runIds.push(
          await launcher.launch({
            experimentId,
            hyperparameters,
            name: nameRun({ seed: seed ?? 1, architecture }),
          }),
        );
      }
      router.push(`/compare?runs=${runIds.join(',')}`);
    }, 'Shallow and deep are queued');
  }
  return (
    <Card title="Launch">
      <div className="flex flex-col gap-2.5">
        <Button look="primary" disabled={!ready} onClick={launchOne}>
          <Play />
          Launch run
        </Button>
        <Button disabled={!ready} onClick={launchPair}>
          <Layers2 />
          Shallow vs deep
        </Button>
        <p className="text-xs text-muted-foreground">
          Shallow vs deep queues both networks with these knobs on the same split, {epochs} epochs, seed{' '}
          {seed}.
        </p>
        {!form.isValid && <p className="text-xs text-danger">Some hyperparameters are out of range.</p>}
        {!form.split && <p className="text-xs text-danger">Choose a split first.</p>}
        {!hasWorker && (
          <Notice tone="caution">No worker is there now: runs wait in the queue until one starts.</Notice>
        )}
      </div>
    </Card>
  );
}

function useLauncher(form: LaunchFormState, text: RunText) {
  const [createExperiment] = useMutation(CreateExperimentDocument);
  const [launchRun] = useMutation(LaunchRunDocument);
  const { target, dataset } = form;
  return {
    async getExperimentId(): Promise<string> {
      if (target.experimentId) return target.experimentId;
      const taken = dataset?.experiments.map(({ name }) => name) ?? [];
      const name = nameExperiment(target.experimentName.trim() || USUAL_EXPERIMENT, taken);
      const { data } = await createExperiment({
        variables: { input: { datasetId: target.datasetId, name } },
      });
      if (!data) throw new Error('The API gave no experiment back.');
      form.change({ experimentId: data.createExperiment.id });
      return data.createExperiment.id;
    },
    async launch(plan: {
      experimentId: string;
      hyperparameters: Hyperparameters;
      name: string;
    }): Promise<string> {
      const { data } = await launchRun({
        variables: {
          input: {
            experimentId: plan.experimentId,
            splitId: target.splitId,
            name: plan.name || nameRun({ ...form.values, ...plan.hyperparameters }),
            hyperparameters: plan.hyperparameters,
            notes: text.notes.trim() || null,
            tags: parseTags(text.tags),
            backend: text.backend,
          },
        },
      });
      if (!data) throw new Error('The API gave no run back.');
      return data.launchRun.id;
    },
  };
}
