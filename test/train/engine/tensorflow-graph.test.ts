/** What is handed to TensorFlow, the graph of a network and settings, as it is written: needs no TensorFlow. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { getArchitecture } from '@microtome/domain/network/architectures';
import { createInitialState } from '@microtome/train/engine/initial-state';
import { buildNetworkGraph } from '@microtome/train/engine/tensorflow/network-session';
import { readProcessorFeatures } from '@microtome/train/engine/tensorflow/processor-features';
import { TensorflowGraph } from '@microtome/train/engine/tensorflow/tensorflow-graph';
import { translateNodes } from '@microtome/train/engine/tensorflow/translate';
import type { EngineOptions } from '@microtome/train/engine/training-engine';
import { setTensorflowEnv } from '@microtome/train/env';
import { expect, it } from 'vitest';
import { NORMALISATION, PLAIN_SGD } from './training-case.ts';

function writeGraph(architecture: string, precision?: EngineOptions['precision']): string {
  const options: EngineOptions = {
    layers: getArchitecture(architecture).layers({ width: 0.25, dropoutRate: 0.5 }),
    patchSizePx: 16,
    batchSize: 4,
    normalisation: NORMALISATION,
    seed: 3,
    optimizer: { ...PLAIN_SGD, optimizer: 'adam' },
    precision,
  };
  return buildNetworkGraph(options, createInitialState(options)).graph.encode();
}

const countNodes = (text: string, op: string) => text.split(`op: "${op}" `).length - 1;

it('has batch norm, biases and their gradients as one operation each', () => {
  const text = writeGraph('mobile');
  // In inference it is folded into the convolutions.
  expect(countNodes(text, 'FusedBatchNormV3')).toBe(countNodes(text, 'FusedBatchNormGradV3'));
  expect(countNodes(text, 'FusedBatchNormGradV3')).toBeGreaterThan(10);
  expect(countNodes(text, 'ReluGrad')).toBeGreaterThan(10);
  // Of these it would be composed.
  for (const op of ['Greater', 'Tile', 'SquaredDifference']) expect(countNodes(text, op)).toBe(0);
  expect(countNodes(writeGraph('shallow'), 'BiasAddGrad')).toBe(5);
});

it('leaves pixels out before a convolution of one pixel, not in it', () => {
  const lines = writeGraph('resnet').split('\n');
  const strided = lines.filter((line) => /op: "Conv2D/.test(line) && line.includes('i: 1 i: 2 i: 2 i: 1'));
  // Two blocks halve the image: a 3x3 convolution each, in training (with two gradients), in inference, and folded there.
  expect(strided).toHaveLength(2 * 5);
  expect(countNodes(lines.join('\n'), 'StridedSliceGrad')).toBe(2);
});

it('reads every variable once in a step, before anything is assigned to it', () => {
  const text = writeGraph('shallow');
  expect(countNodes(text, 'ReadVariableOp')).toBe(countNodes(text, 'VarHandleOp'));
  // In a step and when a state is written.
  expect(countNodes(text, 'AssignVariableOp')).toBe(2 * countNodes(text, 'VarHandleOp'));
});

it('computes convolutions and dense layers of a step alone in bfloat16 when asked to', () => {
  const [text, plain] = [writeGraph('shallow', 'bf16'), writeGraph('shallow')];
  expect(plain).not.toContain('DT_BFLOAT16');
  const lines = text.split('\n');
  const count = (op: RegExp, type: string) =>
    lines.filter((line) => op.test(line) && line.includes(`key: "T" value { type: ${type} }`)).length;
  // Three forward, three by filters, two by what enters; inference, the same three, stays as it is.
  expect(count(/op: "Conv2D/, 'DT_BFLOAT16')).toBe(8);
  expect(count(/op: "Conv2D/, 'DT_FLOAT')).toBe(3);
  // Of the two dense layers the one that ends in the logit is left alone.
  expect(count(/op: "MatMul"/, 'DT_BFLOAT16')).toBe(3);
  expect(count(/op: "MatMul"/, 'DT_FLOAT')).toBe(3 + 2);
  // Weights, slots and the optimizer's arithmetic.
  for (const op of [
    /op: "(VarHandleOp|ReadVariableOp|AssignVariableOp|Placeholder)"/,
    /op: "(Mul|AddV2|Sub|RealDiv|Sqrt)"/,
  ])
    expect(lines.filter((line) => op.test(line) && line.includes('DT_BFLOAT16'))).toEqual([]);
});

it('names an operation that has no translation', () => {
  const node = {
    op: 'Einsum',
    inputs: [],
    attributes: {},
    outputs: [{ shape: [2], dtype: 'float32' as const }],
  };
  const request = { nodes: [node], outputs: [{ node, output: 0 }], bindInput: (name: string) => name };
  expect(() => translateNodes({ graph: new TensorflowGraph(), ...request })).toThrow(
    "The operation 'Einsum' has no translation to TensorFlow.",
  );
});

it('asks TensorFlow for oneDNN, one operation at a time, the given threads and, when told to, the same bits', () => {
  const settings: NodeJS.ProcessEnv = {};
  setTensorflowEnv({ deterministic: true, threads: 3 }, settings);
  expect(settings).toMatchObject({
    TF_DETERMINISTIC_OPS: '1',
    TF_ENABLE_ONEDNN_OPTS: '1',
    TF_NUM_INTEROP_THREADS: '1',
    TF_NUM_INTRAOP_THREADS: '3',
  });
  const own: NodeJS.ProcessEnv = { TF_ENABLE_ONEDNN_OPTS: '0' };
  setTensorflowEnv({ deterministic: false }, own);
  expect(own).toMatchObject({ TF_ENABLE_ONEDNN_OPTS: '0' });
  expect(own).not.toHaveProperty('TF_DETERMINISTIC_OPS');
});

it("finds out what an x86 processor can do from Linux's list, and nothing where there is none", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'processor-'));
  const file = path.join(folder, 'cpuinfo');
  await writeFile(file, 'processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16\nbugs\t\t:\n');
  expect([...readProcessorFeatures(file)]).toEqual(['fpu', 'avx2', 'avx512_bf16']);
  await writeFile(file, 'processor\t: 0\nFeatures\t: fp asimd bf16\n');
  expect([...readProcessorFeatures(file)]).toEqual([]);
  await rm(folder, { recursive: true });
  expect([...readProcessorFeatures(file)]).toEqual([]);
});
