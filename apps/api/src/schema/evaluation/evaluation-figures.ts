/** The figures of evaluations with types, next to the JSON that they replace, and the patients of one page by page. */
import { describeEvaluation } from '../../evaluation/evaluation-picture.ts';
import { type EvaluationFigure, listFigures } from '../../evaluation/list-figures.ts';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SortDirectionEnum } from '../enums.ts';
import { ExternalEvaluationRef } from '../external-evaluation/external-evaluation.ts';
import { SweepOpeningRef } from '../sweep/sweep-opening.ts';
import { EvaluationRef, PatientEvaluationRef, SiteEvaluationRef } from './evaluation.ts';
import { pagePatients } from './page-patients.ts';

export const EvaluationFigureRef = builder.objectRef<EvaluationFigure>('EvaluationFigure').implement({
  description: 'One figure of an evaluation.',
  fields: (t) => ({
    metric: t.exposeString('metric', { description: 'Name of the metric, e.g. auc or macro.auc.' }),
    title: t.exposeString('title', { description: 'What it is called.' }),
    value: t.exposeFloat('value', { description: 'The figure.' }),
    low: t.exposeFloat('low', { nullable: true, description: 'Lower end of its 95 % interval.' }),
    high: t.exposeFloat('high', { nullable: true, description: 'Upper end of its 95 % interval.' }),
  }),
});

const DESCRIPTION = 'Its figures with their intervals; those that are undefined are left out.';
const names = {
  extensions: typed('word'),
  description: 'Only these metrics; all when left out.',
};

builder.prismaObjectField(EvaluationRef, 'figures', (t) =>
  t.field({
    type: [EvaluationFigureRef],
    description: DESCRIPTION,
    args: { names: t.arg.stringList(names) },
    resolve: ({ metrics, intervals }, args) => listFigures(metrics, { intervals, ...args }),
  }),
);

builder.prismaObjectField(ExternalEvaluationRef, 'figures', (t) =>
  t.field({
    type: [EvaluationFigureRef],
    description: `${DESCRIPTION} None before it is done, or without labels.`,
    args: { names: t.arg.stringList(names) },
    resolve: ({ metrics, intervals }, args) => listFigures(metrics, { intervals, ...args }),
  }),
);

builder.prismaObjectField(SweepOpeningRef, 'figures', (t) =>
  t.field({
    type: [EvaluationFigureRef],
    description: DESCRIPTION,
    args: { names: t.arg.stringList(names) },
    resolve: ({ metrics, intervals }, args) => listFigures(metrics, { intervals, ...args }),
  }),
);

builder.objectField(SiteEvaluationRef, 'figures', (t) =>
  t.field({
    type: [EvaluationFigureRef],
    description: DESCRIPTION,
    args: { names: t.arg.stringList(names) },
    resolve: ({ metrics, intervals }, args) => listFigures(metrics, { intervals, ...args }),
  }),
);

builder.objectField(PatientEvaluationRef, 'figures', (t) =>
  t.field({
    type: [EvaluationFigureRef],
    description: 'Its figures; those that one class alone leaves undefined are left out.',
    args: { names: t.arg.stringList(names) },
    resolve: (patient, args) => listFigures(patient, args),
  }),
);

const PatientEvaluationConnection = builder.connectionObject(
  { type: PatientEvaluationRef, name: 'PatientEvaluationConnection', description: 'A page of patients.' },
  { description: 'A patient and its place in the list.' },
);

builder.prismaObjectField(EvaluationRef, 'patientPage', (t) =>
  t.connection(
    {
      type: PatientEvaluationRef,
      description: 'The metrics of each patient in the order of one of them: the worst first, say.',
      args: {
        by: t.arg.string({
          extensions: typed('word'),
          defaultValue: 'accuracy',
          required: true,
          description: 'A metric of patients, or patches, positives, meanProbability, calledShare.',
        }),
        direction: t.arg({
          type: SortDirectionEnum,
          defaultValue: 'ASC' as const,
          required: true,
          description: 'Which end comes first.',
        }),
      },
      resolve: async (evaluation, args, context) =>
        pagePatients((await describeEvaluation(context, evaluation)).patients, args),
    },
    PatientEvaluationConnection,
  ),
);
