/** What the neighbours of patches add to a run on one subset. */
import type { ContextEvaluation } from '@microtome/domain/context/context-evaluation';
import { readContext } from '../../evaluation/context-reading.ts';
import { listFigures } from '../../evaluation/list-figures.ts';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { EvaluationRef } from './evaluation.ts';
import { EvaluationFigureRef } from './evaluation-figures.ts';

const names = {
  extensions: typed('word'),
  description: 'Only these metrics; all when left out.',
};

const ContextEvaluationRef = builder.objectRef<ContextEvaluation>('ContextEvaluation').implement({
  description:
    'What is gained by reading a patch together with its neighbours on the same slide. How that is done is chosen on VALIDATION, by its unit.',
  fields: (t) => ({
    radius: t.int({
      description:
        'How far it looks, in patch sides, 0 to 4; 0: neighbours did not help on VALIDATION, and it is off.',
      resolve: ({ step }) => step.radius,
    }),
    weight: t.float({
      description: 'Share of the neighbourhood’s mean logit, 0 to 1; the rest is the patch’s own.',
      resolve: ({ step }) => step.weight,
    }),
    temperature: t.float({
      description: 'Calibration temperature of the probability in context; 1 is none.',
      resolve: ({ step }) => step.temperature,
    }),
    threshold: t.float({
      description: 'The positive class is called at this probability in context or above.',
      resolve: ({ step }) => step.threshold,
    }),
    patches: t.int({ description: 'Patches with a context.', resolve: ({ own }) => own.patches }),
    leftOut: t.exposeInt('leftOut', {
      description:
        'Patches without: those without a place, and of slides where fewer than half have a neighbour.',
    }),
    auc: t.float({
      nullable: true,
      description: 'AUC of the patches with a context, by their own probability.',
      resolve: ({ own }) => own.auc,
    }),
    contextAuc: t.float({
      nullable: true,
      description: 'AUC of the same patches, by the probability in context.',
      resolve: ({ inContext }) => inContext.auc,
    }),
    ownFigures: t.field({
      type: [EvaluationFigureRef],
      description: 'Figures of the same patches by their own probability; undefined ones are left out.',
      args: { names: t.arg.stringList(names) },
      resolve: ({ own }, args) => listFigures(own, args),
    }),
    figures: t.field({
      type: [EvaluationFigureRef],
      description: 'Figures by the probability in context; undefined ones are left out.',
      args: { names: t.arg.stringList(names) },
      resolve: ({ inContext }, args) => listFigures(inContext, args),
    }),
  }),
});

builder.prismaObjectField(EvaluationRef, 'context', (t) =>
  t.field({
    type: ContextEvaluationRef,
    nullable: true,
    description:
      'The same with neighbours. Null where there is nothing to say: the source tells no places, or hardly any patch has a neighbour.',
    resolve: (evaluation, _args, context) => readContext(context, evaluation),
  }),
);
