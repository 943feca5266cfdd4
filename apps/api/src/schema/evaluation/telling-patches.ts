/** The patches of an evaluation that tell a person most. TEST has no evaluation before it was opened. */
import { AppError } from '@microtome/domain/app-error';
import { TELLING_KINDS, type TellingKind } from '@microtome/domain/evaluation/telling-patches';
import { listTellingPatches, type TellingPatch } from '../../evaluation/telling-patches.ts';
import { builder } from '../../graphql/builder.ts';
import { EvaluationRef } from './evaluation.ts';

const PATCHES_MAX = 60;

const KINDS: Record<TellingKind, { description: string }> = {
  ERROR: { description: 'Called wrong, the most certain first: far from their label.' },
  UNCERTAIN: { description: 'Nearest to the threshold first, right or wrong.' },
};

const TellingKindEnum = builder.enumType('TellingKind', {
  description: 'What makes a patch worth a look.',
  values: Object.fromEntries(TELLING_KINDS.map((kind) => [kind, KINDS[kind]])) as typeof KINDS,
});

const TellingPatchRef = builder.objectRef<TellingPatch>('TellingPatch').implement({
  description: 'A patch with what a run says of it.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Number within the dataset, from 0.' }),
    patientKey: t.exposeString('patientKey', { description: 'Key of the patient.' }),
    slideId: t.exposeID('slideId', { description: 'Id of the slide.' }),
    x: t.exposeInt('x', {
      nullable: true,
      description: 'Left edge on the slide in pixels, from 0; null where the source tells no place.',
    }),
    y: t.exposeInt('y', {
      nullable: true,
      description: 'Top edge on the slide in pixels, from 0; null where the source tells no place.',
    }),
    widthPx: t.exposeInt('widthPx', { description: 'Width in pixels.' }),
    heightPx: t.exposeInt('heightPx', { description: 'Height in pixels.' }),
    className: t.exposeString('className', { description: 'Name of its class.' }),
    isPositive: t.exposeBoolean('isPositive', {
      description: "Whether its class is of the positive side of the run's task.",
    }),
    probability: t.exposeFloat('probability', { description: 'Probability of the positive class.' }),
    isCalled: t.exposeBoolean('isCalled', { description: 'Whether it is called positive at the threshold.' }),
    imageUrl: t.string({
      description: 'Path of its PNG below the API’s address.',
      resolve: ({ datasetId, index }) => `/datasets/${datasetId}/patches/${index}.png`,
    }),
  }),
});

builder.prismaObjectField(EvaluationRef, 'tellingPatches', (t) =>
  t.field({
    type: [TellingPatchRef],
    description: 'The patches that are most worth a look, the most telling first.',
    args: {
      kind: t.arg({ type: TellingKindEnum, required: true, description: 'What makes them so.' }),
      first: t.arg.int({
        defaultValue: 12,
        required: true,
        description: `How many, at most ${PATCHES_MAX}.`,
      }),
    },
    resolve: (evaluation, { kind, first }, context) => {
      if (first >= 0 && first <= PATCHES_MAX) {
        return listTellingPatches(context, evaluation, { kind, count: first });
      }
      throw new AppError('BAD_INPUT', `'first' is ${first}: it must lie between 0 and ${PATCHES_MAX}.`);
    },
  }),
);
