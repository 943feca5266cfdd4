/**
 * The registry of networks, each one a small readable list of layers that ends in one logit. `shallow` and
 * `deep` are the platform's own pair; `janowczyk2016` and `vbookshelf2018` are published references, with
 * one logit in the place of their two softmax outputs.
 */

import { AppError } from '../app-error.ts';
import { RGB_CHANNELS } from '../slide/patch-pixels.ts';
import { buildColourBaseline } from './colour-baseline.ts';
import { type Activation, countLayers, type Layer, type LayerCount, type Padding } from './layer.ts';

export const ARCHITECTURE_NAMES = [
  'shallow',
  'deep',
  'resnet',
  'mobile',
  'janowczyk2016',
  'vbookshelf2018',
  'colour-baseline',
] as const;

type ArchitectureName = (typeof ARCHITECTURE_NAMES)[number];

type ArchitectureOptions = {
  /** Multiplies the channels of every convolution. */
  width: number;
  /** Share of units that a dropout layer drops in training, [0, 1). */
  dropoutRate: number;
};

export type Architecture = {
  name: ArchitectureName;
  title: string;
  description: string;
  usesDropout: boolean;
  layers(options: ArchitectureOptions): Layer[];
};

export const ARCHITECTURES: readonly Architecture[] = [
  {
    name: 'shallow',
    title: 'Shallow CNN',
    description:
      'Three 3x3 convolutions (16, 32, 64), each followed by max pooling; a dense layer of 64; dropout. Trains fast.',
    usesDropout: true,
    layers: buildShallow,
  },
  {
    name: 'deep',
    title: 'Deep CNN',
    description:
      'Four stages of two 3x3 convolutions with batch norm (16, 32, 64, 128), max pooling, global average pooling.',
    usesDropout: false,
    layers: buildDeep,
  },
  {
    name: 'resnet',
    title: 'Small residual network',
    description: 'A 3x3 stem and three stages of two residual blocks (16, 32, 64); global average pooling.',
    usesDropout: false,
    layers: buildResnet,
  },
  {
    name: 'mobile',
    title: 'Depthwise separable network',
    description:
      'A strided stem and six depthwise separable blocks (32 to 128); few parameters and multiply-adds.',
    usesDropout: false,
    layers: buildMobile,
  },
  {
    name: 'janowczyk2016',
    title: 'Janowczyk 2016',
    description:
      'The cifar10_quick network of Janowczyk & Madabhushi 2016 (three 5x5 convolutions), here at full patch size and with one logit.',
    usesDropout: false,
    layers: buildJanowczyk2016,
  },
  {
    name: 'vbookshelf2018',
    title: 'vbookshelf 2018',
    description:
      'The nine-convolution network of the 2018 Breast Cancer Analyzer, with one logit; its published dropout is 0.3 and it needs 50 px patches.',
    usesDropout: true,
    layers: buildVbookshelf2018,
  },
  {
    name: 'colour-baseline',
    title: 'Colour baseline',
    description:
      'A logistic regression on colour and texture figures of the patch: the floor that any CNN must beat. Learns well at rate 0.01.',
    usesDropout: false,
    layers: buildColourBaseline,
  },
];

/** Gets a network by name; BAD_INPUT names the value and the known names. */
export function getArchitecture(name: string): Architecture {
  const architecture = ARCHITECTURES.find((known) => known.name === name);
  if (architecture) return architecture;
  const known = ARCHITECTURE_NAMES.join(', ');
  throw new AppError('BAD_INPUT', `There is no architecture '${name}'. Known: ${known}.`);
}

/** What a network costs at a patch size, before anything is trained. */
export function describeArchitecture(request: {
  architecture: string;
  width: number;
  dropoutRate: number;
  patchSizePx: number;
}): LayerCount {
  const { architecture, width, dropoutRate, patchSizePx } = request;
  const input = { height: patchSizePx, width: patchSizePx, channels: RGB_CHANNELS };
  return countLayers(getArchitecture(architecture).layers({ width, dropoutRate }), input);
}

function buildShallow({ width, dropoutRate }: ArchitectureOptions): Layer[] {
  const stages = [16, 32, 64].flatMap((channels) => [
    convolve(scale(channels, width), { activation: 'relu' }),
    halve(),
  ]);
  return [...stages, { kind: 'flatten' }, dense(64, 'relu'), ...dropout(dropoutRate), dense(1, 'linear')];
}

function buildDeep({ width }: ArchitectureOptions): Layer[] {
  const stages = [16, 32, 64, 128].flatMap((channels) => [
    ...convolveNormed(scale(channels, width)),
    ...convolveNormed(scale(channels, width)),
    halve(),
  ]);
  return [...stages, { kind: 'globalAveragePool2d' }, dense(1, 'linear')];
}

