/** What a user may do to a run: launch, cancel, retry, edit, archive, delete, add numbers from outside. */
import { AUTO_BACKEND } from '@microtome/domain/run/backends';
import { logExternalMetrics } from '@microtome/store/external-run/logged-metrics';
import { logMetrics } from '@microtome/store/run/metrics';
import { launchRun, requestCancel, retryRun } from '@microtome/store/run/run-lifecycle';
import { archiveRun, deleteRun, getRun, updateRun } from '@microtome/store/run/runs';
import { readAccountId } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { DeletionRef } from '../deletion.ts';
import { NOT_FINITE, NotFiniteEnum } from './metric.ts';
import { RunRef } from './run.ts';

const LaunchRunInput = builder.inputType('LaunchRunInput', {
  description: 'A run to launch.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'The experiment.' }),
    splitId: t.id({ required: true, description: 'A split of the experiment’s dataset.' }),
    name: t.string({
      extensions: typed('runName'),
      description: 'A name; made from architecture and seed when left out.',
    }),
    hyperparameters: t.field({
      type: 'JSON',
      required: true,
      description:
        'The hyperparameters that differ from their defaults (see `hyperparameterSchema`). Unknown ones are errors.',
    }),
    notes: t.string({ extensions: typed('notes'), description: 'Free notes.' }),
    tags: t.stringList({ extensions: typed('tag'), description: 'Tags.' }),
    backend: t.string({
      extensions: typed('word'),
      defaultValue: AUTO_BACKEND,
      required: true,
      description: 'The name of one of `backends`, or auto: the best that the worker has.',
    }),
    priority: t.int({ description: 'Place in the queue: larger comes first; 0 when left out.' }),
  }),
});

const UpdateRunInput = builder.inputType('UpdateRunInput', {
  description: 'What to change; what is left out stays.',
  fields: (t) => ({
    name: t.string({ extensions: typed('runName'), description: 'New name.' }),
    notes: t.string({ extensions: typed('notes'), description: 'New notes; replaces the old ones.' }),
    tags: t.stringList({ extensions: typed('tag'), description: 'New tags; replace the old ones.' }),
  }),
});

builder.mutationFields((t) => ({
  launchRun: t.field({
    type: RunRef,
    description: 'Checks the hyperparameters and queues a run, in one transaction.',
    args: { input: t.arg({ type: LaunchRunInput, required: true, description: 'The run.' }) },
    resolve: (_root, { input }, { store, access }) =>
      launchRun(store, {
        createdBy: readAccountId(access),
        experimentId: parseRecordId(input.experimentId, 'experiment'),
        splitId: parseRecordId(input.splitId, 'split'),
        hyperparameters: input.hyperparameters,
        backend: input.backend,
        name: input.name ?? undefined,
        notes: input.notes ?? undefined,
        tags: input.tags ?? undefined,
        priority: input.priority ?? undefined,
      }),
  }),
  cancelRun: t.field({
    type: RunRef,
    description: 'Cancels a run: at once while queued, within seconds while training. Refused once settled.',
    args: { id: t.arg.id({ required: true, description: 'Id of the run.' }) },
    resolve: (_root, { id }, { store }) => requestCancel(store, parseRecordId(id, 'run')),
  }),
  retryRun: t.field({
    type: RunRef,
    description: 'Queues a failed or canceled run again; it goes on from its last checkpoint.',
    args: { id: t.arg.id({ required: true, description: 'Id of the run.' }) },
    resolve: (_root, { id }, { store }) => retryRun(store, parseRecordId(id, 'run')),
  }),
}));

builder.mutationFields((t) => ({
  updateRun: t.field({
    type: RunRef,
    description: 'Changes name, notes or tags of a run.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the run.' }),
      input: t.arg({ type: UpdateRunInput, required: true, description: 'What to change.' }),
    },
    resolve: (_root, { id, input }, { store }) =>
      updateRun(store, {
        runId: parseRecordId(id, 'run'),
        name: input.name ?? undefined,
        notes: input.notes ?? undefined,
        tags: input.tags ?? undefined,
      }),
  }),
  archiveRun: t.field({
    type: RunRef,
    description: 'Archives a run, which hides it, or brings it back.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the run.' }),
      archived: t.arg.boolean({ defaultValue: true, required: true, description: 'False brings it back.' }),
    },
    resolve: (_root, { id, archived }, { store }) =>
      archiveRun(store, { runId: parseRecordId(id, 'run'), archived }),
  }),
  deleteRun: t.field({
    type: DeletionRef,
    description:
      'Deletes a settled run; its files are freed in the background. Refused while a model version depends on it.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the run.' }),
      requestedBy: t.arg.string({ extensions: typed('requester'), description: 'Who asks for it.' }),
    },
    resolve: (_root, { id, requestedBy }, { store }) =>
      deleteRun(store, parseRecordId(id, 'run'), { requestedBy: requestedBy ?? '' }),
  }),
}));

const MetricInput = builder.inputType('MetricInput', {
  description: 'A number from outside.',
  fields: (t) => ({
    name: t.string({
      extensions: typed('metricName'),
      required: true,
      description: 'Name of the series; none of those that the worker records, such as validation.auc.',
    }),
    epoch: t.int({ description: 'The epoch, from 1; needed for a run of a worker.' }),
    step: t.int({ description: 'Optimizer steps so far; 0 when left out.' }),
    value: t.float({ description: 'The number; null where it is none, which `notFinite` names.' }),
    notFinite: t.field({ type: NotFiniteEnum, description: 'In place of a value; for EXTERNAL runs alone.' }),
    at: t.field({ type: 'DateTime', description: 'When it was measured; for EXTERNAL runs alone.' }),
  }),
});

builder.mutationField('logMetrics', (t) =>
  t.field({
    type: RunRef,
    description:
      'Adds numbers to a run from outside, all or none. Of an EXTERNAL run a step may have several, and what is sent again changes nothing.',
    args: {
      runId: t.arg.id({ required: true, description: 'Id of the run.' }),
      metrics: t.arg({ type: [MetricInput], required: true, description: 'The numbers.' }),
      key: t.arg.string({
        extensions: typed('search'),
        description: 'For an EXTERNAL run: a batch whose key was kept before changes nothing.',
      }),
    },
    resolve: async (_root, { runId, metrics, key }, { store }) => {
      const run = await getRun(store, parseRecordId(runId, 'run'));
      const points = metrics.map(({ name, epoch, step, value, notFinite, at }) => ({
        name,
        epoch: epoch ?? 0,
        step: step ?? 0,
        value: notFinite ? NOT_FINITE[notFinite] : (value ?? Number.NaN),
        atMs: at?.getTime() ?? null,
      }));
      if (run.origin === 'WORKER') return logMetrics(store, { runId: run.id, metrics: points });
      await logExternalMetrics(store, { runId: run.id, points, key });
      return run;
    },
  }),
);
