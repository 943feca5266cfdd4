/** The recorded act that unseals TEST for one run. */
import { openTest } from '@microtome/store/evaluation/evaluations';
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
