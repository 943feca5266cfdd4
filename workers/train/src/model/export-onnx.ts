/**
 * A trained network as a standard ONNX file: raw RGB in, calibrated probability of the positive class out, any number
 * of patches at once. Only operations of the ONNX standard, so that any runtime can load it.
 */

import { invariant } from '@microtome/domain/app-error';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import * as tf from '@tensorflow/tfjs';
import onnxProto, { type onnx } from 'onnx-proto';
import { scaleColours, spreadColourScale } from '../engine/colour-scale.ts';
import { computeLogits } from '../engine/forward.ts';
import { OnnxGraph } from '../engine/onnx/onnx-graph.ts';
import { translateNodes } from '../engine/onnx/translate.ts';
import { traceOperations } from '../engine/trace/trace-operations.ts';
import type { TrainedNetwork } from './saved-model.ts';

export const ONNX_MEDIA_TYPE = 'application/octet-stream';
/** [N, size, size, 3], float32, 0..255, rows of pixels as images have them. */
const ONNX_INPUT = 'rgb';
/** [N, 1], float32, 0..1. */
const ONNX_OUTPUT = 'probability';

/** Traced with this many patches, a prime that no other size is or contains, and then set free. */
const TRACED_PATCHES = 7919;
const INT64 = 7;

/** The bytes are a function of the network. */
export function exportOnnx(network: TrainedNetwork): Buffer {
  const { result: output, nodes } = traceOperations((backend) => {
    const { patchSizePx } = network;
    const scale = spreadColourScale(network.normalisation, patchSizePx);
    const shape = [TRACED_PATCHES, patchSizePx, patchSizePx, RGB_CHANNELS];
    const rgb = backend.createInput(ONNX_INPUT, shape);
    const weights = new Map(
      network.weights.map((weight): [string, tf.Tensor] => [
        weight.name,
        backend.createInput(weight.name, weight.shape),
      ]),
    );
    const logits = computeLogits(network.layers, scaleColours(rgb, scale), { weights, training: null });
    const probability = tf.sigmoid(tf.mul(logits, 1 / network.temperature));
    return backend.getValue(tf.reshape(probability, [TRACED_PATCHES, 1]));
  });
  const values = new Map(network.weights.map((weight) => [weight.name, weight.values]));
  const graph = new OnnxGraph();
  const bindInput = (name: string, shape: readonly number[]) => {
    const known = values.get(name);
    return known ? graph.addWeight(name, shape, known) : graph.addInput(name, shape);
  };
  translateNodes({ graph, nodes, outputs: new Map([[ONNX_OUTPUT, output]]), bindInput, channelBlock: 1 });
  const model = onnxProto.onnx.ModelProto.decode(graph.encode());
  freePatchCount(model);
  model.producerName = 'microtome';
  return Buffer.from(onnxProto.onnx.ModelProto.encode(model).finish());
}

/** Puts "as many as there are" wherever the traced number of patches stands in a shape. */
function freePatchCount({ graph }: onnx.ModelProto): void {
  invariant(graph, 'an exported model has a graph');
  for (const value of [...(graph.input ?? []), ...(graph.output ?? [])]) {
    for (const dimension of value.type?.tensorType?.shape?.dim ?? []) {
      if (Number(dimension.dimValue) !== TRACED_PATCHES) continue;
      dimension.dimParam = 'N';
      dimension.dimValue = null;
    }
  }
  for (const constant of graph.initializer ?? []) {
    if (constant.dataType !== INT64 || !constant.rawData) continue;
    const bytes = Uint8Array.from(constant.rawData);
    const lengths = [...new BigInt64Array(bytes.buffer)];
    const freed = lengths.map((length) => (length === BigInt(TRACED_PATCHES) ? -1n : length));
    const isMixed = freed.some((length) => length > 0n && length % BigInt(TRACED_PATCHES) === 0n);
    invariant(!isMixed, 'no shape mixes patches with pixels or channels');
    constant.rawData = new Uint8Array(BigInt64Array.from(freed).buffer);
  }
}
