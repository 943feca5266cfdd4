'use client';
/** The two ways to launch: the run as it is set, or shallow and deep beside each other on the same split and seed. */
import { Layers2, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { linkToComparison } from '../../address/page-addresses.ts';
import { useAction } from '../../api/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { nameRun, PAIR, planPairSide, type RunText } from './launch-plan.ts';
import type { LaunchFormState } from './use-launch-form.ts';
import { useLauncher } from './use-launcher.ts';

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
      const experimentId = await launcher.chooseExperiment();
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
      const experimentId = await launcher.chooseExperiment();
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
      router.push(linkToComparison(runIds));
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
