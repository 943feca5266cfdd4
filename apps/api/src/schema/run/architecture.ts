/** The networks, and what one costs before it is trained. */
import { AppError } from '@microtome/domain/app-error';
import {
  ARCHITECTURES,
  type Architecture,
  describeArchitecture,
} from '@microtome/domain/network/architectures';
import type { LayerCount } from '@microtome/domain/network/layer';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { builder } from '../../graphql/builder.ts';

const REFERENCE = { width: 1, dropoutRate: 0.5, patchSizePx: 50 };
const MAX_PATCH_SIZE_PX = 1024;

const ArchitectureRef = builder.objectRef<Architecture>('Architecture').implement({
  description: 'A network that runs can train. Its figures are for patches of 50 pixels and width 1.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, as in the hyperparameter `architecture`.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    description: t.exposeString('description', { description: 'What it is made of.' }),
    parameters: t.int({ description: 'Weights.', resolve: ({ name }) => countReference(name).parameters }),
    multiplyAdds: t.field({
      type: 'BigInt',
      description: 'Multiply-adds for one patch.',
      resolve: ({ name }) => countReference(name).multiplyAdds,
    }),
    layers: t.field({
      type: ['JSON'],
      description: 'Its layers in order, as data.',
      resolve: (architecture) => architecture.layers(REFERENCE),
    }),
  }),
});

const NetworkSizeRef = builder.objectRef<LayerCount>('NetworkSize').implement({
  description: 'What a network costs.',
  fields: (t) => ({
    parameters: t.exposeInt('parameters', {
      description: 'All weights, those of batch norm statistics included.',
    }),
    trainableParameters: t.exposeInt('trainableParameters', {
      description: 'The weights that training changes.',
    }),
    multiplyAdds: t.expose('multiplyAdds', { type: 'BigInt', description: 'Multiply-adds for one patch.' }),
  }),
});

builder.queryFields((t) => ({
  architectures: t.field({
    type: [ArchitectureRef],
    description: 'The networks that runs can train.',
    resolve: () => [...ARCHITECTURES],
  }),
  countNetwork: t.field({
    type: NetworkSizeRef,
    description: 'Counts a network before anything is launched.',
    args: {
      hyperparameters: t.arg({
        type: 'JSON',
        required: true,
        description: 'Hyperparameters that differ from their defaults.',
      }),
      patchSizePx: t.arg.int({
        required: true,
        description: `Side of a patch in pixels, 1..${MAX_PATCH_SIZE_PX}.`,
      }),
    },
    resolve: (_root, { hyperparameters, patchSizePx }) => {
      const { architecture, width, dropoutRate } = parseHyperparameters(hyperparameters);
      return describeArchitecture({
        architecture,
        width,
        dropoutRate,
        patchSizePx: parsePatchSize(patchSizePx),
      });
    },
  }),
}));

function countReference(architecture: string): LayerCount {
  return describeArchitecture({ architecture, ...REFERENCE });
}

function parsePatchSize(patchSizePx: number): number {
  if (patchSizePx >= 1 && patchSizePx <= MAX_PATCH_SIZE_PX) return patchSizePx;
  throw new AppError(
    'BAD_INPUT',
    `patchSizePx is ${patchSizePx}: it must lie between 1 and ${MAX_PATCH_SIZE_PX}.`,
  );
}
