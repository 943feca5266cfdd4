/** A network's weights, gradients and moving statistics in shared memory, and what a part's session calls its results. */
import { planPacking, viewMembers } from '../../packed-update.ts';
import type { EngineOptions, NamedTensor } from '../../training-engine.ts';
import type { SharedMemory } from './shared-memory.ts';

export const LOSS_OUTPUT = 'loss';

/** The output that is the gradient of a weight. */
export function nameGradient(weight: string): string {
  return `gradient:${weight}`;
}

/** The output that is the new value of a moving statistic. */
export function nameMoved(statistic: string): string {
  return `moved:${statistic}`;
}

type Network = {
  weights: readonly NamedTensor[];
  trainableNames: readonly string[];
  /** Weights that a step moves without a gradient. */
  statisticNames: readonly string[];
  partCount: number;
  optimizer: EngineOptions['optimizer'];
};

/** Weights, gradients and losses in shared memory: packed as the update takes them, with a view for each of them. */
export function createNetworkMemory(memory: SharedMemory, network: Network) {
  const { weights, trainableNames, statisticNames, partCount, optimizer } = network;
  const trainable = weights.filter(({ name }) => trainableNames.includes(name));
  const packing = planPacking(
    trainable.map(({ name, shape }) => ({ name, shape })),
    optimizer,
  );
  const packed = packing.groups.map(memory.allocateTensor);
  const gradients = Array.from({ length: partCount }, () => packing.groups.map(memory.allocateTensor));
  const losses = gradients.map(() => memory.allocateFloats(1));
  const inputs = [
    ...viewMembers(packing, packed),
    ...weights.filter((weight) => !trainable.includes(weight)).map(memory.allocateTensor),
  ];
  const values = new Map(inputs.map((tensor) => [tensor.name, tensor.values]));
  const moved = weights.filter(({ name }) => statisticNames.includes(name)).map(memory.allocateTensor);
  const parts = gradients.map((part, index) => [
    ...inputs,
    { name: LOSS_OUTPUT, shape: [], values: losses[index] as Float32Array },
    ...viewMembers(packing, part).map((tensor) => ({ ...tensor, name: nameGradient(tensor.name) })),
    ...moved.map((tensor) => ({ ...tensor, name: nameMoved(tensor.name) })),
  ]);
  return {
    packing,
    weights: packed,
    gradients,
    losses,
    parts,
    /** Copies of all weights, in the order in which they were given. */
    readWeights: (): NamedTensor[] =>
      weights.map(({ name, shape }) => ({
        name,
        shape,
        values: Float32Array.from(values.get(name) as Float32Array),
      })),
    /** All of them, in any order; tensors of other names are passed over. */
    writeWeights(tensors: readonly NamedTensor[]): void {
      for (const tensor of tensors) values.get(tensor.name)?.set(tensor.values);
    },
    /** Moving statistics, and where a step leaves their new values. */
    statistics: moved.map((tensor) => ({
      value: values.get(tensor.name) as Float32Array,
      moved: tensor.values,
    })),
  };
}
