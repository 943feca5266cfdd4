/** One run: what was asked for, where it stands, what came out. Its lists and changes have files of their own, next to this one. */
import { judgeLearning } from '@microtome/domain/evaluation/learning';
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import { builder } from '../../graphql/builder.ts';
import { MAX_PAGE_SIZE } from '../../graphql/page-size.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunOriginEnum, RunStatusEnum, SubsetEnum } from '../enums.ts';
import { LearningRef } from '../evaluation/learning.ts';
import { MetricSeriesRef } from './metric.ts';
import { RunEventRef } from './run-event.ts';
import { RunSlideRef } from './run-slide.ts';

const MODEL_FILES = {
  artifacts: { where: { role: { in: ['MODEL_JSON', 'MODEL_ONNX'] } }, select: { role: true } },
};

/** One way to read them, so that a list that shows several things of them reads them once. */
const EVALUATIONS = { orderBy: { subset: 'desc' } } as const;

export const RunRef = builder.prismaObject('Run', {
  description:
    'One training of one set of hyperparameters on one split, by a worker of ours or recorded by an external program.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Name.' }),
    origin: t.expose('origin', {
      type: RunOriginEnum,
      description: 'Who records it. An EXTERNAL run may lack what its program does not tell.',
    }),
    notes: t.exposeString('notes', { description: 'Free notes; may be empty.' }),
    tags: t.exposeStringList('tags', { description: 'Tags.' }),
    experiment: t.relation('experiment', { description: 'The experiment that it belongs to.' }),
    dataset: t.prismaField({
      type: 'Dataset',
      nullable: true,
      description: 'The dataset that it trains on; null where an external program names none.',
      select: (_args, _context, nestedSelection) => ({
        experiment: { select: { dataset: nestedSelection(true) } },
        datasetId: true,
      }),
      resolve: (_query, { datasetId, experiment }) => (datasetId ? experiment.dataset : null),
    }),
    split: t.relation('split', {
      nullable: true,
      description: 'The split that it trains on; null where an external program names none.',
    }),
    sweep: t.relation('sweep', { nullable: true, description: 'The sweep that launched it, if one did.' }),
    sweepRung: t.exposeInt('sweepRung', {
      nullable: true,
      description: 'Its rung in a HALVING sweep, from 0; 0 in other sweeps.',
    }),
    sweepPlace: t.exposeInt('sweepPlace', {
      nullable: true,
      description: 'Place of its setting within the sweep, from 0; of a cross-validation its fold.',
    }),
    architecture: t.exposeString('architecture', {
      description: 'Name of the network; of an EXTERNAL run as its program calls it, or empty.',
    }),
    hyperparameters: t.expose('hyperparameters', {
      type: 'JSON',
      description: 'Every hyperparameter, defaults filled in; of an EXTERNAL run what its program tells.',
    }),
    seed: t.expose('seed', {
      type: 'BigInt',
      nullable: true,
      description: 'Seed of weights, order, augmentation and dropout; null where none is told.',
    }),
    parameters: t.exposeInt('parameters', {
      nullable: true,
      description: 'Weights of the network; null where none are told.',
    }),
    multiplyAdds: t.expose('multiplyAdds', {
      type: 'BigInt',
      nullable: true,
      description: 'Multiply-adds for one patch; null where none are told.',
    }),
  }),
});

builder.prismaObjectFields(RunRef, (t) => ({
  status: t.expose('status', { type: RunStatusEnum, description: 'Where it stands.' }),
  priority: t.exposeInt('priority', { description: 'Place in the queue: larger comes first.' }),
  requestedBackend: t.exposeString('requestedBackend', { description: 'The backend asked for, or auto.' }),
  attempt: t.exposeInt('attempt', { description: 'Number of the newest attempt; 0 before the first.' }),
  emptyAttempts: t.exposeInt('emptyAttempts', { description: 'Attempts in a row that added no epoch.' }),
  epochs: t.int({
    nullable: true,
    description: 'Epochs asked for; null where none are told.',
    resolve: ({ hyperparameters: { epochs } }) =>
      typeof epochs === 'number' && Number.isInteger(epochs) ? epochs : null,
  }),
  epochsDone: t.exposeInt('epochsDone', { description: 'Epochs that are done and kept.' }),
  bestEpoch: t.exposeInt('bestEpoch', {
    nullable: true,
    description: 'The epoch whose weights were kept, from 1.',
  }),
  backend: t.exposeString('backend', { nullable: true, description: 'The backend that trains it.' }),
  device: t.exposeString('device', { nullable: true, description: 'The device that trains it.' }),
  versions: t.expose('versions', {
    type: 'JSON',
    nullable: true,
    description: 'Versions of what trains it.',
  }),
  trainPatchesPerSecond: t.exposeFloat('trainPatchesPerSecond', {
    nullable: true,
    description: 'Training patches a second, data included, validation and the first compilation left out.',
  }),
  peakMemoryBytes: t.expose('peakMemoryBytes', {
    type: 'BigInt',
    nullable: true,
    description: 'Largest memory of the trainer.',
  }),
  threshold: t.exposeFloat('threshold', {
    nullable: true,
    description: 'The positive class is called at this probability or above; chosen on VALIDATION.',
  }),
  temperature: t.exposeFloat('temperature', {
    nullable: true,
    description: 'Calibration temperature; 1 is none.',
  }),
  error: t.exposeString('error', { nullable: true, description: 'Why it failed, as a sentence.' }),
}));

