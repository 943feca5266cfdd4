/** A model put to the test on another dataset: its progress, its figures next to those at home, and its slides. */
import type { ExternalEvaluationStatus } from '@microtome/domain/external-evaluation/external-evaluation-status';
import { listRivals } from '@microtome/store/external-evaluation/external-evaluations';
import { inProjects } from '../../access/access.ts';
import {
  describeExternalEvaluation,
  describeExternalSites,
  describeHome,
  exploreExternally,
  type HomeFigures,
} from '../../evaluation/external-picture.ts';
import { builder } from '../../graphql/builder.ts';
import { findNewest } from '../../graphql/find-named.ts';
import { typed } from '../../graphql/typed-text.ts';
import { listExternalSlides } from '../../tissue/run-slides.ts';
import { SubsetEnum } from '../enums.ts';
import {
  ConfusionRef,
  CurvePointRef,
  OperatingPointRef,
  PatientEvaluationRef,
  ReliabilityBinRef,
  SiteEvaluationRef,
} from '../evaluation/evaluation.ts';
import { ModelVersionRef } from '../model/model.ts';
import { RunRef } from '../run/run.ts';
import { RunSlideRef } from '../run/run-slide.ts';

const ExternalEvaluationStatusEnum = builder.enumType('ExternalEvaluationStatus', {
  description: 'Where an external evaluation stands.',
  values: {
    QUEUED: { description: 'It waits for a worker.' },
    RUNNING: { description: 'A worker predicts.' },
    SUCCEEDED: { description: 'Its predictions are there, and with a task its figures.' },
    FAILED: { description: 'It was given up; asked for again, it waits once more.' },
    CANCELED: { description: 'A person canceled it; asked for again, it waits once more.' },
  } satisfies Record<ExternalEvaluationStatus, { description: string }>,
});

const HomeFiguresRef = builder.objectRef<HomeFigures>('HomeFigures').implement({
  description: 'What the same run shows on patients of its own dataset.',
  fields: (t) => ({
    subset: t.expose('subset', {
      type: SubsetEnum,
      description: 'TEST where it was opened, else VALIDATION.',
    }),
    metrics: t.expose('metrics', {
      type: 'JSON',
      description: 'Metric → value; null where undefined. With calibrationIntercept and calibrationSlope.',
    }),
    intervals: t.expose('intervals', {
      type: 'JSON',
      description: 'Metric → [low, high], 95 %, by the unit of its dataset.',
    }),
  }),
});

export const ExternalEvaluationRef = builder.prismaObject('ExternalEvaluation', {
  description:
    'A model on patients of another dataset, none of whom it was trained or tuned on, at the threshold that it brought along.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    run: t.relation('run', { description: 'The run whose model it is.' }),
    dataset: t.relation('dataset', { description: 'The dataset that is the exam.' }),
    task: t.relation('task', {
      nullable: true,
      description: 'What its labels mean; null without labels, when there are predictions alone.',
    }),
    askedSites: t.exposeStringList('sites', {
      description: 'The sites of the dataset that are the exam, by name; empty for all of it.',
    }),
    status: t.expose('status', { type: ExternalEvaluationStatusEnum, description: 'Where it stands.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed or began again.' }),
    attempt: t.exposeInt('attempt', { description: 'Number of the newest attempt; 0 before the first.' }),
    patchesDone: t.exposeInt('patchesDone', { description: 'Patches predicted so far.' }),
    patchesTotal: t.exposeInt('patchesTotal', { description: 'All of them; 0 before they are known.' }),
    backend: t.exposeString('backend', { nullable: true, description: 'What it was computed on.' }),
    threshold: t.exposeFloat('threshold', { description: 'The run’s, chosen on its VALIDATION.' }),
    metrics: t.expose('metrics', {
      type: 'JSON',
      deprecationReason: 'Read `figures`, which has types.',
      nullable: true,
      description:
        'Metric → value; null where undefined. calibrationIntercept: 0 is right, below 0 probabilities are too high. calibrationSlope: 1 is right, below 1 they are too extreme.',
    }),
    intervals: t.expose('intervals', {
      type: 'JSON',
      deprecationReason: 'Read `figures`, which has types.',
      nullable: true,
      description: 'Metric → [low, high], 95 %, by the unit of the dataset.',
    }),
    draws: t.exposeInt('draws', { nullable: true, description: 'Bootstrap draws behind the intervals.' }),
    requestedBy: t.exposeString('requestedBy', { description: 'Who asked for it.' }),
    sidesConfirmed: t.exposeBoolean('sidesConfirmed', {
      description:
        'Whether a person confirmed that the sides mean the same at home and here, where the names of the classes do not tell.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    cancelRequestedAt: t.expose('cancelRequestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When canceling was asked for; null if it was not.',
    }),
  }),
});

