/**
 * The end of a step: adds the gradients of its parts up and moves the weights by them, in place. WebAssembly passes once
 * over what the update's formulas (`optimizer-update.ts`) ask for, in their order, so that the bits are theirs.
 */
import { readFileSync } from 'node:fs';
import { countElements } from '../../initial-state.ts';
import { ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, BETA1_POWER, BETA2_POWER } from '../../optimizer-update.ts';
import { type Packing, packSlots, unpackSlots } from '../../packed-update.ts';
import type { NamedTensor, OptimizerOptions } from '../../training-engine.ts';
import type { SharedMemory } from './shared-memory.ts';

/** Float32 numbers that the kernel takes at once. */
const LANES = 4;

/** Addresses and counts as the kernel's source has them. */
type Kernel = {
  addTo(target: number, source: number, vectors: number): void;
  sumSquares(source: number, vectors: number): number;
  multiply(target: number, vectors: number, factor: number): void;
  moveBySgd(...all: number[]): void;
  moveByMomentum(...all: number[]): void;
  moveByAdam(...all: number[]): void;
};

export type WeightUpdate = {
  /** Writes over the gradients of the first part. */
  run(learningRate: number): void;
  /** Copies, unpacked, in the order in which they were given. */
  readSlots(): NamedTensor[];
  writeSlots(tensors: readonly NamedTensor[]): void;
};

const kernelModule = new WebAssembly.Module(readFileSync(new URL('./update-kernel.wasm', import.meta.url)));

export function createWeightUpdate(
  memory: SharedMemory,
  tensors: {
    packing: Packing;
    /** Packed. */
    weights: readonly NamedTensor[];
    /** Of each part, packed. */
    gradients: readonly (readonly NamedTensor[])[];
    slots: readonly NamedTensor[];
  },
  options: OptimizerOptions,
): WeightUpdate {
  const { packing, weights, gradients, slots } = tensors;
  const env = { memory: memory.memory };
  const kernel = new WebAssembly.Instance(kernelModule, { env }).exports as Kernel;
  const packed = packing.slots.map(({ name, shape }) => ({
    name,
    shape: [...shape],
    values: memory.allocateFloats(countElements(shape)),
  }));
  const slotsByName = new Map(packed.map(({ name, values }) => [name, values]));
  const getSlot = (name: string) => slotsByName.get(name) as Float32Array;
  const groups = weights.map(({ name, shape, values }, index) => ({
    name,
    decays: shape.length > 1,
    weights: values.byteOffset,
    gradients: gradients.map((part) => (part[index] as NamedTensor).values.byteOffset),
    vectors: Math.ceil(values.length / LANES),
  }));
  type Group = (typeof groups)[number];

  function clip(): void {
    const squares = groups.reduce(
      (sum, group) => sum + kernel.sumSquares(group.gradients[0] ?? 0, group.vectors),
      0,
    );
    const factor = options.gradientClipNorm / Math.max(Math.sqrt(squares), options.gradientClipNorm);
    for (const group of groups) kernel.multiply(group.gradients[0] ?? 0, group.vectors, factor);
  }

  function move(group: Group, learningRate: number): void {
    const decay = group.decays ? learningRate * Math.fround(options.weightDecay) : 0;
    const gradient = group.gradients[0] ?? 0;
    const place = (kind: string) => getSlot(`${group.name}/${kind}`).byteOffset;
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
        const corrections = correctBias(getSlot(BETA1_POWER), getSlot(BETA2_POWER));
        const places = [group.weights, place('m'), place('v'), gradient];
        kernel.moveByAdam(...places, ...rates, ...betas, ...corrections, ADAM_EPSILON);
      }
    }
  }

  return {
    run(learningRate) {
      for (const { gradients, vectors } of groups) {
        const [sum = 0, ...others] = gradients;
        for (const other of others) kernel.addTo(sum, other, vectors);
      }
      if (options.gradientClipNorm > 0) clip();
      countStep(slotsByName);
      for (const group of groups) move(group, Math.fround(learningRate));
    },
    readSlots() {
      const copies = packed.map((slot) => ({ ...slot, values: Float32Array.from(slot.values) }));
      return unpackSlots(packing, copies, slots);
    },
    writeSlots(tensors) {
      for (const { name, values } of packSlots(packing, tensors)) getSlot(name).set(values);
    },
  };
}

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
function correctBias(
  [power1 = 0]: Float32Array,
  [power2 = 0]: Float32Array,
): [first: number, second: number] {
  const first = Math.fround(1 / Math.fround(1 - power1));
  const second = Math.fround(Math.sqrt(Math.fround(1 / Math.fround(1 - power2))));
  return [first, second];
}
