/** The update in WebAssembly gives the bits of the formulas, whatever the optimizer and however many parts. */
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { createSharedMemory } from '@microtome/train/engine/onnx/step/shared-memory';
import { createWeightUpdate } from '@microtome/train/engine/onnx/step/weight-update';
import { listSlots, updateWeights } from '@microtome/train/engine/optimizer-update';
import { planPacking, viewMembers } from '@microtome/train/engine/packed-update';
import type { NamedTensor, OptimizerOptions } from '@microtome/train/engine/training-engine';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PLAIN_SGD } from './training-case.ts';

type Tensors = Map<string, tf.Tensor>;

/** Kernels decay, vectors do not; sizes that fill the kernel's lanes and sizes that do not. */
const WEIGHTS = [
  { name: 'a/kernel', shape: [3, 5] },
  { name: 'a/bias', shape: [5] },
  { name: 'b/kernel', shape: [2, 2, 1, 4] },
  { name: 'b/bias', shape: [1] },
];
const LEARNING_RATES = [0.03, 0.001, 0.2];

const optimizer = fc.record({
  optimizer: fc.constantFrom('sgd' as const, 'momentum' as const, 'adam' as const, 'adamw' as const),
  momentum: fc.constantFrom(0, 0.5, 0.9),
  weightDecay: fc.constantFrom(0, 0.01, 0.3),
});

it('gives the bits of the formulas, step after step', () => {
  fc.assert(
    fc.property(optimizer, fc.integer({ min: 1, max: 3 }), fc.nat(), (drawn, partCount, seed) => {
      const { kernel, formulas } = trainBoth({ options: { ...PLAIN_SGD, ...drawn }, partCount, seed });
      expect(kernel).toEqual(formulas);
    }),
    { numRuns: 60 },
  );
});

it('clips gradients by their common norm', () => {
  const options: OptimizerOptions = { ...PLAIN_SGD, gradientClipNorm: 0.5 };
  const { kernel, formulas } = trainBoth({ options, partCount: 2, seed: 4 });
  const free = trainBoth({ options: PLAIN_SGD, partCount: 2, seed: 4 });
  for (const [name, values] of Object.entries(kernel)) {
    for (const [index, value] of values.entries()) {
      expect(value).toBeCloseTo(formulas[name]?.[index] ?? Number.NaN, 6);
    }
  }
  expect(kernel).not.toEqual(free.kernel);
});

function trainBoth(request: { options: OptimizerOptions; partCount: number; seed: number }) {
  const { options, partCount, seed } = request;
  const random = createRandom(seed);
  const draw = () => WEIGHTS.map((weight) => ({ ...weight, values: drawNormal(weight.shape, random) }));
  const start = draw();
  const steps = LEARNING_RATES.map((learningRate) => ({
    learningRate,
    parts: Array.from({ length: partCount }, draw),
  }));
  return { kernel: runKernel(start, steps, options), formulas: runFormulas(start, steps, options) };
}

type Step = { learningRate: number; parts: NamedTensor[][] };

function runKernel(start: readonly NamedTensor[], steps: readonly Step[], options: OptimizerOptions) {
  const memory = createSharedMemory();
  const packing = planPacking(WEIGHTS, options);
  const allocate = () =>
    packing.groups.map(({ name, shape, sizes }) => ({
      name,
      shape,
      values: memory.allocateFloats(sizes.reduce((sum, size) => sum + size, 0)),
    }));
  const weights = allocate();
  const gradients = (steps[0]?.parts ?? []).map(allocate);
  const slots = listSlots(options, WEIGHTS).map(({ name, shape, initialValue }) => ({
    name,
    shape,
    values: new Float32Array(shape.reduce((size, length) => size * length, 1)).fill(initialValue),
  }));
  const update = createWeightUpdate(memory, { packing, weights, gradients, slots }, options);
  update.writeSlots(slots);
  fill(viewMembers(packing, weights), start);
  for (const { learningRate, parts } of steps) {
    for (const [index, part] of parts.entries()) fill(viewMembers(packing, gradients[index] ?? []), part);
    update.run(learningRate);
  }
  return listValues([...viewMembers(packing, weights), ...update.readSlots()]);
}

function fill(views: readonly NamedTensor[], tensors: readonly NamedTensor[]): void {
  const byName = new Map(tensors.map(({ name, values }) => [name, values]));
  for (const { name, values } of views) values.set(byName.get(name) ?? []);
}

function runFormulas(start: readonly NamedTensor[], steps: readonly Step[], options: OptimizerOptions) {
  const toTensors = (tensors: readonly NamedTensor[]): Tensors =>
    new Map(tensors.map(({ name, shape, values }) => [name, tf.tensor(values, shape)]));
  let weights = toTensors(start);
  let slots: Tensors = new Map(
    listSlots(options, WEIGHTS).map(({ name, shape, initialValue }) => [name, tf.fill(shape, initialValue)]),
  );
  for (const { learningRate, parts } of steps) {
    const [first = new Map(), ...others] = parts.map(toTensors);
    const gradients: Tensors = first;
    for (const part of others) {
      for (const [name, tensor] of part)
        gradients.set(name, tf.add(gradients.get(name) as tf.Tensor, tensor));
    }
    const updated = updateWeights({
      options,
      weights,
      slots,
      gradients,
      learningRate: tf.scalar(learningRate),
    });
    weights = updated.weights;
    slots = updated.slots;
  }
  const named = [...weights, ...slots].map(([name, tensor]) => ({
    name,
    shape: tensor.shape,
    values: tensor.dataSync() as Float32Array,
  }));
  return listValues(named);
}

function listValues(tensors: readonly NamedTensor[]): Record<string, number[]> {
  return Object.fromEntries(tensors.map(({ name, values }) => [name, [...values]]));
}

function drawNormal(shape: readonly number[], random: ReturnType<typeof createRandom>): Float32Array {
  return Float32Array.from({ length: shape.reduce((size, length) => size * length, 1) }, () =>
    gaussian(random),
  );
}
