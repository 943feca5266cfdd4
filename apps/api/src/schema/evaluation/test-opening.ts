/** The recorded act that unseals TEST for one run, and the baseline that is opened beside it. */
import { openTest } from '@microtome/store/evaluation/evaluations';
import { findBaselineToOpen } from '@microtome/store/model/colour-baselines';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunRef } from '../run/run.ts';

builder.prismaObject('TestOpening', {
  description: 'Who opened TEST for a run, when and why. It never changes, and outlives its run.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    run: t.relation('run', { nullable: true, description: 'The run; null once it is deleted.' }),
    runName: t.exposeString('runName', { description: 'Name of the run when TEST was opened.' }),
    openedBy: t.exposeString('openedBy', { description: 'Who, as they called themselves.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When.' }),
  }),
});

builder.prismaObjectField(RunRef, 'baselineToOpen', (t) =>
  t.field({
    type: RunRef,
    nullable: true,
    description:
      'The colour-baseline run whose TEST has to be open too before the gate can set this run against it: of those of the same split and task the best on VALIDATION. Null where one is open, where none has succeeded, and for a baseline itself.',
    select: { id: true, splitId: true, architecture: true, experiment: { select: { taskId: true } } },
    resolve: async ({ id, splitId, architecture, experiment: { taskId } }, _args, { store, loaders }) => {
      const baselineId = await findBaselineToOpen(store, { id, splitId, taskId, architecture });
      return baselineId === null ? null : ((await loaders.run.load(baselineId)) ?? null);
    },
  }),
);

builder.mutationField('openTest', (t) =>
  t.field({
    type: RunRef,
    description:
      'Opens TEST for a finished run: its TEST metrics, predictions and heatmaps become readable. Recorded for good and counted per split.',
    args: {
      runId: t.arg.id({ required: true, description: 'Id of the run.' }),
      reason: t.arg.string({
        extensions: typed('reason'),
        required: true,
        description: 'Why, for all to read.',
      }),
      openedBy: t.arg.string({
        extensions: typed('personName'),
        description: 'Who; "unknown" when left out.',
      }),
    },
    resolve: (_root, { runId, reason, openedBy }, { store, predictions, background }) =>
      openTest(store, {
        runId: parseRecordId(runId, 'run'),
        reason,
        openedBy: openedBy ?? undefined,
        source: predictions,
        evaluate: background.evaluate,
      }),
  }),
);
