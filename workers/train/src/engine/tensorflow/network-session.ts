/**
 * A network in one TensorFlow graph: its weights and the optimizer's slots are variables of the session, a training
 * step and the inference of a batch are one run each. On a GPU all of it stays there between the steps.
 */
import { invariant } from '@microtome/domain/app-error';
import type { DropoutMask } from '../forward.ts';
import type { InitialState } from '../initial-state.ts';
import {
  IMAGES,
  LABELS,
  LEARNING_RATE,
  nameMaskInput,
  PREDICTED_IMAGES,
  SAMPLE_WEIGHTS,
  traceInference,
  traceTrainingStep,
} from '../trace/traced-step.ts';
import type { EngineOptions, NamedTensor, TrainingStepInput } from '../training-engine.ts';
import { type GraphSession, type NativeBinding, openGraphSession } from './graph-session.ts';
import { TensorflowGraph } from './tensorflow-graph.ts';
import { translateNodes } from './translate.ts';

type NetworkSession = {
  /** One per dropout layer; `train` wants values for each, in this order. */
  readonly masks: readonly DropoutMask[];
  /** One optimizer step; gives the loss before it. */
  train(input: TrainingStepInput, masks: readonly Float32Array[]): number;
  /** Logits of a batch of images as predictions have them, which need not be as large as a step's. */
  predict(images: Uint8Array): Float32Array;
  /** Copies of all weights and slots, in the order in which they were given. */
  readTensors(): NamedTensor[];
  writeTensors(tensors: readonly NamedTensor[]): void;
  dispose(): void;
};

type NamedShape = Pick<NamedTensor, 'name' | 'shape'>;

/** The names in the graph of what is fed and fetched. */
type NetworkGraph = {
  graph: TensorflowGraph;
  masks: readonly DropoutMask[];
  inputs: Map<string, { name: string; shape: readonly number[] }>;
  loss: string;
  logits: string;
  variables: (NamedShape & { read: string; written: string })[];
  /** Fetched after all variables were written. */
  allWritten: string;
};

/** Images are fed as bytes. */
const BYTES_TO_FLOATS = { SrcT: { type: 'uint8' }, DstT: { type: 'float32' } } as const;

export function openNetworkSession(
  binding: NativeBinding,
  options: EngineOptions,
  initial: InitialState,
): NetworkSession {
  const network = buildNetworkGraph(options, initial);
  const session = openGraphSession(binding, network.graph);
  const { masks, variables, loss, logits } = network;
  const feed = (key: string, values: Float32Array | Uint8Array) => {
    const input = network.inputs.get(key);
    invariant(input, `the graph has an input '${key}'`);
    return { ...input, values };
  };
  const opened: NetworkSession = {
    masks,
    train(input, maskValues) {
      const feeds = [
        feed(IMAGES, input.images),
        feed(LABELS, input.labels),
        feed(SAMPLE_WEIGHTS, input.sampleWeights),
        feed(LEARNING_RATE, Float32Array.of(input.learningRate)),
        ...masks.map((mask, index) => feed(nameMaskInput(mask), maskValues[index] as Float32Array)),
      ];
      return session.run(feeds, [loss])[0]?.[0] as number;
    },
    predict: (images) => session.run([feed(PREDICTED_IMAGES, images)], [logits])[0] as Float32Array,
    readTensors: () => readVariables(session, variables),
    writeTensors(tensors) {
      const byName = new Map(tensors.map(({ name, values }) => [name, values]));
      const feeds = variables.map(({ name, shape, written }) => ({
        name: written,
        shape,
        values: byName.get(name) as Float32Array,
      }));
      session.run(feeds, [network.allWritten]);
    },
    dispose: () => session.dispose(),
  };
  opened.writeTensors([...initial.weights, ...initial.slots]);
  return opened;
}

function readVariables(session: GraphSession, variables: NetworkGraph['variables']): NamedTensor[] {
  const values = session.run(
    [],
    variables.map(({ read }) => read),
  );
  return variables.map(({ name, shape }, index) => ({
    name,
    shape: [...shape],
    values: values[index] as Float32Array,
  }));
}

export function buildNetworkGraph(options: EngineOptions, initial: InitialState): NetworkGraph {
  const graph = new TensorflowGraph();
  const type = { dtype: { type: 'float32' as const } };
  const handles = new Map(
    [...initial.weights, ...initial.slots].map(({ name, shape }) => [name, graph.addVariable(name, shape)]),
  );
  const inputs: NetworkGraph['inputs'] = new Map();
  const bindInput = (name: string, shape: readonly number[]) => {
    const handle = handles.get(name);
    if (handle) return graph.add('ReadVariableOp', [handle], type);
    const isImages = name === IMAGES || name === PREDICTED_IMAGES;
    const input = inputs.get(name) ?? { name: graph.addInput(isImages ? 'uint8' : 'float32', shape), shape };
    inputs.set(name, input);
    return isImages ? graph.add('Cast', [input.name], BYTES_TO_FLOATS) : input.name;
  };
  const assign = (name: string, value: string) =>
    graph.add('AssignVariableOp', [handles.get(name) as string, value], type);

  const step = traceTrainingStep(options, initial);
  const [loss, ...changed] = translateNodes({
    graph,
    nodes: step.nodes,
    outputs: [step.loss, ...step.changed.values()],
    // Of a step alone: what is measured, and what is predicted later, is float32.
    numbers: options.precision === 'bf16' ? 'bfloat16' : 'float32',
    bindInput,
  }) as [string, ...string[]];
  const assigned = [...step.changed.keys()].map((name, index) => assign(name, changed[index] as string));
  const inference = traceInference(options, initial.weights);
  const [logits] = translateNodes({ graph, ...inference, outputs: [inference.logits], bindInput }) as [
    string,
  ];
  const variables = [...initial.weights, ...initial.slots].map(({ name, shape }) => ({
    name,
    shape,
    read: graph.add('ReadVariableOp', [handles.get(name) as string], type),
    written: graph.addInput('float32', shape),
  }));
  // A variable would share the memory of what is fed, which is the caller's and may be freed on this thread alone.
  const written = variables.map(({ name, written }) =>
    assign(name, graph.add('DeepCopy', [written], { T: { type: 'float32' } })),
  );
  return {
    graph,
    masks: step.masks,
    inputs,
    loss: graph.addBarrier(loss, assigned),
    logits,
    variables,
    allWritten: graph.addBarrier(graph.constant([1], []), written),
  };
}
