/** The gradients of a part of a batch: a session that reads its inputs from shared memory and leaves its results there. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from '../session-options.ts';

/** A tensor whose values lie in memory that all threads see. */
export type SharedTensor = { name: string; shape: readonly number[]; values: Float32Array | Uint8Array };

export type PartPlan = {
  /** The graph, encoded. */
  bytes: Uint8Array;
  threads: number;
  /** Of each part, where its inputs are and where its results go. */
  parts: readonly { inputs: readonly SharedTensor[]; outputs: readonly SharedTensor[] }[];
};

export type PartRunner = {
  /** `part` counts in the plan's parts. */
  run(part: number): Promise<void>;
  dispose(): Promise<void>;
};

export async function openPartSession({ bytes, threads, parts }: PartPlan): Promise<PartRunner> {
  const session = await InferenceSession.create(bytes, sessionOptions(threads));
  const known = new Set(session.inputNames);
  const runs = parts.map(({ inputs, outputs }) => ({
    feeds: wrapTensors(inputs.filter(({ name }) => known.has(name))),
    fetches: wrapTensors(outputs),
  }));
  return {
    async run(part) {
      const { feeds, fetches } = runs[part] as (typeof runs)[number];
      await session.run(feeds, fetches);
    },
    dispose: () => session.release(),
  };
}

function wrapTensors(tensors: readonly SharedTensor[]): Record<string, Tensor> {
  return Object.fromEntries(
    tensors.map(({ name, shape, values }) => [
      name,
      values instanceof Uint8Array
        ? new Tensor('uint8', values, shape)
        : new Tensor('float32', values, shape),
    ]),
  );
}
