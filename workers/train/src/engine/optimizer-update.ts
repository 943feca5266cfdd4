/**
 * One update of all weights from their gradients, as a function: old weights and slots in, new ones out.
 * The formulas are those of TensorFlow.js's own optimizers, with decoupled weight decay and clipping added.
 */
import { invariant } from '@microtome/domain/app-error';
import * as tf from '@tensorflow/tfjs';
import type { OptimizerOptions } from './training-engine.ts';

export const ADAM_BETA1 = 0.9;
export const ADAM_BETA2 = 0.999;
export const ADAM_EPSILON = 1e-7;
export const BETA1_POWER = 'beta1Power';
export const BETA2_POWER = 'beta2Power';

export type NamedShape = { name: string; shape: number[] };

/** What an optimizer remembers between steps; every slot starts at `initialValue` throughout. */
type SlotSpec = NamedShape & { initialValue: number };

export type OptimizerUpdate = {
  weights: ReadonlyMap<string, tf.Tensor>;
  gradients: ReadonlyMap<string, tf.Tensor>;
  slots: ReadonlyMap<string, tf.Tensor>;
  learningRate: tf.Scalar;
  options: OptimizerOptions;
};

export type UpdatedTensors = { weights: Map<string, tf.Tensor>; slots: Map<string, tf.Tensor> };

/** Lists the slots that an optimizer needs for these trainable weights. */
export function listSlots(options: OptimizerOptions, weights: readonly NamedShape[]): SlotSpec[] {
  const slotsOf = (kind: string) =>
    weights.map(({ name, shape }) => ({ name: `${name}/${kind}`, shape, initialValue: 0 }));
  switch (options.optimizer) {
    case 'sgd':
      return [];
    case 'momentum':
      return slotsOf('momentum');
    case 'adam':
    case 'adamw':
      return [
        { name: BETA1_POWER, shape: [], initialValue: 1 },
        { name: BETA2_POWER, shape: [], initialValue: 1 },
        ...slotsOf('m'),
        ...slotsOf('v'),
      ];
  }
}

/** Updates every weight that has a gradient; the others are not in the result. */
export function updateWeights(update: OptimizerUpdate): UpdatedTensors {
  const { options, weights, learningRate } = update;
  const gradients = clipGradients(update.gradients, options.gradientClipNorm);
  const steps = computeSteps({ ...update, gradients });
  const updated = new Map<string, tf.Tensor>();
  for (const [name, step] of steps.steps) {
    const weight = getTensor(weights, name);
    const moved = tf.sub(weight, tf.mul(learningRate, step));
    // Only kernels decay: shrinking biases and batch norms would fight the data, not overfitting.
    const decays = options.weightDecay > 0 && weight.rank > 1;
    const decay = decays ? tf.mul(tf.mul(learningRate, options.weightDecay), weight) : null;
    updated.set(name, decay ? tf.sub(moved, decay) : moved);
  }
  return { weights: updated, slots: steps.slots };
}

type Steps = { steps: Map<string, tf.Tensor>; slots: Map<string, tf.Tensor> };

/** What is subtracted per unit of learning rate, and the new slots. */
function computeSteps(update: OptimizerUpdate): Steps {
  switch (update.options.optimizer) {
    case 'sgd':
      return { steps: new Map(update.gradients), slots: new Map() };
    case 'momentum':
      return computeMomentumSteps(update);
    case 'adam':
    case 'adamw':
      return computeAdamSteps(update);
  }
}

function computeMomentumSteps({ gradients, slots, options }: OptimizerUpdate): Steps {
  const steps = new Map<string, tf.Tensor>();
  const newSlots = new Map<string, tf.Tensor>();
  for (const [name, gradient] of gradients) {
    const slotName = `${name}/momentum`;
    const velocity = tf.add(tf.mul(getTensor(slots, slotName), options.momentum), gradient);
    steps.set(name, velocity);
    newSlots.set(slotName, velocity);
  }
  return { steps, slots: newSlots };
}

/** Kingma & Ba 2015, algorithm 1, with epsilon outside of the bias correction as TensorFlow.js has it. */
function computeAdamSteps({ gradients, slots }: OptimizerUpdate): Steps {
  const beta1Power = tf.mul(getTensor(slots, BETA1_POWER), ADAM_BETA1);
  const beta2Power = tf.mul(getTensor(slots, BETA2_POWER), ADAM_BETA2);
  const newSlots = new Map<string, tf.Tensor>([
    [BETA1_POWER, beta1Power],
    [BETA2_POWER, beta2Power],
  ]);
  const firstCorrection = tf.div(1, tf.sub(1, beta1Power));
  const secondCorrection = tf.sqrt(tf.div(1, tf.sub(1, beta2Power)));
  const steps = new Map<string, tf.Tensor>();
  for (const [name, gradient] of gradients) {
    const m = blend(getTensor(slots, `${name}/m`), gradient, ADAM_BETA1);
    const v = blend(getTensor(slots, `${name}/v`), tf.mul(gradient, gradient), ADAM_BETA2);
    const deviation = tf.add(tf.mul(tf.sqrt(v), secondCorrection), ADAM_EPSILON);
    steps.set(name, tf.div(tf.mul(m, firstCorrection), deviation));
    newSlots.set(`${name}/m`, m);
    newSlots.set(`${name}/v`, v);
  }
  return { steps, slots: newSlots };
}

function clipGradients(
  gradients: ReadonlyMap<string, tf.Tensor>,
  clipNorm: number,
): ReadonlyMap<string, tf.Tensor> {
  if (clipNorm <= 0) return gradients;
  const squares = [...gradients.values()].map((gradient) => tf.sum(tf.mul(gradient, gradient)));
  const norm = tf.sqrt(squares.reduce((total, square) => tf.add(total, square)));
  const scale = tf.div(clipNorm, tf.maximum(norm, clipNorm));
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, scale)]));
}

function blend(old: tf.Tensor, fresh: tf.Tensor, keep: number): tf.Tensor {
  return tf.add(tf.mul(old, keep), tf.mul(fresh, 1 - keep));
}

function getTensor(tensors: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor {
  const tensor = tensors.get(name);
  invariant(tensor, `the optimizer has a tensor '${name}'`);
  return tensor;
}
