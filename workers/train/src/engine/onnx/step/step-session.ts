/**
 * The training step on ONNX Runtime: traced once, compiled once, then run per batch. Sessions find the gradients, each
 * of a part of the batch where it has parts and in a thread of its own where there are several; then one pass over the
 * weights moves them. All of it lies in memory that the threads share, so a step allocates and copies next to nothing.
 */
import type { DropoutMask } from '../../forward.ts';
import { traceGradients } from '../../trace/traced-gradients.ts';
import type { EngineOptions, NamedTensor, TrainingStepInput } from '../../training-engine.ts';
import { createBatchMemory } from './batch-memory.ts';
import { countThreads } from './batch-parts.ts';
import { createNetworkMemory } from './network-memory.ts';
import { openPartInThread } from './part-in-thread.ts';
import { openPartSession, type PartPlan, type PartRunner } from './part-session.ts';
import { planStages } from './part-stages.ts';
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
  const { threads } = options;
  const traced = traceGradients(
    { ...options, batchSize: options.batchSize / partCount },
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
  const { stages, between } = planStages(traced, channelBlock);
  const plan: PartPlan = {
    memory: memory.memory,
    threads: countThreads(threads, partCount),
    stages,
    parts: state.parts.map((tensors, part) => [
      ...[...batch.listPart(part), ...tensors],
      ...between.map(memory.allocateTensor),
    ]),
  };
  const runners = await openRunners(plan, Math.min(threads, partCount));
  writeTensors([...weights, ...slots]);

  function writeTensors(tensors: readonly NamedTensor[]): void {
    state.writeWeights(tensors);
    update.writeSlots(tensors);
  }

  return {
    masks,
    writeTensors,
    readTensors: () => [...state.readWeights(), ...update.readSlots()],
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

/** Every runner takes as many parts as the others, or one more. */
async function runParts(runners: readonly PartRunner[], partCount: number): Promise<void> {
  const parts = Array.from({ length: partCount }, (_, part) => part);
  const runs = runners.map((runner, index) => ({
    runner,
    own: parts.filter((part) => part % runners.length === index),
  }));
  // The others begin first: a run in this thread returns when it is done.
  await Promise.all(runs.reverse().map(({ runner, own }) => runner.run(own)));
}
