/** What a trace refuses, and the pieces of a training step that are checked by themselves. */
import { poolAverage } from '@microtome/train/engine/average-pool';
import { computeLoss } from '@microtome/train/engine/loss';
import { OnnxGraph } from '@microtome/train/engine/onnx/onnx-graph';
import { translateNodes } from '@microtome/train/engine/onnx/translate';
import { traceOperations } from '@microtome/train/engine/trace/trace-operations';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe('a trace', () => {
  it.each([
    ['randomUniform', () => tf.randomUniform([2, 2])],
    ['truncatedNormal', () => tf.truncatedNormal([2, 2])],
    ['dropout', () => tf.dropout(tf.ones([2, 2]), 0.5)],
  ] as const)('refuses the random operation %s by name', (name, record) => {
    expect(() => traceOperations(record)).toThrow(`The random operation '${name}' cannot be traced`);
    expect(tf.getBackend()).toBe('cpu');
  });

  it('names an operation that it does not know', () => {
    expect(() => traceOperations((backend) => tf.cumsum(backend.createInput('x', [3])))).toThrow(/'Cumsum'/);
  });

  it('refuses to read a value', () => {
    expect(() => traceOperations((backend) => backend.createInput('x', [3]).dataSync())).toThrow(
      /read a value/,
    );
  });

  it('leaves no tensor behind', () => {
    traceOperations((backend) => tf.relu(backend.createInput('x', [3])));
    const before = tf.memory().numTensors;
    traceOperations((backend) => tf.relu(backend.createInput('x', [3])));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a translation', () => {
  it('names an operation that has none', () => {
    const node = {
      op: 'Einsum',
      inputs: [],
      attributes: {},
      outputs: [{ shape: [2], dtype: 'float32' as const }],
    };
    const outputs = new Map([['y', { node, output: 0 }]]);
    const request = {
      graph: new OnnxGraph(),
      nodes: [node],
      outputs,
      bindInput: (name: string) => name,
      channelBlock: 1,
    };
    expect(() => translateNodes(request)).toThrow("The operation 'Einsum' has no translation to ONNX.");
  });
});

describe('the loss', () => {
  const scalars = (values: number[]) => tf.tensor1d(values);

  it('is finite and right for logits of any size', () => {
    const loss = (logit: number, label: number) =>
      computeLoss({
        logits: scalars([logit]),
        labels: scalars([label]),
        sampleWeights: scalars([1]),
        focalGamma: 0,
      }).dataSync()[0];
    expect(loss(0, 1)).toBeCloseTo(Math.LN2, 6);
    expect(loss(200, 0)).toBeCloseTo(200, 3);
    expect(loss(-200, 1)).toBeCloseTo(200, 3);
    expect(loss(200, 1)).toBeCloseTo(0, 6);
  });

  it('has the gradient sigmoid(z) - y, at z = 0 as well', () => {
    const gradient = tf.grad((z) =>
      computeLoss({
        logits: z as tf.Tensor1D,
        labels: scalars([1, 0, 0.25]),
        sampleWeights: scalars([1, 1, 2]),
        focalGamma: 0,
      }),
    )(scalars([0, 0, 0]));
    expect([...gradient.dataSync()]).toEqual([-0.125, 0.125, 0.125]);
  });

  it('weighs patches: a row of weight 0 changes nothing', () => {
    const loss = (labels: number[], weights: number[]) =>
      computeLoss({
        logits: scalars([0.3, -2, 5]),
        labels: scalars(labels),
        sampleWeights: scalars(weights),
        focalGamma: 1.5,
      }).dataSync()[0];
    expect(loss([1, 0, 1], [1, 3, 0])).toBe(loss([1, 0, 0], [1, 3, 0]));
    expect(loss([1, 0, 1], [1, 3, 1])).not.toBe(loss([1, 0, 0], [1, 3, 1]));
  });
});

describe('average pooling', () => {
  it.each([
    [3, 2, 7],
    [3, 1, 6],
    [2, 2, 5],
  ])('of %i/%i at a padded border has the gradient of its own forward pass', (sizePx, stridePx, lengthPx) => {
    const x = tf.tensor4d(
      Float32Array.from({ length: 2 * lengthPx * lengthPx * 3 }, (_, i) => Math.sin(i)),
      [2, lengthPx, lengthPx, 3],
    );
    const weigh = (pooled: tf.Tensor) => {
      const factors = tf.tensor(
        Float32Array.from({ length: pooled.size }, (_, i) => Math.cos(i)),
        pooled.shape,
      );
      return tf.sum(tf.mul(pooled, factors)) as tf.Scalar;
    };
    const layer = { kind: 'avgPool2d', sizePx, stridePx, padding: 'same' } as const;
    const ones = tf.ones([sizePx, sizePx, 3, 1]) as tf.Tensor4D;
    const inside = tf.depthwiseConv2d(tf.onesLike(x), ones, stridePx, 'same');
    const expected = tf.grad((input) => {
      const sums = tf.depthwiseConv2d(input as tf.Tensor4D, ones, stridePx, 'same');
      return weigh(tf.div(sums, inside));
    })(x);
    const actual = tf.grad((input) => weigh(poolAverage(input as tf.Tensor4D, layer)))(x);
    expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]).toBeLessThan(1e-6);
  });
});
