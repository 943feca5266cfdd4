/** The numbered facts of a run, its progress of the moment, and the subscriptions that carry both. */
import { followRunChanges, type RunChange } from '@microtome/store/run/follow-run-changes';

import { followRunEvents } from '@microtome/store/run/follow-run-events';
import { getRun } from '@microtome/store/run/runs';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { RunEventKindEnum, RunStatusEnum } from '../enums.ts';
import { EpochMetricRef } from './metric.ts';

export const RunEventRef = builder.prismaObject('RunEvent', {
  description: 'An immutable, numbered fact about a run. Numbers start at 1 and have no gaps.',
  fields: (t) => ({
    runId: t.exposeID('runId', { description: 'Id of the run.' }),
    seq: t.exposeInt('seq', { description: 'Number within the run.' }),
    kind: t.expose('kind', { type: RunEventKindEnum, description: 'What kind of fact.' }),
    attempt: t.exposeInt('attempt', { description: 'The attempt that wrote it; 0 before the first.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was written.' }),
    payload: t.expose('payload', {
      type: 'JSON',
      deprecationReason: 'Read `fact`, which has types.',
      description: 'The fact itself, by kind.',
    }),
    metrics: t.field({
      type: [EpochMetricRef],
      description: 'EPOCH: the numbers of that epoch; empty for other kinds.',
      resolve: async ({ runId, payload }, _args, { loaders }) =>
        'epoch' in payload
          ? ((await loaders.metricsOfEpoch.load({ runId, epoch: payload.epoch })) ?? [])
          : [],
    }),
  }),
});

const RunProgressRef = builder.prismaObject('RunProgress', {
  description: 'What a worker is doing now. It has no number and is never replayed.',
  fields: (t) => ({
    runId: t.exposeID('runId', { description: 'Id of the run.' }),
    attempt: t.exposeInt('attempt', { description: 'The attempt.' }),
    phase: t.exposeString('phase', { description: 'preparing, training, validating or finishing.' }),
    epoch: t.exposeInt('epoch', { description: 'The epoch at work, from 1.' }),
    epochs: t.exposeInt('epochs', { description: 'Epochs in all.' }),
    batch: t.exposeInt('batch', { description: 'Batches done in this epoch.' }),
    batches: t.exposeInt('batches', { description: 'Batches of this epoch.' }),
    patchesPerSecond: t.exposeFloat('patchesPerSecond', { nullable: true, description: 'Rate at present.' }),
    secondsLeft: t.exposeFloat('secondsLeft', { nullable: true, description: 'Estimate of the time left.' }),
    loss: t.exposeFloat('loss', { nullable: true, description: 'Training loss at present.' }),
    waitingFor: t.exposeString('waitingFor', {
      nullable: true,
      description: 'Why nothing moves at present (a full disk, a store that is away); null when it does.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When this was so.' }),
  }),
});

const RunEventOrProgress = builder.unionType('RunEventOrProgress', {
  description: 'A numbered fact, or the current progress.',
  types: [RunEventRef, RunProgressRef],
  resolveType: (value) => ('seq' in value ? 'RunEvent' : 'RunProgress'),
});

const RunChangeRef = builder.objectRef<RunChange>('RunChange').implement({
  description: 'A run that moved: another status, one more epoch, another name, archived or back.',
  fields: (t) => ({
    runId: t.exposeID('runId', { description: 'Id of the run.' }),
    status: t.field({
      type: RunStatusEnum,
      description: 'Its status now.',
      resolve: ({ status }) => status,
    }),
    epochsDone: t.exposeInt('epochsDone', { description: 'Its epochs now.' }),
    run: t.prismaField({
      type: 'Run',
      nullable: true,
      description: 'The run now; null when it was deleted meanwhile.',
      resolve: (query, { runId }, _args, { store }) =>
        store.database.prisma.run.findUnique({ ...query, where: { id: runId } }),
    }),
  }),
});

builder.subscriptionFields((t) => ({
  runEvents: t.field({
    type: RunEventOrProgress,
    description:
      'Every event with a number above `after`, in order and without gaps, then new ones as they come.',
    args: {
      runId: t.arg.id({ required: true, description: 'Id of the run.' }),
      after: t.arg.int({
        defaultValue: 0,
        required: true,
        description: 'The last number that you have; 0 for all.',
      }),
    },
    subscribe: async (_root, { runId, after }, { store, listener, signal }) => {
      const run = await getRun(store, parseRecordId(runId, 'run'));
      return followRunEvents(store, { runId: run.id, afterSeq: after, listener, signal });
    },
    resolve: (fact) => fact,
  }),
  runsChanged: t.field({
    type: RunChangeRef,
    description:
      'Every run that moves, or of which something is said, from now on. Changes in quick succession come as one.',
    args: { experimentId: t.arg.id({ description: 'Only runs of this experiment.' }) },
    subscribe: (_root, { experimentId: id }, { store, listener, signal }) => {
      const experimentId = id ? parseRecordId(id, 'experiment') : null;
      return followRunChanges(store, { experimentId, listener, signal });
    },
    resolve: (change) => change,
  }),
}));
