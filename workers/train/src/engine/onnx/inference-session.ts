/**
 * Inference with fixed weights. They enter the graph as constants, so that ONNX Runtime folds batch norm into
 * the convolutions and lays the filters out for the CPU: several times faster than weights as inputs, for
 * some milliseconds of compiling whenever the weights have changed. The tracing is done once per network.
 */

import { invariant } from '@microtome/domain/app-error';
import type { Layer } from '@microtome/domain/network/layer';
import { countPixelBytes, RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Normalisation } from '../normalisation.ts';
import { IMAGES, traceInference } from '../trace/traced-step.ts';
import type { NamedTensor } from '../training-engine.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { sessionOptions } from './session-options.ts';
import { translateNodes } from './translate.ts';

const LOGITS = 'logits';

type InferenceSpec = {
  layers: readonly Layer[];
  patchSizePx: number;
  batchSize: number;
  normalisation: Normalisation;
  threads?: number;
};

export type InferenceRunner = {
  /** Logits of `count` patches, [count, patchSizePx, patchSizePx, 3] of bytes; the last batch is filled up with zeros. */
  predict(images: Uint8Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
};

/** Compiles the network for these weights. */
type InferenceCompiler = (weights: readonly NamedTensor[]) => Promise<InferenceRunner>;

export function createInferenceCompiler(
  spec: InferenceSpec,
  weightShapes: readonly Pick<NamedTensor, 'name' | 'shape'>[],
): InferenceCompiler {
  const { nodes, logits } = traceInference(spec, weightShapes);
  return async (weights) => {
    const values = new Map(weights.map((weight) => [weight.name, weight.values]));
    const graph = new OnnxGraph();
    const bindInput = (name: string, shape: readonly number[]) => {
      const known = values.get(name);
      return known ? graph.addWeight(name, shape, known) : graph.addByteInput(name, shape);
    };
    translateNodes({ graph, nodes, outputs: new Map([[LOGITS, logits]]), bindInput, channelBlock: 1 });
    const session = await InferenceSession.create(graph.encode(), sessionOptions(spec.threads));
    return {
      predict: (images, count) => predictInBatches(session, spec, { images, count }),
      dispose: () => session.release(),
    };
  };
}

async function predictInBatches(
  session: InferenceSession,
  { patchSizePx, batchSize }: InferenceSpec,
  { images, count }: { images: Uint8Array; count: number },
): Promise<Float32Array> {
  const shape = [batchSize, patchSizePx, patchSizePx, RGB_CHANNELS];
  const imageSize = countPixelBytes(patchSizePx);
  const logits = new Float32Array(count);
  for (let start = 0; start < count; start += batchSize) {
    const end = Math.min(start + batchSize, count);
    let batch = images.subarray(start * imageSize, end * imageSize);
    if (end - start < batchSize) {
      const filled = new Uint8Array(batchSize * imageSize);
      filled.set(batch);
      batch = filled;
    }
    const results = await session.run({ [IMAGES]: new Tensor('uint8', batch, shape) });
    const data = results[LOGITS]?.data;
    invariant(data instanceof Float32Array, 'an inference session gives float32 logits');
    logits.set(data.subarray(0, end - start), start);
  }
  return logits;
}