builder.prismaObjectFields(ExternalEvaluationRef, (t) => ({
  confusion: t.field({
    type: ConfusionRef,
    nullable: true,
    description: 'Calls at the threshold.',
    resolve: ({ metrics }) => metrics?.confusion ?? null,
  }),
  home: t.field({
    type: HomeFiguresRef,
    nullable: true,
    description: 'The figures at home, to stand next to these.',
    resolve: (evaluation, _args, context) => describeHome(context, evaluation),
  }),
  operatingPoints: t.field({
    type: [OperatingPointRef],
    description:
      'What other thresholds would have given. Exploratory: chosen with the exam’s own labels. Its rules choose on the exam.',
    resolve: (evaluation, _args, context) => exploreExternally(context, evaluation),
  }),
  rivals: t.field({
    type: [ExternalEvaluationRef],
    description: 'Other models that were put to the same test and have their figures, newest first.',
    resolve: (evaluation, _args, { store }) => listRivals(store, evaluation),
  }),
  sites: t.field({
    type: [SiteEvaluationRef],
    description: 'The metrics of each site, at the same threshold; empty where the source tells none.',
    resolve: (evaluation, _args, context) => describeExternalSites(context, evaluation),
  }),
  slides: t.field({
    type: [RunSlideRef],
    description:
      'The slides of the exam under the probabilities of the model, by patient; without labels too.',
    resolve: (evaluation, _args, context) => listExternalSlides(context, evaluation),
  }),
  roc: t.field({
    type: [CurvePointRef],
    description: 'The ROC curve, thinned to what a picture shows.',
    resolve: async (evaluation, _args, context) =>
      (await describeExternalEvaluation(context, evaluation))?.roc ?? [],
  }),
  pr: t.field({
    type: [CurvePointRef],
    description: 'The precision-recall curve, thinned to what a picture shows.',
    resolve: async (evaluation, _args, context) =>
      (await describeExternalEvaluation(context, evaluation))?.pr ?? [],
  }),
  reliability: t.field({
    type: [ReliabilityBinRef],
    description: 'Calibration by bins of probability.',
    resolve: async (evaluation, _args, context) =>
      (await describeExternalEvaluation(context, evaluation))?.reliability ?? [],
  }),
  patients: t.field({
    type: [PatientEvaluationRef],
    description: 'The metrics of each patient.',
    resolve: async (evaluation, _args, context) =>
      (await describeExternalEvaluation(context, evaluation))?.patients ?? [],
  }),
}));

builder.prismaObjectField(RunRef, 'externalEvaluations', (t) =>
  t.relation('externalEvaluations', {
    description: 'Its model on other datasets, newest first.',
    query: { orderBy: { createdAt: 'desc' } },
  }),
);

builder.prismaObjectField(ModelVersionRef, 'externalEvaluations', (t) =>
  t.field({
    type: [ExternalEvaluationRef],
    description: 'The version on other datasets, newest first.',
    select: { run: { select: { externalEvaluations: { orderBy: { createdAt: 'desc' } } } } },
    resolve: ({ run }) => run.externalEvaluations,
  }),
);

builder.queryField('externalEvaluation', (t) =>
  t.prismaField({
    type: ExternalEvaluationRef,
    nullable: true,
    description:
      'One external evaluation by id, or the newest of a run on a dataset by their names; null when there is none.',
    args: {
      id: t.arg.id({ description: 'Its id.' }),
      run: t.arg.string({
        extensions: typed('search'),
        description: 'Name of the run whose model was put to the test; used when `id` is left out.',
      }),
      dataset: t.arg.string({
        extensions: typed('search'),
        description: 'Name of the dataset of the test, beside that of the run; any when left out.',
      }),
    },
    resolve: (query, _root, { id, run, dataset }, { store, access }) =>
      findNewest(
        { id, name: run },
        {
          byId: (known) =>
            store.database.prisma.externalEvaluation.findUnique({ ...query, where: { id: known } }),
          byName: (name) =>
            store.database.prisma.externalEvaluation.findFirst({
              ...query,
              where: {
                run: { name, experiment: inProjects(access) },
                ...(dataset ? { dataset: { name: dataset } } : {}),
              },
              orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            }),
        },
      ),
  }),
);
