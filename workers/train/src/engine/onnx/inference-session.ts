/**
 * Inference with fixed weights. They enter the graph as constants, so that ONNX Runtime folds batch norm into
 * the convolutions and lays the filters out for the CPU: several times faster than weights as inputs, for
 * some milliseconds of compiling whenever the weights have changed. The tracing is done once per network.
 */

import { invariant } from '@microtome/domain/app-error';
import type { Layer } from '@microtome/domain/network/layer';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Normalisation } from '../normalisation.ts';
import { predictInBatches, shapePredictionBatch } from '../prediction-batch.ts';
import { PREDICTED_IMAGES, traceInference } from '../trace/traced-step.ts';
import type { NamedTensor } from '../training-engine.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { sessionOptions } from './session-options.ts';
import { translateNodes } from './translate.ts';

const LOGITS = 'logits';

type InferenceSpec = {
  layers: readonly Layer[];
  patchSizePx: number;
  normalisation: Normalisation;
  threads?: number;
};

export type InferenceRunner = {
  /** Logits of `count` patches, [count, patchSizePx, patchSizePx, 3] of bytes. */
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
      predict: (images, count) =>
        predictInBatches({ images, count, patchSizePx: spec.patchSizePx }, (batch) =>
          predictBatch(session, spec, batch),
        ),
      dispose: () => session.release(),
    };
  };
}

async function predictBatch(
  session: InferenceSession,
  { patchSizePx }: InferenceSpec,
  batch: Uint8Array,
): Promise<Float32Array> {
  const images = new Tensor('uint8', batch, shapePredictionBatch(patchSizePx));
  const logits = (await session.run({ [PREDICTED_IMAGES]: images }))[LOGITS]?.data;
  invariant(logits instanceof Float32Array, 'an inference session gives float32 logits');
  return logits;
}
