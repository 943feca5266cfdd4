/** The model of an external program's run: its file, how a worker's check of it stands, and asking for one. */
import { MODEL_CHECK_STATUSES, type ModelSignature } from '@microtome/domain/model-check/model-check';
import {
  cancelModelCheck,
  type ExternalModel,
  findExternalModel,
  requestModelCheck,
} from '@microtome/store/model-check/model-checks';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunRef } from '../run/run.ts';

const ABOUT_STATUS: Record<(typeof MODEL_CHECK_STATUSES)[number], string> = {
  QUEUED: 'It waits for a worker.',
  RUNNING: 'A worker computes the sample.',
  PASSED: 'The file gives the probabilities that were uploaded.',
  FAILED: 'It does not, or could not be run; `error` says why.',
  CANCELED: 'A person canceled it, or the file was replaced.',
};

const ModelCheckStatusEnum = builder.enumType('ModelCheckStatus', {
  description: 'Where the check of a model stands.',
  values: Object.fromEntries(
    MODEL_CHECK_STATUSES.map((status) => [status, { description: ABOUT_STATUS[status] }]),
  ) as Record<(typeof MODEL_CHECK_STATUSES)[number], { description: string }>,
});

const ModelTensorRef = builder.objectRef<ModelSignature['input']>('ModelTensor').implement({
  description: 'What a model takes or gives, as its file says.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name in the file.' }),
    type: t.exposeString('type', { description: 'Type of its numbers: float32, uint8, …' }),
    shape: t.stringList({
      description: 'Its sizes; a word where a size is free.',
      resolve: ({ shape }) => shape.map(String),
    }),
  }),
});

const ModelCheckRef = builder.prismaObject('ModelCheck', {
  description:
    'A worker’s look at the model of an external run: a sample of VALIDATION and TEST computed once more with its file.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    status: t.expose('status', { type: ModelCheckStatusEnum, description: 'Where it stands.' }),
    fileHash: t.exposeString('fileHash', { description: 'SHA-256 of the file that is checked.' }),
    modelInput: t.expose('modelInput', {
      type: 'JSON',
      description: 'How the model is fed and read, completed.',
    }),
    inputTensor: t.field({
      type: ModelTensorRef,
      nullable: true,
      description: 'What the model takes; null before it was loaded.',
      resolve: ({ signature }) => signature?.input ?? null,
    }),
    outputTensor: t.field({
      type: ModelTensorRef,
      nullable: true,
      description: 'What the model gives; null before it was loaded.',
      resolve: ({ signature }) => signature?.output ?? null,
    }),
    patchesDone: t.exposeInt('patchesDone', { description: 'Patches computed so far.' }),
    patchesTotal: t.exposeInt('patchesTotal', {
      description: 'Patches of the sample; 0 before they are known.',
    }),
    maxDifference: t.exposeFloat('maxDifference', {
      nullable: true,
      description: 'The largest difference of a probability to the uploaded one.',
    }),
    tolerance: t.exposeFloat('tolerance', { nullable: true, description: 'The difference that is allowed.' }),
    worstPatch: t.exposeInt('worstPatch', {
      nullable: true,
      description: 'Number of the patch that differs most.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed or began again.' }),
    attempt: t.exposeInt('attempt', { description: 'Number of the newest attempt; 0 before the first.' }),
    workerId: t.exposeString('workerId', {
      nullable: true,
      description: 'The worker of the newest attempt.',
    }),
    requestedBy: t.exposeString('requestedBy', { description: 'Who asked for it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    cancelRequestedAt: t.expose('cancelRequestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When canceling was asked for; null if it was not.',
    }),
  }),
});

const ExternalModelRef = builder.objectRef<ExternalModel & { runId: string }>('ExternalModel').implement({
  description: 'The model of an external run: its file `model.onnx`, and whether anything may be made of it.',
  fields: (t) => ({
    fileHash: t.exposeString('fileHash', {
      nullable: true,
      description: 'SHA-256 of the file; null without one.',
    }),
    url: t.string({
      nullable: true,
      description: 'Path of the file below the API’s address; null without one.',
      resolve: ({ runId, fileHash }) => (fileHash ? `/runs/${runId}/files/model.onnx` : null),
    }),
    refusal: t.string({
      nullable: true,
      description:
        'Why no version and no exam can be made of it yet, as a sentence; null once its very file has passed.',
      resolve: ({ refusal }) => refusal?.message ?? null,
    }),
    check: t.field({
      type: ModelCheckRef,
      nullable: true,
      description: 'The newest check of the run; of a file that has passed, that check.',
      resolve: ({ check }) => check,
    }),
  }),
});

builder.prismaObjectField(RunRef, 'externalModel', (t) =>
  t.field({
    type: ExternalModelRef,
    nullable: true,
    description: 'Set for a run of origin EXTERNAL: its model.',
    resolve: async ({ id, origin }, _args, { store }) =>
      origin === 'EXTERNAL' ? { ...(await findExternalModel(store, id)), runId: id } : null,
  }),
);

const CheckModelInput = builder.inputType('CheckModelInput', {
  description: 'Whose model is checked, and how it is fed.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'An EXTERNAL run with predictions and a file `model.onnx`.' }),
    modelInput: t.field({
      type: 'JSON',
      description:
        'How it is fed and read: layout (NHWC, NCHW), scale, mean, std (by colour: (byte × scale − mean) / std), output (probability, logit), positive (which number of several), outputName (which of several outputs), temperature. As in the check before when left out, else plain bytes as floats in NHWC and one probability.',
    }),
    requestedBy: t.string({ extensions: typed('personName'), description: 'Who; "unknown" when left out.' }),
  }),
});

builder.mutationFields((t) => ({
  checkModel: t.field({
    type: ModelCheckRef,
    description:
      'Has a worker check the model of an EXTERNAL run: its file must give the probabilities that were uploaded, on a sample of VALIDATION and TEST. Asked for again, gives the check that is under way or has passed.',
    args: { input: t.arg({ type: CheckModelInput, required: true, description: 'Run and feeding.' }) },
    resolve: (_root, { input }, { store }) =>
      requestModelCheck(store, {
        runId: parseRecordId(input.runId, 'run'),
        input: input.modelInput ?? undefined,
        requestedBy: input.requestedBy ?? undefined,
      }),
  }),
  cancelModelCheck: t.field({
    type: ModelCheckRef,
    description: 'Cancels the check that is under way: at once while queued, else within seconds.',
    args: { runId: t.arg.id({ required: true, description: 'Id of the run.' }) },
    resolve: (_root, { runId }, { store }) => cancelModelCheck(store, parseRecordId(runId, 'run')),
  }),
}));
