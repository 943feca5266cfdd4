/** What the neighbours of patches add to a cross-validation, over all folds. */
import { NOTHING_TO_SAY } from '@microtome/domain/context/context-evaluation';
import type { PooledContext } from '@microtome/domain/context/pooled-context';
import { readPooledContext } from '../../evaluation/pooled-context.ts';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SweepOpeningRef } from '../sweep/sweep-opening.ts';
import { ContextGainRef } from './context-evaluation.ts';

const PooledContextRef = builder.objectRef<PooledContext>('PooledContext').implement({
  description:
    'TEST of all folds with neighbours, each fold’s patches read by the step and called at the threshold that its own VALIDATION chose.',
  fields: (t) => ({
    radii: t.intList({
      description: 'How far each fold looks, in patch sides; 0 is off.',
      resolve: ({ steps }) => steps.map(({ radius }) => radius),
    }),
    foldsLeftOut: t.exposeInt('foldsLeftOut', {
      description: 'Folds that have nothing to say, and are in neither figure.',
    }),
    patients: t.exposeInt('patients', { description: 'Patients with a context.' }),
    patches: t.exposeInt('patches', { description: 'Patches with a context.' }),
    gains: t.field({
      type: [ContextGainRef],
      description: 'What the neighbours change, metric by metric, paired on the same patches, by patient.',
      args: {
        names: t.arg.stringList({
          extensions: typed('word'),
          description: 'Only these metrics; all when left out.',
        }),
      },
      resolve: ({ gains }, args) => gains.filter(({ metric }) => args.names?.includes(metric) ?? true),
    }),
    caution: t.exposeString('caution', {
      nullable: true,
      description: 'Why intervals and verdicts need caution (few patients), as a sentence; null if not.',
    }),
  }),
});

builder.prismaObjectFields(SweepOpeningRef, (t) => ({
  context: t.field({
    type: PooledContextRef,
    nullable: true,
    description: 'The same with neighbours; null where no fold has anything to say.',
    resolve: ({ sweepId }, _args, context) => readPooledContext(context, sweepId),
  }),
  contextSilence: t.string({
    nullable: true,
    description: 'Why `context` is null, as a sentence; null where it is not.',
    resolve: async ({ sweepId }, _args, context) =>
      (await readPooledContext(context, sweepId)) ? null : NOTHING_TO_SAY,
  }),
}));
