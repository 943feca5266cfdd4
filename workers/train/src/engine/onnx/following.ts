/** Looks ahead: what the next operations do to a result that only they use, and that can be done at once. */
import type { TracedNode } from '../trace/traced-node.ts';
import { getInput, type Translation } from './translation.ts';

/** The name of a vector that the node's only user adds to its result, if it is known already. */
export function findFollowingBias(translation: Translation, node: TracedNode): string | null {
  const consumer = findOnlyConsumer(translation, node);
  if (consumer?.op !== 'Add' || consumer.inputs[0]?.node !== node) return null;
  const addend = getInput(consumer, 1);
  if (addend.node === node || !translation.isTranslated(addend)) return null;
  const stored = translation.read(addend);
  return stored.shape.length === 1 ? translation.plain(stored) : null;
}

/** Whether the node's result (after the bias, if one follows) goes through a ReLU and nowhere else. */
export function followsRelu(translation: Translation, node: TracedNode, hasBias: boolean): boolean {
  const next = findOnlyConsumer(translation, node);
  const last = hasBias && next ? findOnlyConsumer(translation, next) : next;
  return last?.op === 'Relu';
}

function findOnlyConsumer(translation: Translation, node: TracedNode): TracedNode | null {
  const [consumer, ...others] = translation.listConsumers(node);
  return others.length === 0 ? (consumer ?? null) : null;
}