function buildResnet({ width }: ArchitectureOptions): Layer[] {
  const stem = [...convolveNormed(scale(16, width)), halve()];
  const blocks = [
    residualBlock({ channels: scale(16, width), stridePx: 1, projects: false }),
    residualBlock({ channels: scale(16, width), stridePx: 1, projects: false }),
    residualBlock({ channels: scale(32, width), stridePx: 2, projects: true }),
    residualBlock({ channels: scale(32, width), stridePx: 1, projects: false }),
    residualBlock({ channels: scale(64, width), stridePx: 2, projects: true }),
    residualBlock({ channels: scale(64, width), stridePx: 1, projects: false }),
  ];
  return [...stem, ...blocks, { kind: 'globalAveragePool2d' }, dense(1, 'linear')];
}

function buildMobile({ width }: ArchitectureOptions): Layer[] {
  const stem = convolveNormed(scale(16, width), { stridePx: 2 });
  const blocks: [channels: number, stridePx: number][] = [
    [32, 1],
    [64, 2],
    [64, 1],
    [128, 2],
    [128, 1],
    [128, 1],
  ];
  const separable = blocks.flatMap(([channels, stridePx]) =>
    convolveSeparably(scale(channels, width), stridePx),
  );
  return [...stem, ...separable, { kind: 'globalAveragePool2d' }, dense(1, 'linear')];
}

/** Pooling comes before the first ReLU and the 64 units stay linear, as in the published network. */
function buildJanowczyk2016({ width }: ArchitectureOptions): Layer[] {
  const pool = { sizePx: 3, stridePx: 2, padding: 'same' as Padding };
  return [
    convolve(scale(32, width), { kernelSizePx: 5 }),
    { kind: 'maxPool2d', ...pool },
    { kind: 'activation', activation: 'relu' },
    convolve(scale(32, width), { kernelSizePx: 5, activation: 'relu' }),
    { kind: 'avgPool2d', ...pool },
    convolve(scale(64, width), { kernelSizePx: 5, activation: 'relu' }),
    { kind: 'avgPool2d', ...pool },
    { kind: 'flatten' },
    dense(64, 'linear'),
    dense(1, 'linear'),
  ];
}

function buildVbookshelf2018({ width, dropoutRate }: ArchitectureOptions): Layer[] {
  const stages = [32, 64, 128].flatMap((channels) => {
    const convolution = convolve(scale(channels, width), { padding: 'valid', activation: 'relu' });
    return [convolution, convolution, convolution, halve(), ...dropout(dropoutRate)];
  });
  return [...stages, { kind: 'flatten' }, dense(256, 'relu'), ...dropout(dropoutRate), dense(1, 'linear')];
}

function residualBlock(block: { channels: number; stridePx: number; projects: boolean }): Layer {
  const { channels, stridePx, projects } = block;
  return {
    kind: 'residual',
    body: [
      ...convolveNormed(channels, { stridePx }),
      convolve(channels, { useBias: false }),
      { kind: 'batchNorm' },
    ],
    shortcut: projects
      ? [convolve(channels, { kernelSizePx: 1, stridePx, useBias: false }), { kind: 'batchNorm' }]
      : [],
  };
}

function convolveSeparably(filters: number, stridePx: number): Layer[] {
  return [
    {
      kind: 'depthwiseConv2d',
      kernelSizePx: 3,
      stridePx,
      padding: 'same',
      useBias: false,
      activation: 'linear',
    },
    { kind: 'batchNorm' },
    { kind: 'activation', activation: 'relu' },
    ...convolveNormed(filters, { kernelSizePx: 1 }),
  ];
}

function convolveNormed(
  filters: number,
  options: { kernelSizePx?: number; stridePx?: number } = {},
): Layer[] {
  return [
    convolve(filters, { ...options, useBias: false }),
    { kind: 'batchNorm' },
    { kind: 'activation', activation: 'relu' },
  ];
}

function convolve(
  filters: number,
  options: {
    kernelSizePx?: number;
    stridePx?: number;
    padding?: Padding;
    useBias?: boolean;
    activation?: Activation;
  },
): Layer {
  const { kernelSizePx = 3, stridePx = 1, padding = 'same', useBias = true, activation = 'linear' } = options;
  return { kind: 'conv2d', filters, kernelSizePx, stridePx, padding, useBias, activation };
}

function halve(): Layer {
  return { kind: 'maxPool2d', sizePx: 2, stridePx: 2, padding: 'valid' };
}

function dense(units: number, activation: Activation): Layer {
  return { kind: 'dense', units, activation };
}

function dropout(rate: number): Layer[] {
  return rate > 0 ? [{ kind: 'dropout', rate }] : [];
}

function scale(channels: number, width: number): number {
  return Math.max(1, Math.round(channels * width));
}
