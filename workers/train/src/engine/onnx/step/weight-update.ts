/**
 * The end of a step: adds the gradients of its parts up and moves the weights by them, in place. WebAssembly passes once
 * over what the update's formulas (`optimizer-update.ts`) ask for, in their order, so that the bits are theirs.
 */
import { readFileSync } from 'node:fs';
import { ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, BETA1_POWER, BETA2_POWER } from '../../optimizer-update.ts';
import { type Packing, packSlots, unpackSlots } from '../../packed-update.ts';
import type { NamedTensor, OptimizerOptions } from '../../training-engine.ts';
import { VECTOR_LANES } from './kernel-limits.ts';
import type { SharedMemory } from './shared-memory.ts';

/** Addresses and counts as the kernel's source has them. */
type Kernel = {
  addTo(target: number, source: number, vectors: number): void;
  sumSquares(source: number, vectors: number): number;
  multiply(target: number, vectors: number, factor: number): void;
  moveBySgd(...all: number[]): void;
  moveByMomentum(...all: number[]): void;
  moveByAdam(...all: number[]): void;
};

type WeightUpdate = {
  /** Writes over the gradients of the first part. */
  run(learningRate: number): void;
  /** Copies, unpacked, in the order in which they were given. */
  readSlots(): NamedTensor[];
  writeSlots(tensors: readonly NamedTensor[]): void;
};

type Tensors = {
  packing: Packing;
  /** Packed. */
  weights: readonly NamedTensor[];
  /** Of each part, packed. */
  gradients: readonly (readonly NamedTensor[])[];
  slots: readonly NamedTensor[];
};

/** Weights that are moved together, by their addresses. */
type Group = {
  decays: boolean;
  vectors: number;
  weights: number;
  /** Of each part; their sum comes to stand in the first. */
  gradients: readonly number[];
  /** By kind: 'm', 'v', 'momentum'. */
  slots: ReadonlyMap<string, number>;
};

const kernelModule = new WebAssembly.Module(readFileSync(new URL('./update-kernel.wasm', import.meta.url)));

export function createWeightUpdate(
  memory: SharedMemory,
  tensors: Tensors,
  options: OptimizerOptions,
): WeightUpdate {
  const { packing, slots } = tensors;
  const env = { memory: memory.memory };
  const kernel = new WebAssembly.Instance(kernelModule, { env }).exports as Kernel;
  const packed = packing.slots.map(memory.allocateTensor);
  const byName = new Map(packed.map(({ name, values }) => [name, values]));
  const groups = listGroups(tensors, byName);
  return {
    run(learningRate) {
      for (const group of groups) addUpParts(kernel, group);
      if (options.gradientClipNorm > 0) clipGradients(kernel, groups, options.gradientClipNorm);
      countStep(byName);
      for (const group of groups) {
        moveWeights(kernel, group, { options, learningRate: Math.fround(learningRate), slots: byName });
      }
    },
    readSlots() {
      const copies = packed.map((slot) => ({ ...slot, values: Float32Array.from(slot.values) }));
      return unpackSlots(packing, copies, slots);
    },
    writeSlots(fresh) {
      for (const { name, values } of packSlots(packing, fresh)) byName.get(name)?.set(values);
    },
  };
}

function listGroups({ weights, gradients }: Tensors, slots: ReadonlyMap<string, Float32Array>): Group[] {
  return weights.map(({ name, shape, values }, index) => {
    const own = [...slots].filter(([slot]) => slot.startsWith(`${name}/`));
    return {
      decays: shape.length > 1,
      vectors: Math.ceil(values.length / VECTOR_LANES),
      weights: values.byteOffset,
      gradients: gradients.map((part) => (part[index] as NamedTensor).values.byteOffset),
      slots: new Map(own.map(([slot, { byteOffset }]) => [slot.slice(name.length + 1), byteOffset])),
    };
  });
}

function addUpParts(kernel: Kernel, { gradients: [sum = 0, ...others], vectors }: Group): void {
  for (const other of others) kernel.addTo(sum, other, vectors);
}

function clipGradients(kernel: Kernel, groups: readonly Group[], clipNorm: number): void {
  const squares = groups.reduce(
    (sum, { gradients, vectors }) => sum + kernel.sumSquares(gradients[0] ?? 0, vectors),
    0,
  );
  const factor = clipNorm / Math.max(Math.sqrt(squares), clipNorm);
  for (const { gradients, vectors } of groups) kernel.multiply(gradients[0] ?? 0, vectors, factor);
}

type Move = {
  options: OptimizerOptions;
  learningRate: number;
  slots: ReadonlyMap<string, Float32Array>;
};

function moveWeights(kernel: Kernel, group: Group, { options, learningRate, slots }: Move): void {
  const decay = group.decays ? learningRate * Math.fround(options.weightDecay) : 0;
  const [gradient = 0] = group.gradients;
  const place = (kind: string) => group.slots.get(kind) ?? 0;
  const rates = [group.vectors, learningRate, decay];
  switch (options.optimizer) {
    case 'sgd':
      kernel.moveBySgd(group.weights, gradient, ...rates);
      break;
    case 'momentum':
      kernel.moveByMomentum(group.weights, place('momentum'), gradient, ...rates, options.momentum);
      break;
    case 'adam':
    case 'adamw': {
      const betas = [ADAM_BETA1, 1 - ADAM_BETA1, ADAM_BETA2, 1 - ADAM_BETA2];
      const places = [group.weights, place('m'), place('v'), gradient];
      kernel.moveByAdam(...places, ...rates, ...betas, ...correctBias(slots), ADAM_EPSILON);
    }
  }
}

/** Adam's betas to the power of the steps so far. */
function countStep(slots: ReadonlyMap<string, Float32Array>): void {
  for (const [name, beta] of [
    [BETA1_POWER, ADAM_BETA1],
    [BETA2_POWER, ADAM_BETA2],
  ] as const) {
    const power = slots.get(name);
    if (power) power[0] = (power[0] as number) * Math.fround(beta);
  }
}

/** Rounded to float32 after each operation, as a graph does it. */
function correctBias(slots: ReadonlyMap<string, Float32Array>): [first: number, second: number] {
  const invert = (name: string) => Math.fround(1 / Math.fround(1 - (slots.get(name)?.[0] ?? 0)));
  return [invert(BETA1_POWER), Math.fround(Math.sqrt(invert(BETA2_POWER)))];
}
