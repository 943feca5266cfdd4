/** Sweeps: sets of runs launched together. */
import { cancelSweep, launchSweep } from '@microtome/store/sweeps';
import { builder } from '../builder.ts';
import { parseRecordId } from '../record-id.ts';
import { SweepStrategyEnum } from './enums.ts';

export const SweepRef = builder.prismaObject('Sweep', {
  description: 'A set of runs launched together. It never opens TEST.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Name.' }),
    strategy: t.field({
      type: SweepStrategyEnum,
      description: 'How its runs differ.',
      resolve: ({ strategy }) => strategy as typeof SweepStrategyEnum.$inferType,
    }),
    definition: t.expose('definition', {
      type: 'JSON',
      description: 'What was asked for, defaults filled in.',
    }),
    experiment: t.relation('experiment', { description: 'The experiment.' }),
    runs: t.relation('runs', {
      description: 'Its runs, in launch order.',
      query: { orderBy: { id: 'asc' } },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was launched.' }),
    canceledAt: t.expose('canceledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was cancelled.',
    }),
  }),
});

const LaunchSweepInput = builder.inputType('LaunchSweepInput', {
  description: 'A sweep to launch.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'The experiment.' }),
    splitIds: t.idList({ required: true, description: 'The splits; one, or the folds for FOLDS.' }),
    name: t.string({ required: true, description: 'Name; runs are named after it.' }),
    strategy: t.field({ type: SweepStrategyEnum, required: true, description: 'How the runs differ.' }),
    base: t.field({ type: 'JSON', required: true, description: 'Hyperparameters that all runs share.' }),
    space: t.field({
      type: 'JSON',
      description: 'GRID, RANDOM: hyperparameter → list of values or range.',
    }),
    seeds: t.intList({ description: 'SEEDS: the seeds.' }),
    trials: t.int({ description: 'RANDOM: how many runs to draw.' }),
    seed: t.int({ description: 'Seed of the draws; 1 when left out.' }),
  }),
});

builder.mutationFields((t) => ({
  launchSweep: t.field({
    type: SweepRef,
    description: 'Launches all runs of a sweep in one transaction.',
    args: { input: t.arg({ type: LaunchSweepInput, required: true, description: 'The sweep.' }) },
    resolve: (_root, { input }, { store }) =>
      launchSweep(store, {
        ...input,
        experimentId: parseRecordId(input.experimentId, 'experiment'),
        splitIds: input.splitIds.map((splitId) => parseRecordId(splitId, 'split')),
        base: input.base,
        space: input.space ?? undefined,
        seeds: input.seeds ?? undefined,
        trials: input.trials ?? undefined,
        seed: input.seed ?? undefined,
      }),
  }),
  cancelSweep: t.field({
    type: SweepRef,
    description: 'Cancels every run of a sweep that is not settled.',
    args: { id: t.arg.id({ required: true, description: 'Id of the sweep.' }) },
    resolve: (_root, { id }, { store }) => cancelSweep(store, parseRecordId(id, 'sweep')),
  }),
}));
