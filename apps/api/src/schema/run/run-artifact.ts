/** The files of a run, its attempts. Predictions of a sealed TEST are named here but have no address. */
import { builder } from '../../graphql/builder.ts';

builder.prismaObject('RunArtifact', {
  description: 'A file of a run, kept by content hash.',
  fields: (t) => ({
    role: t.exposeString('role', {
      description:
        'MODEL_JSON, MODEL_WEIGHTS, MODEL_ONNX, PREDICTIONS_VALIDATION, PREDICTIONS_TEST or CHECKPOINT_….',
    }),
    hash: t.exposeString('artifactHash', { description: 'SHA-256 of its bytes, hexadecimal.' }),
    bytes: t.field({
      type: 'BigInt',
      description: 'Its size.',
      select: { artifact: { select: { bytes: true } } },
      resolve: ({ artifact }) => artifact.bytes,
    }),
    mediaType: t.string({
      description: 'Its media type.',
      select: { artifact: { select: { mediaType: true } } },
      resolve: ({ artifact }) => artifact.mediaType,
    }),
    url: t.string({
      nullable: true,
      description: 'Path below the API’s address; null for predictions of a sealed TEST.',
      select: { run: { select: { testOpening: { select: { runId: true } } } } },
      resolve: ({ role, artifactHash, run }) =>
        role === 'PREDICTIONS_TEST' && run.testOpening === null ? null : `/artifacts/${artifactHash}`,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the run got it.' }),
  }),
});

builder.prismaObject('RunAttempt', {
  description: 'One try of a worker at a run.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Number, from 1.' }),
    workerId: t.exposeString('workerId', { description: 'The worker.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    heartbeatAt: t.expose('heartbeatAt', {
      type: 'DateTime',
      description: 'When the worker last sent a heartbeat.',
    }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    epochsAdded: t.exposeInt('epochsAdded', { description: 'Epochs that it added.' }),
    outcome: t.exposeString('outcome', {
      nullable: true,
      description: 'SUCCEEDED, FAILED, CANCELED, LOST or HANDED_OVER; null while it lasts.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'What went wrong, as a sentence.' }),
  }),
});
