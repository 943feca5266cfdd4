/** The gradients of parts of a batch: its stages read their inputs from shared memory and leave their results there. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from '../session-options.ts';
import { createMaxPoolGradient } from './max-pool-gradient.ts';
import type { Stage } from './part-stages.ts';

/** A tensor whose values lie in memory that all threads see. */
export type SharedTensor = { name: string; shape: readonly number[]; values: Float32Array | Uint8Array };

export type PartPlan = {
  /** In which all tensors lie. */
  memory: WebAssembly.Memory;
  threads: number;
  stages: readonly Stage[];
  /** Of each part, all that its stages read and write. */
  parts: readonly (readonly SharedTensor[])[];
};

export type PartRunner = {
  /** One after the other; they count in the plan's parts. */
  run(parts: readonly number[]): Promise<void>;
  dispose(): Promise<void>;
};

type OpenStage = { run(part: number): Promise<void>; dispose(): Promise<void> };

export async function openPartSession(plan: PartPlan): Promise<PartRunner> {
  const stages = await Promise.all(
    plan.stages.map((stage) => (stage.kind === 'graph' ? openGraph(stage, plan) : openKernel(stage, plan))),
  );
  return {
    async run(parts) {
      for (const part of parts) for (const stage of stages) await stage.run(part);
    },
    async dispose() {
      await Promise.all(stages.map((stage) => stage.dispose()));
    },
  };
}

async function openGraph(
  { bytes }: Extract<Stage, { kind: 'graph' }>,
  { threads, parts }: PartPlan,
): Promise<OpenStage> {
  const session = await InferenceSession.create(bytes, sessionOptions(threads));
  const runs = parts.map((tensors) => {
    const wrap = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, wrapTensor(findTensor(tensors, name))]));
    return { feeds: wrap(session.inputNames), fetches: wrap(session.outputNames) };
  });
  return {
    async run(part) {
      const { feeds, fetches } = runs[part] as (typeof runs)[number];
      releaseResults(await session.run(feeds, fetches));
    },
    dispose: () => session.release(),
  };
}

/**
 * Results lie in memory that was there before, but the runtime wraps each of them in an array that counts as its own. Left
 * to the garbage collector, a dozen megabytes a step make it run at every step, beside the threads that compute.
 */
function releaseResults(results: InferenceSession.ReturnType): void {
  for (const { data } of Object.values(results)) (data as Float32Array<ArrayBuffer>).buffer.transfer(0);
}

async function openKernel(
  stage: Extract<Stage, { kind: 'maxPoolGradient' }>,
  { memory, parts }: PartPlan,
): Promise<OpenStage> {
  const compute = createMaxPoolGradient(memory);
  const arrays = parts.map((tensors) => {
    const find = (name: string) => findTensor(tensors, name).values as Float32Array;
    return { x: find(stage.x), y: find(stage.y), dy: find(stage.dy), target: find(stage.target) };
  });
  return {
    async run(part) {
      compute(arrays[part] as (typeof arrays)[number], stage.window);
    },
    async dispose() {},
  };
}

function findTensor(tensors: readonly SharedTensor[], name: string): SharedTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (!found) throw new Error(`The memory of a step has a tensor '${name}'.`);
  return found;
}

function wrapTensor({ shape, values }: SharedTensor): Tensor {
  return values instanceof Uint8Array
    ? new Tensor('uint8', values, shape)
    : new Tensor('float32', values, shape);
}