builder.prismaObjectFields(RunRef, (t) => ({
  cancelRequestedAt: t.expose('cancelRequestedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When its cancel was requested.',
  }),
  archivedAt: t.expose('archivedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When it was archived.',
  }),
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was launched.' }),
  startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it first ran.' }),
  finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it settled.' }),
  unsafe: t.boolean({
    description:
      'True when its split is by patch, so that patients lie on several sides, or failed its leakage audit: it can never be promoted.',
    select: { splitKind: true, split: { select: { audit: true } } },
    resolve: ({ splitKind, split }) =>
      splitKind !== null && isUnsafeSplit({ kind: splitKind, audit: split?.audit ?? null }),
  }),
  predictionsUrl: t.string({
    description: 'Path of the predictions as CSV below the API’s address; TEST is in it only once opened.',
    resolve: ({ id }) => `/runs/${id}/predictions.csv`,
  }),
  lastSeq: t.exposeInt('lastSeq', { description: 'Number of the newest event.' }),
}));

builder.prismaObjectFields(RunRef, (t) => ({
  metrics: t.field({
    type: [MetricSeriesRef],
    description: 'Its series of numbers, by name.',
    args: {
      names: t.arg.stringList({ extensions: typed('search'), description: 'Only these; all when left out.' }),
    },
    resolve: async ({ id }, { names }, { loaders }) =>
      (await loaders.seriesOfRun.load({ runId: id, names: names ?? null })) ?? [],
  }),
  latestMetric: t.float({
    nullable: true,
    description: 'The newest number of one series; null when there is none.',
    args: {
      name: t.arg.string({
        extensions: typed('search'),
        required: true,
        description: 'Name of the series, e.g. validation.auc.',
      }),
    },
    resolve: async ({ id }, { name }, { loaders }) =>
      (await loaders.latestMetric.load({ runId: id, name })) ?? null,
  }),
  events: t.field({
    type: [RunEventRef],
    description: 'Its numbered facts, oldest first.',
    args: {
      after: t.arg.int({ defaultValue: 0, required: true, description: 'Only events with a larger number.' }),
      first: t.arg.int({
        defaultValue: 200,
        required: true,
        description: `How many, at most ${MAX_PAGE_SIZE}.`,
      }),
      last: t.arg.int({ description: `The newest so many in place of the first, at most ${MAX_PAGE_SIZE}.` }),
    },
    select: { lastSeq: true },
    resolve: async ({ id, lastSeq }, { after, first, last }, { loaders }) => {
      const afterSeq = last == null ? after : Math.max(after, lastSeq - last);
      return (await loaders.eventsOfRun.load({ runId: id, afterSeq, limit: last ?? first })) ?? [];
    },
  }),
  progress: t.relation('progress', { nullable: true, description: 'What its worker is doing now.' }),
}));

builder.prismaObjectFields(RunRef, (t) => ({
  evaluations: t.relation('evaluations', {
    description: 'Its metrics on each subset. TEST is absent until it is opened.',
    query: EVALUATIONS,
  }),
  learning: t.field({
    type: LearningRef,
    nullable: true,
    description: 'Whether it has learned anything, by VALIDATION; null before it is evaluated.',
    select: {
      evaluations: EVALUATIONS,
      experiment: { select: { dataset: { select: { unit: true } } } },
    },
    resolve: ({ evaluations, experiment }) => {
      const evaluation = evaluations.find(({ subset }) => subset === 'VALIDATION');
      const { dataset } = experiment;
      return evaluation && dataset ? judgeLearning({ ...evaluation, unit: dataset.unit }) : null;
    },
  }),
  testOpening: t.relation('testOpening', {
    nullable: true,
    description: 'Who opened TEST; null while sealed.',
  }),
  testSealed: t.boolean({
    description: 'True until TEST is opened for this run.',
    select: { testOpening: { select: { runId: true } } },
    resolve: ({ testOpening }) => testOpening === null,
  }),
}));

builder.prismaObjectFields(RunRef, (t) => ({
  artifacts: t.relation('artifacts', {
    description: 'Its files, by role.',
    query: { orderBy: { role: 'asc' } },
  }),
  modelUrl: t.string({
    nullable: true,
    description: 'Path of the TensorFlow.js layers model below the API’s address; null before there is one.',
    select: MODEL_FILES,
    resolve: ({ id, artifacts }) =>
      artifacts.some(({ role }) => role === 'MODEL_JSON') ? `/runs/${id}/model/model.json` : null,
  }),
  onnxUrl: t.string({
    nullable: true,
    description:
      'Path of the model as a standard ONNX file (raw RGB in, probability out); null where there is none.',
    select: MODEL_FILES,
    resolve: ({ id, artifacts }) =>
      artifacts.some(({ role }) => role === 'MODEL_ONNX') ? `/runs/${id}/model/model.onnx` : null,
  }),
  slides: t.field({
    type: [RunSlideRef],
    description:
      'The slides of its dataset with their side and what the run says about them, by patient key.',
    args: { subset: t.arg({ type: SubsetEnum, description: 'Only slides of this side.' }) },
    resolve: async (run, { subset }, { loaders }) => {
      const slides = (await loaders.slidesOfRun.load(run)) ?? [];
      return subset ? slides.filter((slide) => slide.subset === subset) : slides;
    },
  }),
  attempts: t.relation('attempts', {
    description: 'Its attempts, first to last.',
    query: { orderBy: { number: 'asc' } },
  }),
  modelVersions: t.relation('versionsOf', { description: 'The model versions made from it.' }),
}));
