/**
 * The optimizer's update of a whole network in a few operations. An update is the same arithmetic for every value of
 * every weight, and on a backend that runs each operation by itself, a dozen small operations for each of a hundred
 * weights cost more than the arithmetic. So weights are packed into two long tensors: those that decay, and the rest.
 */
import { invariant } from '@microtome/domain/app-error';
import * as tf from '@tensorflow/tfjs';
import {
  listSlots,
  type NamedShape,
  type OptimizerUpdate,
  type UpdatedTensors,
  updateWeights,
} from './optimizer-update.ts';
import type { NamedTensor, OptimizerOptions } from './training-engine.ts';
import { moveStatistic } from './training-step.ts';

type Group = NamedShape & { members: readonly NamedShape[]; sizes: number[] };

export type Packing = { groups: readonly Group[]; slots: readonly NamedShape[] };

/** Kernels are packed as [1, n] and the rest as [n]: weight decay goes by the rank. */
export function planPacking(trainable: readonly NamedShape[], options: OptimizerOptions): Packing {
  const kernels = trainable.filter(({ shape }) => shape.length > 1);
  const vectors = trainable.filter(({ shape }) => shape.length <= 1);
  const groups = [describeGroup('kernels', kernels), describeGroup('vectors', vectors)].filter(
    ({ members }) => members.length > 0,
  );
  return { groups, slots: listSlots(options, groups) };
}

function describeGroup(name: string, members: readonly NamedShape[]): Group {
  const sizes = members.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return { name, members, sizes, shape: name === 'kernels' ? [1, total] : [total] };
}

/** As `updateWeights`, but slots go in and come out packed. Call inside `tf.tidy`. */
export function updatePacked({ groups }: Packing, update: OptimizerUpdate): UpdatedTensors {
  const pack = (tensors: ReadonlyMap<string, tf.Tensor>) =>
    new Map(groups.map((group) => [group.name, packTensors(group, tensors)]));
  const packed = updateWeights({
    ...update,
    weights: pack(update.weights),
    gradients: pack(update.gradients),
  });
  const weights = groups.flatMap((group) => [
    ...unpackTensor(group, packed.weights.get(group.name) as tf.Tensor),
  ]);
  return { weights: new Map(weights), slots: packed.slots };
}

/** All moving statistics of batch norms at once. Call inside `tf.tidy`. */
export function moveStatisticsPacked(
  weights: ReadonlyMap<string, tf.Tensor>,
  statistics: ReadonlyMap<string, tf.Tensor>,
): Map<string, tf.Tensor> {
  if (statistics.size === 0) return new Map();
  const members = [...statistics].map(([name, { shape }]) => ({ name, shape }));
  const group = describeGroup('statistics', members);
  return unpackTensor(group, moveStatistic(packTensors(group, weights), packTensors(group, statistics)));
}

function packTensors({ members, shape }: Group, tensors: ReadonlyMap<string, tf.Tensor>): tf.Tensor {
  const flat = members.map(({ name }) => {
    const tensor = tensors.get(name);
    invariant(tensor, `there is a tensor '${name}' to pack`);
    return reshape(tensor, [tensor.size]) as tf.Tensor1D;
  });
  return reshape(flat.length === 1 ? (flat[0] as tf.Tensor) : tf.concat(flat), shape);
}

/** A reshape to the same shape is an operation too. */
function reshape(tensor: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return tensor.shape.join() === shape.join() ? tensor : tf.reshape(tensor, [...shape]);
}

function unpackTensor({ members, sizes }: Group, packed: tf.Tensor): Map<string, tf.Tensor> {
  const parts = tf.split(reshape(packed, [packed.size]), sizes);
  return new Map(members.map(({ name, shape }, index) => [name, reshape(parts[index] as tf.Tensor, shape)]));
}

/** The tensors that were packed, as views of the groups' values. */
export function viewMembers({ groups }: Packing, packed: readonly NamedTensor[]): NamedTensor[] {
  const byName = new Map(packed.map(({ name, values }) => [name, values]));
  return groups.flatMap((group) => {
    let end = 0;
    return group.members.map(({ name, shape }, index) => {
      const start = end;
      end += group.sizes[index] as number;
      return { name, shape, values: (byName.get(group.name) as Float32Array).subarray(start, end) };
    });
  });
}

/** A checkpoint's slots, one for each weight, as the engine keeps them. */
export function packSlots({ groups, slots }: Packing, unpacked: readonly NamedTensor[]): NamedTensor[] {
  const byName = new Map(unpacked.map((tensor) => [tensor.name, tensor]));
  return slots.map(({ name, shape }) => {
    const { group, kind } = parseSlotName(groups, name);
    const parts = group ? group.members.map((member) => `${member.name}/${kind}`) : [name];
    return { name, shape, values: joinValues(parts.map((part) => byName.get(part) as NamedTensor)) };
  });
}

/** The inverse, in the order of `expected`. */
export function unpackSlots(
  { groups }: Packing,
  packed: readonly NamedTensor[],
  expected: readonly NamedShape[],
): NamedTensor[] {
  const byName = new Map<string, Float32Array>();
  for (const { name, values } of packed) {
    const { group, kind } = parseSlotName(groups, name);
    if (!group) byName.set(name, values);
    let at = 0;
    group?.members.forEach((member, index) => {
      const end = at + (group.sizes[index] as number);
      byName.set(`${member.name}/${kind}`, values.slice(at, end));
      at = end;
    });
  }
  return expected.map(({ name, shape }) => ({ name, shape, values: byName.get(name) as Float32Array }));
}

/** `kernels/m` is a slot of a group; `beta1Power` belongs to the optimizer as a whole. */
function parseSlotName(groups: readonly Group[], name: string): { group: Group | undefined; kind: string } {
  const [first, kind = ''] = name.split('/');
  return { group: groups.find((group) => group.name === first), kind };
}

function joinValues(tensors: readonly NamedTensor[]): Float32Array {
  const joined = new Float32Array(tensors.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of tensors) {
    joined.set(values, at);
    at += values.length;
  }
  return joined;
}
