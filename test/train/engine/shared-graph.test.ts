/** A recording whose operations two graphs share: what one of them gives to the other is what the operation itself computed. */
import { probeChannelBlock } from '@microtome/train/engine/onnx/channel-block';
import { OnnxGraph } from '@microtome/train/engine/onnx/onnx-graph';
import { translateNodes } from '@microtome/train/engine/onnx/translate';
import { splitNodes } from '@microtome/train/engine/trace/split-nodes';
import { traceOperations } from '@microtome/train/engine/trace/trace-operations';
import type { TracedNode, TracedValue } from '@microtome/train/engine/trace/traced-node';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';

/** As many channels fill a block on every machine. */
const CHANNELS = 16;
const SHAPE: [number, number, number, number] = [1, 2, 2, CHANNELS];

/** A convolution of one pixel that turns every sign; its ReLU, and its square root, at which the recording is split. */
function record() {
  return traceOperations((backend) => {
    const x = backend.createInput('x', SHAPE) as tf.Tensor4D;
    const turned = tf.conv2d(
      x,
      tf.mul(tf.eye(CHANNELS), -1).reshape([1, 1, CHANNELS, CHANNELS]) as tf.Tensor4D,
      1,
      'same',
    );
    const root = tf.sqrt(turned);
    const values = { turned, relu: tf.relu(turned), sum: tf.add(root, turned) };
    const read = (tensor: tf.Tensor) => backend.getValue(tensor);
    return { turned: read(values.turned), relu: read(values.relu), sum: read(values.sum), root: read(root) };
  });
}

describe('a graph that shares its operations', () => {
  it('takes nothing into a convolution that another graph needs without it', async () => {
    const { nodes, result } = record();
    const { before, between } = splitNodes(nodes, result.root.node);
    expect(between).toEqual([result.turned]);
    const graph = new OnnxGraph();
    translateNodes({
      graph,
      nodes,
      outputs: new Map([['relu', result.relu]]),
      bindInput: (name, shape) => graph.addInput(name, shape),
      channelBlock: await probeChannelBlock(),
      share: { nodes: before, given: new Map([['turned', result.turned]]), taken: new Map() },
    });
    const session = await InferenceSession.create(graph.encode());
    const x = Float32Array.from({ length: 4 * CHANNELS }, (_, index) => index - 2 * CHANNELS);
    const results = await session.run({ x: new Tensor('float32', x, SHAPE) });
    await session.release();
    // In whatever order the layout has them.
    const read = (name: string) => (results[name] as Tensor).data.toSorted() as Float32Array;
    expect(read('turned')).toEqual(x.map((value) => 0 - value).toSorted());
    expect(read('relu')).toEqual(x.map((value) => Math.max(0, 0 - value)).toSorted());
  });
});

describe('a recording that is split at an operation', () => {
  it('has on one side what depends on it, on the other what does not, and names what crosses', () => {
    const { nodes, result } = record();
    const { before, after, between } = splitNodes(nodes, result.root.node);
    const holds = (side: readonly TracedNode[], { node }: TracedValue) => side.includes(node);
    expect(holds(after, result.sum)).toBe(true);
    expect(holds(before, result.sum)).toBe(false);
    expect(holds(before, result.relu) && !holds(after, result.relu)).toBe(true);
    expect([...before, ...after]).not.toContain(result.root.node);
    expect(between).toEqual([result.turned]);
  });
});
