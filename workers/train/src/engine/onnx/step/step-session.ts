/**
 * The training step on ONNX Runtime: traced once, compiled once, then run per batch. Sessions find the gradients, each
 * of a part of the batch where it has parts and in a thread of its own where there are several; then one pass over the
 * weights moves them. All of it lies in memory that the threads share, so a step allocates and copies next to nothing.
 */
import type { DropoutMask } from '../../forward.ts';
import { type TracedGradients, traceGradients } from '../../trace/traced-gradients.ts';
import { IMAGES } from '../../trace/traced-step.ts';
import type { EngineOptions, NamedTensor, TrainingStepInput } from '../../training-engine.ts';
import { OnnxGraph } from '../onnx-graph.ts';
import { translateNodes } from '../translate.ts';
import { createBatchMemory } from './batch-memory.ts';
import { countThreads } from './batch-parts.ts';
import { createNetworkMemory, LOSS_OUTPUT, nameGradient, nameMoved } from './network-memory.ts';
import { openPartInThread } from './part-in-thread.ts';
import { openPartSession, type PartPlan, type PartRunner } from './part-session.ts';
import { createSharedMemory } from './shared-memory.ts';
import { createWeightUpdate } from './weight-update.ts';

type StepSession = {
  /** One per dropout layer; `run` wants values for each, in this order. */
  readonly masks: readonly DropoutMask[];
  run(input: TrainingStepInput, masks: readonly Float32Array[]): Promise<{ loss: number }>;
  /** Copies of all weights and slots, in the order in which they were given. */
  readTensors(): NamedTensor[];
  /** All of them, in any order. */
  writeTensors(tensors: readonly NamedTensor[]): void;
  dispose(): Promise<void>;
};

type StepStart = {
  weights: readonly NamedTensor[];
  slots: readonly NamedTensor[];
  trainableNames: readonly string[];
  /** Block of the blocked layout on this machine; 1 to do without. */
  channelBlock: number;
  /** Equal parts in which the batch is computed. */
  partCount: number;
};

export async function createStepSession(
  options: EngineOptions & { threads: number },
  { weights, slots, trainableNames, channelBlock, partCount }: StepStart,
): Promise<StepSession> {
  const { batchSize, threads } = options;
  const traced = traceGradients(
    { ...options, batchSize: batchSize / partCount },
    { weights, trainableNames },
  );
  const masks = traced.masks.map((mask) => enlargeMask(mask, partCount));
  const memory = createSharedMemory();
  const batch = createBatchMemory(memory, { ...options, masks, parts: partCount });
  const state = createNetworkMemory(memory, {
    weights,
    trainableNames,
    statisticNames: [...traced.statistics.keys()],
    partCount,
    optimizer: options.optimizer,
  });
  const update = createWeightUpdate(memory, { ...state, slots }, options.optimizer);
  const plan: PartPlan = {
    bytes: encodeGradients(traced, channelBlock),
    threads: countThreads(threads, partCount),
    parts: state.parts.map(({ inputs, outputs }, part) => ({
      inputs: [...batch.listPart(part), ...inputs],
      outputs,
    })),
  };
  const runners = await openRunners(plan, threads === 1 ? 1 : partCount);
  writeTensors([...weights, ...slots]);

  function writeTensors(tensors: readonly NamedTensor[]): void {
    const byName = new Map(tensors.map(({ name, values }) => [name, values]));
    for (const [name, values] of state.values) values.set(byName.get(name) as Float32Array);
    update.writeSlots(tensors);
  }

  return {
    masks,
    writeTensors,
    readTensors() {
      const current = weights.map(({ name, shape }) => ({
        name,
        shape,
        values: Float32Array.from(state.values.get(name) as Float32Array),
      }));
      return [...current, ...update.readSlots()];
    },
    async run(input, drawn) {
      batch.write(input, drawn);
      await runParts(runners, partCount);
      for (const { value, moved } of state.statistics) value.set(moved);
      update.run(input.learningRate);
      return { loss: state.losses.reduce((sum, [loss = 0]) => sum + loss, 0) };
    },
    async dispose() {
      await Promise.all(runners.map((runner) => runner.dispose()));
    },
  };
}

/** From a part's to that of the whole batch. */
function enlargeMask(mask: DropoutMask, partCount: number): DropoutMask {
  const [rows = 0, ...row] = mask.shape;
  return { ...mask, shape: [rows * partCount, ...row] };
}

/** The first part stays in this thread, which has nothing else to do meanwhile. */
async function openRunners(plan: PartPlan, count: number): Promise<PartRunner[]> {
  const others = Array.from({ length: count - 1 }, () => openPartInThread(plan));
  return Promise.all([openPartSession(plan), ...others]);
}

/** Parts that have no runner of their own come after the first one. */
async function runParts(runners: readonly PartRunner[], partCount: number): Promise<void> {
  const [own, ...others] = runners as [PartRunner, ...PartRunner[]];
  const elsewhere = others.map((runner, index) => runner.run(1 + index));
  await own.run(0);
  for (let part = runners.length; part < partCount; part++) await own.run(part);
  await Promise.all(elsewhere);
}

function encodeGradients({ nodes, ...traced }: TracedGradients, channelBlock: number): Uint8Array {
  const graph = new OnnxGraph();
  // The last layer's gradients first, as soon as they can be: they are computed from what the step has just made.
  const outputs = [
    ...[...traced.gradients].reverse().map(([name, value]) => [nameGradient(name), value] as const),
    [LOSS_OUTPUT, traced.loss] as const,
    ...[...traced.statistics].map(([name, value]) => [nameMoved(name), value] as const),
  ];
  translateNodes({
    graph,
    nodes,
    outputs: new Map(outputs),
    bindInput: (name, shape) =>
      name === IMAGES ? graph.addByteInput(name, shape) : graph.addInput(name, shape),
    channelBlock,
  });
  return graph.encode();
}
