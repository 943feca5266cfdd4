/** Translations of batch norm: with fixed statistics, and in training with its closed-form gradient. */
import { invariant } from '@microtome/domain/app-error';
import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL } from '../batch-norm.ts';
import type { TracedNode } from '../trace/traced-node.ts';
import {
  addBlockedBatchNorm,
  addBlockedBatchNormGradient,
  type BlockedNormNote,
} from './blocked-batch-norm.ts';
import { getInput, type Stored, storeAs, type Translation, type Translator } from './translation.ts';

export const BATCH_NORM_TRANSLATORS: Readonly<Record<string, Translator>> = {
  FusedBatchNorm: translateInference,
  [BATCH_NORM_KERNEL]: translateTraining,
  [BATCH_NORM_GRADIENT_KERNEL]: translateGradient,
};

/** What the forward pass leaves for the gradient; all of shape [1, c, 1, 1] but the first. */
type ForwardNote = { centred: string; inverseDeviation: string; pixels: number };

function translateInference(translation: Translation, node: TracedNode): Stored[] {
  const [x, mean, variance, offset, scale] = node.inputs.map((input) => translation.read(input));
  invariant(x && mean && variance && offset && scale, 'batch norm has five operands');
  const { epsilon } = node.attributes as { epsilon: number };
  const operands = [
    translation.channelsFirst(x),
    ...[scale, offset, mean, variance].map((operand) => translation.plain(operand)),
  ];
  const name = translation.graph.add('BatchNormalization', operands, { epsilon: { float: epsilon } });
  return [storeAs(node, name, 'channelsFirst')];
}

function translateTraining(translation: Translation, node: TracedNode): Stored[] {
  const { graph } = translation;
  const { epsilon } = node.attributes as { epsilon: number };
  const input = translation.input(node, 0);
  if (input.layout === 'blocked') return addBlockedBatchNorm(translation, node, epsilon);
  const x = asImages(translation, input);
  const [gamma, beta] = [asColumn(translation, node, 1), asColumn(translation, node, 2)];
  const mean = graph.add('ReduceMean', [x], { axes: [0, 2, 3], keepdims: 1 });
  const centred = graph.add('Sub', [x, mean]);
  const squares = graph.add('Mul', [centred, centred]);
  const variance = graph.add('ReduceMean', [squares], { axes: [0, 2, 3], keepdims: 1 });
  const deviation = graph.add('Sqrt', [graph.add('Add', [variance, graph.scalar(epsilon)])]);
  const inverseDeviation = graph.add('Reciprocal', [deviation]);
  const scaled = graph.add('Mul', [centred, graph.add('Mul', [inverseDeviation, gamma])]);
  const channels = input.shape[input.shape.length - 1] as number;
  const pixels = input.shape.reduce((product, length) => product * length, 1) / channels;
  translation.setNote(node, { centred, inverseDeviation, pixels } satisfies ForwardNote);
  return [
    storeImages(translation, node, graph.add('Add', [scaled, beta])),
    storeAs(node, translation.reshape(mean, [channels]), 'plain', 1),
    storeAs(node, translation.reshape(variance, [channels]), 'plain', 2),
  ];
}

function translateGradient(translation: Translation, node: TracedNode): Stored[] {
  const { graph } = translation;
  const note = translation.findNote(getInput(node, 3).node) as ForwardNote | BlockedNormNote | undefined;
  invariant(note, 'batch norm in training was translated before its gradient');
  if (!('centred' in note)) return addBlockedBatchNormGradient(translation, node, note);
  const { centred, inverseDeviation, pixels } = note;
  const channels = node.outputs[1]?.shape[0] as number;
  const dy = asImages(translation, translation.input(node, 0));
  const axes = graph.integers([0, 2, 3]);
  const sum = graph.add('ReduceSum', [dy, axes], { keepdims: 1 });
  const correlation = graph.add('ReduceSum', [graph.add('Mul', [dy, centred]), axes], { keepdims: 1 });
  const scale = graph.add('Mul', [inverseDeviation, asColumn(translation, node, 2)]);
  const share = graph.add('Mul', [scale, graph.scalar(-1 / pixels)]);
  const slope = graph.add('Mul', [
    graph.add('Mul', [share, correlation]),
    graph.add('Mul', [inverseDeviation, inverseDeviation]),
  ]);
  const offset = graph.add('Mul', [share, sum]);
  const rest = graph.add('Add', [graph.add('Mul', [centred, slope]), offset]);
  return [
    storeImages(translation, node, graph.add('Add', [graph.add('Mul', [dy, scale]), rest])),
    storeAs(
      node,
      translation.reshape(graph.add('Mul', [correlation, inverseDeviation]), [channels]),
      'plain',
      1,
    ),
    storeAs(node, translation.reshape(sum, [channels]), 'plain', 2),
  ];
}

/** As [n, c, h, w]; flat features [n, c] are images of one pixel. */
function asImages(translation: Translation, stored: Stored): string {
  if (stored.shape.length === 4) return translation.channelsFirst(stored);
  return translation.reshape(translation.plain(stored), [...stored.shape, 1, 1]);
}

function storeImages(translation: Translation, node: TracedNode, name: string): Stored {
  const shape = node.outputs[0]?.shape ?? [];
  if (shape.length === 4) return storeAs(node, name, 'channelsFirst');
  return storeAs(node, translation.reshape(name, shape));
}

/** A vector over channels as [1, c, 1, 1]. */
function asColumn(translation: Translation, node: TracedNode, index: number): string {
  return translation.reshape(translation.plain(translation.input(node, index)), [1, -1, 1, 1]);
}
