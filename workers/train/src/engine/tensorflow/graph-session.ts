/**
 * A TensorFlow graph that runs in a session of native TensorFlow, through the package's addon: what it offers for saved
 * models, called directly. Tensors of TensorFlow.js do not come into it, so nothing is copied that need not be.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { invariant } from '@microtome/domain/app-error';
import { GRAPH_TAG, type TensorflowGraph } from './tensorflow-graph.ts';

type Values = Float32Array | Int32Array | Uint8Array;

/** What of the package's addon is used here. */
export type NativeBinding = {
  TF_FLOAT: number;
  TF_INT32: number;
  TF_UINT8: number;
  TF_Version: string;
  isUsingGpuDevice(): boolean;
  createTensor(shape: readonly number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Values;
  getNumOfTensors(): number;
  loadSavedModel(folder: string, tag: string): number;
  deleteSavedModel(session: number): void;
  runSavedModel(session: number, fed: number[], fedNames: string, fetchedNames: string): { id: number }[];
};

type Feed = { name: string; shape: readonly number[]; values: Values };

export type GraphSession = {
  /** Runs what `fetched` depends on, and gives a copy of each. */
  run(feeds: readonly Feed[], fetched: readonly string[]): Float32Array[];
  dispose(): void;
};

export function openGraphSession(binding: NativeBinding, graph: TensorflowGraph): GraphSession {
  const session = loadGraph(binding, graph);
  return {
    run(feeds, fetched) {
      const fed: number[] = [];
      try {
        for (const { shape, values } of feeds) {
          fed.push(binding.createTensor(shape, findType(binding, values), values));
        }
        const outputs = binding.runSavedModel(
          session,
          fed,
          feeds.map(({ name }) => name).join(),
          fetched.join(),
        );
        return outputs.map(({ id }) => readOnce(binding, id));
      } finally {
        for (const id of fed) binding.deleteTensor(id);
      }
    },
    dispose: () => binding.deleteSavedModel(session),
  };
}

/** TensorFlow takes a graph from a folder alone, and needs it no more once it is loaded. */
function loadGraph(binding: NativeBinding, graph: TensorflowGraph): number {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'microtome-graph-'));
  try {
    writeFileSync(path.join(folder, 'saved_model.pbtxt'), graph.encode());
    return binding.loadSavedModel(folder, GRAPH_TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readOnce(binding: NativeBinding, id: number): Float32Array {
  try {
    const values = binding.tensorDataSync(id);
    invariant(values instanceof Float32Array, 'what is fetched is float32');
    return values;
  } finally {
    binding.deleteTensor(id);
  }
}

function findType(binding: NativeBinding, values: Values): number {
  if (values instanceof Float32Array) return binding.TF_FLOAT;
  return values instanceof Int32Array ? binding.TF_INT32 : binding.TF_UINT8;
}
