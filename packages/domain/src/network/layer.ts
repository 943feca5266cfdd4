/**
 * The language in which networks are written: a list of layers. The list alone gives, without any training
 * library, the output's shape, the number of parameters and the multiply-adds per patch.
 */
import { AppError, invariant } from '../app-error.ts';

/** `tanh` is the smooth stand-in with which engines are compared number by number; no network uses it. */
export type Activation = 'linear' | 'relu' | 'tanh';
export type Padding = 'same' | 'valid';

/** Fixed weights given by the list, in the order of the layer's tensors; training does not change them. */
export type GivenWeights = { kernel: readonly number[]; bias: readonly number[] };

export type Layer =
  | {
      kind: 'conv2d';
      filters: number;
      kernelSizePx: number;
      stridePx: number;
      padding: Padding;
      useBias: boolean;
      activation: Activation;
      given?: GivenWeights;
    }
  | {
      kind: 'depthwiseConv2d';
      kernelSizePx: number;
      stridePx: number;
      padding: Padding;
      useBias: boolean;
      activation: Activation;
    }
  /** Momentum 0.9, epsilon 1e-3, with gamma and beta. */
  | { kind: 'batchNorm' }
  | { kind: 'activation'; activation: Activation }
  | { kind: 'maxPool2d' | 'avgPool2d'; sizePx: number; stridePx: number; padding: Padding }
  | { kind: 'globalAveragePool2d' }
  | { kind: 'flatten' }
  | { kind: 'dropout'; rate: number }
  | { kind: 'dense'; units: number; activation: Activation; given?: GivenWeights }
  /** relu(body(x) + shortcut(x)); an empty shortcut is the identity. */
  | { kind: 'residual'; body: Layer[]; shortcut: Layer[] };

type TensorShape = { height: number; width: number; channels: number } | { units: number };

export type LayerCount = {
  output: TensorShape;
  /** All weights, as Keras counts them: batch norm's two moving statistics included. */
  parameters: number;
  /** Weights that training moves: without batch norm's moving statistics and without given weights. */
  trainableParameters: number;
  /** Multiply-adds of one forward pass of one patch: convolutions and dense layers; the rest is negligible. */
  multiplyAdds: number;
};

type ImageShape = Extract<TensorShape, { channels: number }>;

/** Follows one patch through the layers. BAD_INPUT when the patch is too small for the network. */
export function countLayers(layers: readonly Layer[], input: TensorShape): LayerCount {
  const count: LayerCount = { output: input, parameters: 0, trainableParameters: 0, multiplyAdds: 0 };
  for (const layer of layers) {
    const step = countLayer(layer, count.output);
    count.output = step.output;
    count.parameters += step.parameters;
    count.trainableParameters += step.trainableParameters;
    count.multiplyAdds += step.multiplyAdds;
  }
  return count;
}

function countLayer(layer: Layer, input: TensorShape): LayerCount {
  switch (layer.kind) {
    case 'conv2d':
      return countConvolution(layer, requireImage(layer, input), layer.filters);
    case 'depthwiseConv2d':
      return countConvolution(layer, requireImage(layer, input), null);
    case 'batchNorm': {
      const channels = 'channels' in input ? input.channels : input.units;
      return { ...keepShape(input), parameters: 4 * channels, trainableParameters: 2 * channels };
    }
    case 'maxPool2d':
    case 'avgPool2d': {
      const image = requireImage(layer, input);
      const window = { sizePx: layer.sizePx, stridePx: layer.stridePx, padding: layer.padding };
      return keepShape({ ...slideWindow(image, window), channels: image.channels });
    }
    case 'globalAveragePool2d':
      return keepShape({ units: requireImage(layer, input).channels });
    case 'flatten':
      return keepShape({ units: countUnits(input) });
    case 'dense':
      return countDense(layer, input);
    case 'residual':
      return countResidual(layer, input);
    case 'activation':
    case 'dropout':
      return keepShape(input);
  }
}

function countConvolution(
  layer: Extract<Layer, { kind: 'conv2d' | 'depthwiseConv2d' }>,
  input: ImageShape,
  filters: number | null,
): LayerCount {
  const window = { sizePx: layer.kernelSizePx, stridePx: layer.stridePx, padding: layer.padding };
  const { height, width } = slideWindow(input, window);
  const channels = filters ?? input.channels;
  const weights = layer.kernelSizePx ** 2 * input.channels * (filters ?? 1);
  const parameters = weights + (layer.useBias ? channels : 0);
  return {
    output: { height, width, channels },
    parameters,
    trainableParameters: 'given' in layer ? 0 : parameters,
    multiplyAdds: weights * height * width,
  };
}

function countDense({ units, given }: Extract<Layer, { kind: 'dense' }>, input: TensorShape): LayerCount {
  invariant('units' in input, 'a dense layer takes a flat input');
  const parameters = (input.units + 1) * units;
  return {
    output: { units },
    parameters,
    trainableParameters: given ? 0 : parameters,
    multiplyAdds: input.units * units,
  };
}

function countResidual(layer: Extract<Layer, { kind: 'residual' }>, input: TensorShape): LayerCount {
  const body = countLayers(layer.body, input);
  const shortcut = countLayers(layer.shortcut, input);
  const bodyShape = JSON.stringify(body.output);
  const shortcutShape = JSON.stringify(shortcut.output);
  invariant(bodyShape === shortcutShape, `a residual adds ${bodyShape} to ${shortcutShape}`);
  return {
    output: body.output,
    parameters: body.parameters + shortcut.parameters,
    trainableParameters: body.trainableParameters + shortcut.trainableParameters,
    multiplyAdds: body.multiplyAdds + shortcut.multiplyAdds,
  };
}

function slideWindow(input: ImageShape, window: { sizePx: number; stridePx: number; padding: Padding }) {
  const positions = (lengthPx: number) =>
    window.padding === 'same'
      ? Math.ceil(lengthPx / window.stridePx)
      : Math.floor((lengthPx - window.sizePx) / window.stridePx) + 1;
  const height = positions(input.height);
  const width = positions(input.width);
  if (height < 1 || width < 1) {
    throw new AppError(
      'BAD_INPUT',
      `The network needs larger patches: a window of ${window.sizePx}x${window.sizePx} px does not fit ` +
        `into the ${input.width}x${input.height} px that reach it.`,
    );
  }
  return { height, width };
}

function keepShape(output: TensorShape): LayerCount {
  return { output, parameters: 0, trainableParameters: 0, multiplyAdds: 0 };
}

function countUnits(shape: TensorShape): number {
  return 'units' in shape ? shape.units : shape.height * shape.width * shape.channels;
}

function requireImage(layer: Layer, input: TensorShape): ImageShape {
  invariant('channels' in input, `${layer.kind} takes an image, not a flat input`);
  return input;
}
