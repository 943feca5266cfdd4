'use client';
/** The two ways to launch without a sweep: one run, or shallow and deep on the same split and seed. */
import { Layers2, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { linkToComparison } from '../../address/page-addresses.ts';
import type { HyperparameterSchemaQuery } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { type Hyperparameters, nameRun, PAIR, planBaseline, planPairSide } from './launch-plan.ts';
import type { LaunchOutput } from './launch-schema.ts';
import { LaunchWait } from './launch-wait.tsx';
import type { LaunchFormState } from './use-launch-form.ts';
import { useLauncher } from './use-launcher.ts';

type LaunchButtonsProps = {
  launch: LaunchFormState;
  presets: HyperparameterSchemaQuery['hyperparameterSchema']['presets'];
  backend: string;
};

export function LaunchButtons({ launch, presets, backend }: LaunchButtonsProps) {
  const router = useRouter();
  const launcher = useLauncher(launch, 'about.name');
  const { run, busy } = launcher;
  const { form, changed, split, isInRange } = launch;
  const { epochs, seed } = launch.values;
  const ready = isInRange && split !== null && !busy;
  function launchOne(read: LaunchOutput) {
    return run(async () => {
      const experimentId = await launcher.chooseExperiment(read);
      const runId = await launcher.launch(read, {
        experimentId,
        hyperparameters: changed,
        name: read.about.name,
      });
      router.push(`/runs/${runId}`);
    }, 'Queued');
  }
  function launchPair(read: LaunchOutput) {
    return run(async () => {
      const experimentId = await launcher.chooseExperiment(read);
      const queue = (hyperparameters: Hyperparameters) =>
        launcher.launch(read, {
          experimentId,
          hyperparameters,
          name: nameRun({ ...hyperparameters, seed: seed ?? 1 }),
        });
      const runIds: string[] = [];
      for (const architecture of PAIR) runIds.push(await queue(planPairSide(changed, architecture)));
      const baseline = planBaseline(changed, presets);
      if (baseline) await queue(baseline);
      router.push(linkToComparison(runIds));
    }, 'Shallow, deep and the colour baseline are queued');
  }
  return (
    <Card title="Launch">
      <div className="flex flex-col gap-2.5">
        <Button look="primary" disabled={!ready} onClick={form.handleSubmit(launchOne)}>
          <Play />
          Launch run
        </Button>
        <Button disabled={!ready} onClick={form.handleSubmit(launchPair)}>
          <Layers2 />
          Shallow vs deep
        </Button>
        <p className="text-xs text-muted-foreground">
          Shallow vs deep queues both networks with these hyperparameters on the same split, {epochs} epochs,
          seed {seed}, and the colour baseline, which the gate asks them to beat.
        </p>
        {!isInRange && <p className="text-xs text-danger">Some hyperparameters are out of range.</p>}
        {!split && <p className="text-xs text-danger">Choose a split first.</p>}
        <LaunchWait backend={backend} launch={launch} />
      </div>
    </Card>
  );
}
