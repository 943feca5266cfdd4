/** What the neighbours of patches add to a run on one subset, and in an exam. */
import {
  type ContextEvaluation,
  type ContextGain,
  NOTHING_TO_SAY,
} from '@microtome/domain/context/context-evaluation';
import { titleMetric } from '@microtome/domain/metrics/metric';
import { readContext, readExamContext } from '../../evaluation/context-reading.ts';
import { listFigures } from '../../evaluation/list-figures.ts';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { DifferenceVerdictKindEnum } from '../enums.ts';
import { ExternalEvaluationRef } from '../external-evaluation/external-evaluation.ts';
import { EvaluationRef } from './evaluation.ts';
import { EvaluationFigureRef } from './evaluation-figures.ts';

const names = {
  extensions: typed('word'),
  description: 'Only these metrics; all when left out.',
};

export const ContextGainRef = builder.objectRef<ContextGain>('ContextGain').implement({
  description: 'One metric of the same patches by the probability in context and by their own, paired.',
  fields: (t) => ({
    metric: t.exposeString('metric', { description: 'Name of the metric, e.g. auc or macro.auc.' }),
    title: t.string({ description: 'What it is called.', resolve: ({ metric }) => titleMetric(metric) }),
    inContext: t.exposeFloat('a', { description: 'By the probability in context.' }),
    own: t.exposeFloat('b', { description: 'By the patch’s own.' }),
    difference: t.exposeFloat('difference', { description: 'In context minus own.' }),
    low: t.float({
      nullable: true,
      description: 'Lower end of the 95 % interval of the difference, by patient.',
      resolve: ({ interval }) => interval?.[0] ?? null,
    }),
    high: t.float({
      nullable: true,
      description: 'Upper end of the 95 % interval of the difference, by patient.',
      resolve: ({ interval }) => interval?.[1] ?? null,
    }),
    pValue: t.exposeFloat('pValue', { nullable: true, description: 'Two-sided p-value by the same draws.' }),
    adjustedP: t.exposeFloat('adjustedP', {
      nullable: true,
      description: 'After Holm over all metrics; AUC is judged without it, as a question fixed beforehand.',
    }),
    kind: t.field({
      type: DifferenceVerdictKindEnum,
      description: 'What the difference allows one to say.',
      resolve: ({ verdict }) => verdict.kind,
    }),
    verdict: t.string({
      description: 'The same in words. On VALIDATION, where the step was chosen, a gain says so.',
      resolve: ({ verdict }) => verdict.text,
    }),
  }),
});

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
    patches: t.int({ description: 'Patches with a context.', resolve: ({ own }) => own.metrics.patches }),
    patients: t.int({ description: 'Their patients.', resolve: ({ own }) => own.metrics.patients }),
    leftOut: t.exposeInt('leftOut', {
      description:
        'Patches without: those without a place, and of slides where fewer than half have a neighbour.',
    }),
    auc: t.float({
      nullable: true,
      description: 'AUC of the patches with a context, by their own probability.',
      resolve: ({ own }) => own.metrics.auc,
    }),
    contextAuc: t.float({
      nullable: true,
      description: 'AUC of the same patches, by the probability in context.',
      resolve: ({ inContext }) => inContext.metrics.auc,
    }),
  }),
});

builder.objectFields(ContextEvaluationRef, (t) => ({
  ownFigures: t.field({
    type: [EvaluationFigureRef],
    description:
      'Figures of the same patches by their own probability, with intervals; undefined ones are left out.',
    args: { names: t.arg.stringList(names) },
    resolve: ({ own: { metrics, intervals } }, args) => listFigures(metrics, { intervals, ...args }),
  }),
  figures: t.field({
    type: [EvaluationFigureRef],
    description: 'Figures by the probability in context, with intervals; undefined ones are left out.',
    args: { names: t.arg.stringList(names) },
    resolve: ({ inContext: { metrics, intervals } }, args) => listFigures(metrics, { intervals, ...args }),
  }),
  gains: t.field({
    type: [ContextGainRef],
    description: 'What the neighbours change, metric by metric, paired on the same patches, by patient.',
    args: { names: t.arg.stringList(names) },
    resolve: ({ gains }, args) => gains.filter(({ metric }) => args.names?.includes(metric) ?? true),
  }),
  caution: t.exposeString('caution', {
    nullable: true,
    description: 'Why intervals and verdicts need caution (few patients), as a sentence; null if not.',
  }),
}));

builder.prismaObjectField(EvaluationRef, 'context', (t) =>
  t.field({
    type: ContextEvaluationRef,
    nullable: true,
    description:
      'The same with neighbours. Null where there is nothing to say: the source tells no places, or hardly any patch has a neighbour.',
    resolve: (evaluation, _args, context) => readContext(context, evaluation),
  }),
);

builder.prismaObjectField(EvaluationRef, 'contextSilence', (t) =>
  t.string({
    nullable: true,
    description: 'Why `context` is null, as a sentence; null where it is not.',
    resolve: async (evaluation, _args, context) =>
      (await readContext(context, evaluation)) ? null : NOTHING_TO_SAY,
  }),
);

builder.prismaObjectFields(ExternalEvaluationRef, (t) => ({
  context: t.field({
    type: ContextEvaluationRef,
    nullable: true,
    description:
      'The same with neighbours, by the step that the run’s VALIDATION froze. Null where there is nothing to say, and without figures.',
    resolve: (exam, _args, context) => readExamContext(context, exam),
  }),
  contextSilence: t.string({
    nullable: true,
    description:
      'Why `context` is null though the exam has figures, as a sentence; null where it is not, and without figures.',
    resolve: async (exam, _args, context) =>
      !exam.metrics || (await readExamContext(context, exam)) ? null : NOTHING_TO_SAY,
  }),
}));
