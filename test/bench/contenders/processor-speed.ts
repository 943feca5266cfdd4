/**
 * What the processor can do and what a network asks of it, so that a speed can be told as a share. The most that it can do is
 * what ONNX Runtime reaches in a product of two matrices that lie in the caches: the best of many, since others may use the machine.
 */
import { countLayers, type Layer } from '@microtome/domain/network/layer';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import { OnnxGraph } from '@microtome/train/engine/onnx/onnx-graph';
import { sessionOptions } from '@microtome/train/engine/onnx/session-options';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createClock } from './clock.ts';
import type { MeasureRequest } from './training-server.ts';

const MATRIX_SIDE = 384;
const RUNS_A_TURN = 4;
const MEASURED_MS = 1500;

/** Operations a second, an addition and a multiplication being two: of all threads by the clock on the wall, else of one. */
export async function measurePeakFlops({
  threads,
  clock,
}: Pick<MeasureRequest, 'clock'> & { threads: number }): Promise<number> {
  const shape = [MATRIX_SIDE, MATRIX_SIDE];
  const graph = new OnnxGraph();
  const product = graph.add('MatMul', [graph.addInput('a', shape), graph.addInput('b', shape)]);
  graph.addOutput('product', product, shape);
  const session = await InferenceSession.create(graph.encode(), sessionOptions(threads));
  const matrix = new Tensor('float32', new Float32Array(MATRIX_SIDE ** 2).fill(0.5), shape);
  const readMs = createClock(clock);
  const end = performance.now() + MEASURED_MS;
  let leastMs = Number.POSITIVE_INFINITY;
  while (performance.now() < end) {
    const startedMs = readMs();
    for (let run = 0; run < RUNS_A_TURN; run++) await session.run({ a: matrix, b: matrix });
    leastMs = Math.min(leastMs, (readMs() - startedMs) / RUNS_A_TURN);
  }
  await session.release();
  return (2 * MATRIX_SIDE ** 3 * 1000) / leastMs;
}

/**
 * Operations that one patch takes in its convolutions and dense layers: once forward; in training once more for the gradient by
 * the weights that are trained, and once for the gradient by what enters a layer, where trained layers come before it.
 */
export function countPatchFlops(layers: readonly Layer[], patchSizePx: number) {
  const image = { height: patchSizePx, width: patchSizePx, channels: RGB_CHANNELS };
  const inference = 2 * countLayers(layers, image).multiplyAdds;
  let training = 0;
  let isAfterTrained = false;
  let input: Parameters<typeof countLayers>[1] = image;
  for (const layer of layers) {
    const { multiplyAdds, trainableParameters, output } = countLayers([layer], input);
    const isTrained = trainableParameters > 0;
    training += 2 * multiplyAdds * (1 + Number(isTrained) + Number(isAfterTrained));
    isAfterTrained ||= isTrained;
    input = output;
  }
  return { training, inference };
}
