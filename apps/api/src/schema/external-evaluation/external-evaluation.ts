/** A model put to the test on another dataset: asking for it, its progress, its figures next to those at home. */
import { AppError } from '@microtome/domain/app-error';
import { EXTERNAL_EVALUATION_STATUSES } from '@microtome/domain/external-evaluation/external-evaluation-status';
import { compareExternalEvaluations } from '@microtome/store/external-evaluation/compare-external-evaluations';
import { requestExternalEvaluation } from '@microtome/store/external-evaluation/request-external-evaluation';
import type { Store } from '@microtome/store/store';
import {
  describeExternalEvaluation,
  describeHome,
  exploreExternally,
  type HomeFigures,
} from '../../evaluation/external-picture.ts';
import { builder } from '../../graphql/builder.ts';
import { isRecordId, parseRecordId } from '../../graphql/record-id.ts';
import { PairedMetricRef, PairTestsRef } from '../comparison/paired-comparison.ts';
import { SubsetEnum } from '../enums.ts';
import {
  ConfusionRef,
  CurvePointRef,
  OperatingPointRef,
  PatientEvaluationRef,
  ReliabilityBinRef,
} from '../evaluation/evaluation.ts';
import { ModelVersionRef } from '../model/model.ts';
import { RunRef } from '../run/run.ts';

const ExternalEvaluationStatusEnum = builder.enumType('ExternalEvaluationStatus', {
  description: 'Where an external evaluation stands.',
  values: EXTERNAL_EVALUATION_STATUSES,
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
      description: 'Metric → [low, high], 95 %, by patient.',
    }),
  }),
});

const ExternalEvaluationRef = builder.prismaObject('ExternalEvaluation', {
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
    status: t.expose('status', { type: ExternalEvaluationStatusEnum, description: 'Where it stands.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed or began again.' }),
    attempt: t.exposeInt('attempt', { description: 'Number of the newest attempt; 0 before the first.' }),
    patchesDone: t.exposeInt('patchesDone', { description: 'Patches predicted so far.' }),
    patchesTotal: t.exposeInt('patchesTotal', { description: 'All of them; 0 before they are known.' }),
    backend: t.exposeString('backend', { nullable: true, description: 'What it was computed on.' }),
    threshold: t.exposeFloat('threshold', { description: 'The run’s, chosen on its VALIDATION.' }),
    metrics: t.expose('metrics', {
      type: 'JSON',
      nullable: true,
      description:
        'Metric → value; null where undefined. calibrationIntercept: 0 is right, below 0 probabilities are too high. calibrationSlope: 1 is right, below 1 they are too extreme.',
    }),
    intervals: t.expose('intervals', {
      type: 'JSON',
      nullable: true,
      description: 'Metric → [low, high], 95 %, by patient.',
    }),
    draws: t.exposeInt('draws', { nullable: true, description: 'Bootstrap draws behind the intervals.' }),
    requestedBy: t.exposeString('requestedBy', { description: 'Who asked for it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
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
  roc: t.field({
    type: [CurvePointRef],
    description: 'The ROC curve, thinned to what a picture shows.',
    resolve: async (evaluation, _args, context) =>
      (await describeExternalEvaluation(context, evaluation))?.roc ?? [],
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

type Comparison = Awaited<ReturnType<typeof compareExternalEvaluations>>;

const ExternalComparisonRef = builder.objectRef<Comparison>('ExternalComparison').implement({
  description: 'Two models on the same patches of the same exam, each at its own threshold.',
  fields: (t) => ({
    a: t.field({ type: RunRef, description: 'The first run.', resolve: ({ a }) => a }),
    b: t.field({ type: RunRef, description: 'The second run.', resolve: ({ b }) => b }),
    sharedPatients: t.exposeInt('sharedPatients', { description: 'Patients that both predicted.' }),
    patches: t.exposeInt('patches', { description: 'Patches that both predicted.' }),
    draws: t.exposeInt('draws', { description: 'Paired bootstrap draws of whole patients.' }),
    metrics: t.field({
      type: [PairedMetricRef],
      description: 'The metrics with their paired differences.',
      resolve: ({ metrics }) => metrics,
    }),
    tests: t.field({
      type: PairTestsRef,
      nullable: true,
      description: 'Tests by patient.',
      resolve: ({ tests }) => tests,
    }),
    caution: t.exposeString('caution', {
      nullable: true,
      description: 'Why intervals and p-values need caution (few patients), as a sentence; null if not.',
    }),
  }),
});

builder.queryFields((t) => ({
  externalEvaluation: t.prismaField({
    type: ExternalEvaluationRef,
    nullable: true,
    description: 'One external evaluation; null when there is none.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (query, _root, { id }, { store }) =>
      isRecordId(id)
        ? store.database.prisma.externalEvaluation.findUnique({ ...query, where: { id } })
        : null,
  }),
  compareExternalEvaluations: t.field({
    type: ExternalComparisonRef,
    description: 'Compares two models that were put to the same test, paired, by patient.',
    args: {
      idA: t.arg.id({ required: true, description: 'External evaluation of the first model.' }),
      idB: t.arg.id({ required: true, description: 'That of the second one, on the same dataset and task.' }),
    },
    resolve: (_root, { idA, idB }, { store, pairs }) =>
      compareExternalEvaluations(
        store,
        {
          idA: parseRecordId(idA, 'external evaluation'),
          idB: parseRecordId(idB, 'external evaluation'),
        },
        pairs,
      ),
  }),
}));

const EvaluateModelInput = builder.inputType('EvaluateModelInput', {
  description: 'A model and its exam. Give a run that succeeded or a version of a model.',
  fields: (t) => ({
    runId: t.id({ description: 'The run; or give `versionId`.' }),
    versionId: t.id({ description: 'The model version; or give `runId`.' }),
    datasetId: t.id({ required: true, description: 'The dataset that is the exam.' }),
    taskId: t.id({
      description:
        'A task of that dataset with the same sides: the same class names, or the same name of the positive side. Without one there are predictions alone.',
    }),
    requestedBy: t.string({ description: 'Who; "unknown" when left out.' }),
  }),
});

builder.mutationField('evaluateModel', (t) =>
  t.field({
    type: ExternalEvaluationRef,
    description:
      'Puts a model to the test on another dataset; a worker does it. Refused where the model was trained or tuned on patients or pixels of it. Asked for again, gives the one that is there.',
    args: { input: t.arg({ type: EvaluateModelInput, required: true, description: 'Model and exam.' }) },
    resolve: async (_root, { input }, { store }) =>
      requestExternalEvaluation(store, {
        runId: await findRunId(store, input),
        datasetId: parseRecordId(input.datasetId, 'dataset'),
        taskId: input.taskId ? parseRecordId(input.taskId, 'task') : null,
        requestedBy: input.requestedBy ?? undefined,
      }),
  }),
);

async function findRunId(
  store: Store,
  { runId, versionId }: { runId?: string | null; versionId?: string | null },
): Promise<string> {
  if (runId && !versionId) return parseRecordId(runId, 'run');
  if (!versionId || runId) throw new AppError('BAD_INPUT', 'Give either a run or a model version.');
  const id = parseRecordId(versionId, 'model version');
  const version = await store.database.prisma.modelVersion.findUnique({ where: { id } });
  if (!version) throw new AppError('NOT_FOUND', `There is no model version ${id}.`);
  return version.runId;
}
