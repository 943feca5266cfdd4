/**
 * The floor that any CNN must beat: a logistic regression on colour and texture features of the patch. They are
 * computed inside the network by layers whose weights are given, not learned: fixed filters, then how far each pixel
 * lies above a row of thresholds, averaged over the patch. So it is launched, exported and compared like any network.
 */
import { RGB_CHANNELS } from '../slide/patch-pixels.ts';
import type { GivenWeights, Layer } from './layer.ts';

type Rgb = readonly [red: number, green: number, blue: number];

const FILTER_SIZE_PX = 3;
const BRIGHTNESS: Rgb = [1 / 3, 1 / 3, 1 / 3];
const RED_GREEN: Rgb = [1, -1, 0];
const BLUE_YELLOW: Rgb = [-0.5, -0.5, 1];

/** Computed pixel by pixel. The differences are stretched to about the range of the channels themselves. */
const COLOURS: readonly Rgb[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  BRIGHTNESS,
  stretch(RED_GREEN, 2),
  stretch(BLUE_YELLOW, 2),
];
/** Computed between neighbouring pixels. */
const TEXTURES: readonly Rgb[] = [BRIGHTNESS, RED_GREEN, BLUE_YELLOW];

/** Row by row. */
const PIXEL = [0, 0, 0, 0, 1, 0, 0, 0, 0];
const ACROSS = [0, 0, 0, -1, 0, 1, 0, 0, 0];
const DOWN = [0, -1, 0, 0, 0, 0, 0, 1, 0];
const SPOT = [0, -0.5, 0, -0.5, 2, -0.5, 0, -0.5, 0];

/** Thresholds at width 1, in standard deviations of a channel over TRAIN. */
const COLOUR_THRESHOLDS = { count: 9, from: -2, to: 2 };
const TEXTURE_THRESHOLDS = { count: 5, from: 0, to: 1.5 };

type Filter = { colour: Rgb; taps: readonly number[] };
/** A filter's response times `sign`, above `threshold`. */
type Hinge = { filter: number; sign: 1 | -1; threshold: number };
/** One number of a patch: a weighted sum of the means of hinges. */
type Figure = { hinge: number; weight: number }[];

/** `width` multiplies the number of thresholds, so how finely colours and textures are told apart. */
export function buildColourBaseline({ width }: { width: number }): Layer[] {
  const filters: Filter[] = [];
  const hinges: Hinge[] = [];
  const figures: Figure[] = [];
  const describe = (group: { filters: Filter[]; signs: (1 | -1)[]; thresholds: number[] }) => {
    const means = group.thresholds.map((threshold) =>
      group.filters.flatMap((_, index) =>
        group.signs.map((sign) => hinges.push({ filter: filters.length + index, sign, threshold }) - 1),
      ),
    );
    filters.push(...group.filters);
    figures.push(...listFigures(means, group.thresholds));
  };
  const colourThresholds = spread(COLOUR_THRESHOLDS, width);
  for (const colour of COLOURS) {
    describe({ filters: [{ colour, taps: PIXEL }], signs: [1], thresholds: colourThresholds });
  }
  const textureThresholds = spread(TEXTURE_THRESHOLDS, width);
  for (const colour of TEXTURES) {
    const edges = [ACROSS, DOWN].map((taps) => ({ colour, taps }));
    describe({ filters: edges, signs: [1, -1], thresholds: textureThresholds });
    const spots = [{ colour, taps: SPOT }];
    describe({ filters: spots, signs: [1, -1], thresholds: textureThresholds });
  }
  return [
    convolve({ filters: filters.length, kernelSizePx: FILTER_SIZE_PX, given: giveFilters(filters) }),
    convolve({ filters: hinges.length, kernelSizePx: 1, given: giveHinges(hinges, filters.length) }),
    { kind: 'globalAveragePool2d' },
    {
      kind: 'dense',
      units: figures.length,
      activation: 'linear',
      given: giveFigures(figures, hinges.length),
    },
    { kind: 'batchNorm' },
    { kind: 'dense', units: 1, activation: 'linear' },
  ];
}

/**
 * From the means above each threshold: the share of pixels above it, softened to the next threshold, and for the last
 * one the mean itself. Neighbouring shares are far less alike than neighbouring means, so they are learned faster.
 */
function listFigures(means: number[][], thresholds: number[]): Figure[] {
  const weigh = (hinges: number[] | undefined, weight: number): Figure =>
    (hinges ?? []).map((hinge) => ({ hinge, weight: weight / (hinges?.length ?? 1) }));
  return means.map((hinges, index) => {
    const next = thresholds[index + 1];
    if (next === undefined) return weigh(hinges, 1);
    const slope = 1 / (next - (thresholds[index] as number));
    return [...weigh(hinges, slope), ...weigh(means[index + 1], -slope)];
  });
}

function spread({ count, from, to }: typeof COLOUR_THRESHOLDS, width: number): number[] {
  const steps = Math.max(2, Math.round(count * width));
  return Array.from({ length: steps }, (_, index) => from + ((to - from) * index) / (steps - 1));
}

/** Kernel [3, 3, 3, filters]. */
function giveFilters(filters: readonly Filter[]): GivenWeights {
  const kernel = Array.from({ length: FILTER_SIZE_PX ** 2 }, (_, tap) =>
    Array.from({ length: RGB_CHANNELS }, (_, channel) =>
      filters.map(({ colour, taps }) => (taps[tap] as number) * (colour[channel] as number)),
    ),
  );
  return { kernel: kernel.flat(2), bias: filters.map(() => 0) };
}

/** Kernel [1, 1, filters, hinges]: ReLU then leaves what lies above the threshold. */
function giveHinges(hinges: readonly Hinge[], filters: number): GivenWeights {
  const kernel = Array.from({ length: filters }, (_, filter) =>
    hinges.map((hinge): number => (hinge.filter === filter ? hinge.sign : 0)),
  );
  return { kernel: kernel.flat(), bias: hinges.map(({ threshold }) => -threshold) };
}

/** Kernel [hinges, figures]. */
function giveFigures(figures: readonly Figure[], hinges: number): GivenWeights {
  const kernel = Array.from({ length: hinges }, (_, hinge) =>
    figures.map((figure) => figure.find((part) => part.hinge === hinge)?.weight ?? 0),
  );
  return { kernel: kernel.flat(), bias: figures.map(() => 0) };
}

function convolve(layer: { filters: number; kernelSizePx: number; given: GivenWeights }): Layer {
  const activation = layer.kernelSizePx === 1 ? 'relu' : 'linear';
  // Padding would make an edge of its own around the patch.
  return { kind: 'conv2d', stridePx: 1, padding: 'valid', useBias: true, activation, ...layer };
}

function stretch([red, green, blue]: Rgb, factor: number): Rgb {
  return [red * factor, green * factor, blue * factor];
}
