/** Launching a sweep, and what it will be and cost before it is launched. */

import type { Rung } from '@microtome/domain/sweep/halving';
import { DEFAULT_SWEEP_METRIC } from '@microtome/domain/sweep/sweep-ranking';
import { measureSweep, type SweepCost } from '@microtome/store/sweep/sweep-cost';
import { planSweep, type SweepLaunch } from '@microtome/store/sweep/sweep-plan';
import { launchSweep } from '@microtome/store/sweep/sweeps';
import { readAccountId } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SweepStrategyEnum } from '../enums.ts';
import { SweepRef, SweepRungRef } from './sweep.ts';

type InputFields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

const describeSweep = (t: InputFields) => ({
  splitIds: t.idList({
    description: 'The one split of all runs. FOLDS takes the k splits of one K_FOLD, or `folds` instead.',
  }),
  folds: t.int({
    description: 'FOLDS: makes, or finds, the splits of a cross-validation by patient, 3 or more.',
  }),
  name: t.string({
    extensions: typed('sweepName'),
    required: true,
    description: 'Name; runs are named after it.',
  }),
  strategy: t.field({ type: SweepStrategyEnum, required: true, description: 'How the runs differ.' }),
  base: t.field({ type: 'JSON', required: true, description: 'Hyperparameters that all runs share.' }),
  metric: t.string({
    extensions: typed('word'),
    description: `The metric on VALIDATION that ranks the runs, one that \`metricCatalogue\` says can; ${DEFAULT_SWEEP_METRIC} when left out.`,
  }),
  space: t.field({
    type: 'JSON',
    description:
      'GRID, RANDOM, HALVING: hyperparameter → list of values; the last two also → { low, high, log, whole }.',
  }),
  seeds: t.intList({ description: 'SEEDS: the seeds.' }),
  trials: t.int({
    description: 'RANDOM, HALVING: how many settings to draw. A HALVING without it takes every combination.',
  }),
  seed: t.int({ description: 'RANDOM, HALVING: seed of the draws; 1 when left out.' }),
  eta: t.int({ description: 'HALVING: one run of so many goes on, for so many times the epochs; 3.' }),
  minEpochs: t.int({ description: 'HALVING: epochs of the first rung; 1 when left out.' }),
  maxEpochs: t.int({ description: 'HALVING: epochs of the last rung.' }),
  backend: t.string({
    extensions: typed('word'),
    description: 'Of every run: one of `backends`, or auto; auto when left out.',
  }),
  priority: t.int({ description: 'Of every run: larger comes first; 0 when left out.' }),
  tags: t.stringList({ extensions: typed('tag'), description: 'Tags of every run.' }),
});

const LaunchSweepInput = builder.inputType('LaunchSweepInput', {
  description: 'A sweep to launch. An option that its strategy does not take is an error.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'The experiment.' }),
    ...describeSweep(t),
  }),
});

const PlanSweepInput = builder.inputType('PlanSweepInput', {
  description: 'A sweep that might be launched, perhaps in an experiment that is not there yet.',
  fields: (t) => ({ datasetId: t.id({ required: true, description: 'The dataset.' }), ...describeSweep(t) }),
});

type PlannedSweep = { cost: SweepCost; rungs: Rung[]; labels: string[] };

const SweepPlanRef = builder.objectRef<PlannedSweep>('SweepPlan').implement({
  description: 'What a sweep will be, before it is launched. Figures hold if no run stops early.',
  fields: (t) => ({
    runCount: t.int({ description: 'Runs, all rungs together.', resolve: ({ cost }) => cost.runs }),
    epochs: t.int({ description: 'Epochs of all runs together.', resolve: ({ cost }) => cost.epochs }),
    patches: t.field({
      type: 'BigInt',
      description: 'Training patches shown, all epochs of all runs together.',
      resolve: ({ cost }) => BigInt(cost.patches),
    }),
    multiplyAdds: t.float({
      description: 'Multiply-adds of training: three for each of a prediction.',
      resolve: ({ cost }) => cost.multiplyAdds,
    }),
    seconds: t.float({
      nullable: true,
      description:
        'Of training on one worker, at the speed of the newest finished run of each network; null while one has none.',
      resolve: ({ cost }) => cost.seconds,
    }),
    rungs: t.field({
      type: [SweepRungRef],
      description: 'HALVING: the rungs; empty in other sweeps.',
      resolve: ({ rungs }) =>
        rungs.map(({ epochs, runs }, number) => ({ number, epochs, runCount: runs, isMade: false })),
    }),
    labels: t.stringList({
      description: 'What is particular to each run that is launched at once.',
      resolve: ({ labels }) => labels,
    }),
  }),
});

builder.queryField('planSweep', (t) =>
  t.field({
    type: SweepPlanRef,
    description: 'Checks a sweep and says what it would be and cost. Writes nothing.',
    args: { input: t.arg({ type: PlanSweepInput, required: true, description: 'The sweep.' }) },
    resolve: async (_root, { input }, { store }) => {
      const datasetId = parseRecordId(input.datasetId, 'dataset');
      const plan = await planSweep(store, { ...readRequest(input), datasetId });
      const labels = plan.runs.map(({ label }) => label);
      return { cost: await measureSweep(store, plan), rungs: plan.rungs, labels };
    },
  }),
);

builder.mutationField('launchSweep', (t) =>
  t.field({
    type: SweepRef,
    description:
      'Launches all runs of a sweep, and makes the splits of a cross-validation, in one transaction.',
    args: { input: t.arg({ type: LaunchSweepInput, required: true, description: 'The sweep.' }) },
    resolve: async (_root, { input }, { store, audits, access }) => {
      const experimentId = parseRecordId(input.experimentId, 'experiment');
      const createdBy = readAccountId(access);
      const sweep = await launchSweep(store, { ...readRequest(input), experimentId, createdBy });
      if (input.folds) audits.wake();
      return sweep;
    },
  }),
);

type SweepInput = Omit<typeof LaunchSweepInput.$inferInput, 'experimentId'>;

/** GraphQL's null is "left out". */
function readRequest(input: SweepInput): Omit<SweepLaunch, 'experimentId'> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
  return {
    ...(given as Omit<SweepLaunch, 'experimentId' | 'splitIds'>),
    splitIds: input.splitIds?.map((splitId) => parseRecordId(splitId, 'split')),
  };
}
