/**
 * The training step as one ONNX Runtime session: traced once, compiled once, then run per batch. What one run
 * puts out as the new weights and slots is what the next run takes in. Two sets of tensors take turns as the one that
 * is read and the one that is written, so a step allocates nothing and nothing is copied between.
 */
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { DropoutMask } from '../forward.ts';
import type { TracedValue } from '../trace/traced-node.ts';
import {
  IMAGES,
  LABELS,
  LEARNING_RATE,
  nameMaskInput,
  SAMPLE_WEIGHTS,
  traceTrainingStep,
} from '../trace/traced-step.ts';
import type { EngineOptions, NamedTensor, TrainingStepInput } from '../training-engine.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { sessionOptions } from './session-options.ts';
import { translateNodes } from './translate.ts';

const LOSS = 'loss';
const NEXT = 'next:';

type StepSession = {
  /** One per dropout layer; `run` wants values for each, in this order. */
  readonly masks: readonly DropoutMask[];
  run(input: TrainingStepInput, masks: readonly Float32Array[]): Promise<{ loss: number }>;
  /** Copies of all weights and slots, in the order in which they were given. */
  readTensors(): NamedTensor[];
  writeTensors(tensors: readonly NamedTensor[]): void;
  dispose(): Promise<void>;
};

type StepStart = {
  weights: readonly NamedTensor[];
  slots: readonly NamedTensor[];
  trainableNames: readonly string[];
  /** Block of the blocked layout on this machine; 1 to do without. */
  channelBlock: number;
};

export async function createStepSession(options: EngineOptions, tensors: StepStart): Promise<StepSession> {
  const { bytes, masks } = buildStepGraph(options, tensors);
  const session = await InferenceSession.create(bytes, sessionOptions(options.threads));
  const { batchSize, patchSizePx } = options;
  const imageShape = [batchSize, patchSizePx, patchSizePx, RGB_CHANNELS];
  let state = new Map<string, Tensor>();
  /** What the next run writes: every weight and slot that a step changes. */
  let spare = new Map<string, Tensor>();
  const loss = new Float32Array(1);
  writeTensors([...tensors.weights, ...tensors.slots]);

  function writeTensors(values: readonly NamedTensor[]): void {
    for (const { name, shape, values: numbers } of values) {
      state.set(name, new Tensor('float32', numbers.slice(), shape));
      if (session.outputNames.includes(`${NEXT}${name}`)) {
        spare.set(name, new Tensor('float32', new Float32Array(numbers.length), shape));
      }
    }
  }

  return {
    masks,
    writeTensors,
    readTensors: () =>
      [...state].map(([name, tensor]) => ({
        name,
        shape: [...tensor.dims],
        values: Float32Array.from(tensor.data as Float32Array),
      })),
    async run(input, maskValues) {
      const fed: Record<string, Tensor> = {
        [IMAGES]: new Tensor('uint8', input.images, imageShape),
        [LABELS]: new Tensor('float32', input.labels, [batchSize]),
        [SAMPLE_WEIGHTS]: new Tensor('float32', input.sampleWeights, [batchSize]),
        [LEARNING_RATE]: new Tensor('float32', Float32Array.of(input.learningRate), []),
        ...Object.fromEntries(state),
      };
      masks.forEach((mask, index) => {
        fed[nameMaskInput(mask)] = new Tensor('float32', maskValues[index] as Float32Array, mask.shape);
      });
      const feeds = Object.fromEntries(session.inputNames.map((name) => [name, fed[name] as Tensor]));
      const fetches: Record<string, Tensor> = { [LOSS]: new Tensor('float32', loss, []) };
      for (const [name, tensor] of spare) fetches[`${NEXT}${name}`] = tensor;
      await session.run(feeds, fetches);
      const written = spare;
      spare = new Map([...written.keys()].map((name) => [name, state.get(name) as Tensor]));
      state = new Map([...state, ...written]);
      return { loss: loss[0] as number };
    },
    dispose: () => session.release(),
  };
}

/** Traces one step of this network and optimizer and encodes it. */
function buildStepGraph(
  options: EngineOptions,
  tensors: StepStart,
): { bytes: Uint8Array; masks: readonly DropoutMask[]; nodeCount: number } {
  const { nodes, loss, changed, masks } = traceTrainingStep(options, tensors);
  const next = [...changed].map(([name, value]): [string, TracedValue] => [`${NEXT}${name}`, value]);
  const graph = new OnnxGraph();
  translateNodes({
    graph,
    nodes,
    outputs: new Map([[LOSS, loss], ...next]),
    bindInput: (name, shape) =>
      name === IMAGES ? graph.addByteInput(name, shape) : graph.addInput(name, shape),
    channelBlock: tensors.channelBlock,
  });
  return { bytes: graph.encode(), masks, nodeCount: graph.nodeCount };
}
