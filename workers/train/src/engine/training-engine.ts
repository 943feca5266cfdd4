/**
 * The interface between the worker and the code that computes its training step. An engine owns a network's
 * weights, its optimizer's slots and its random state; the worker hands it batches and asks for figures.
 * Nothing here depends on TensorFlow.js or on ONNX Runtime.
 */

import type { Layer } from '@microtome/domain/network/layer';
import type { BackendName } from '@microtome/domain/run/backends';
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import type { Normalisation } from './normalisation.ts';

export type OptimizerOptions = {
  optimizer: Hyperparameters['optimizer'];
  /** Of the `momentum` optimizer alone, 0..1. */
  momentum: number;
  /** Decoupled from the gradient: kernels shrink by learningRate x weightDecay a step; biases and batch norms do not. */
  weightDecay: number;
  /** Largest global norm of all gradients together; 0 = not clipped. */
  gradientClipNorm: number;
  /** Exponent of the focal loss; 0 = plain cross-entropy. */
  focalGamma: number;
};

export type EngineOptions = {
  layers: readonly Layer[];
  patchSizePx: number;
  batchSize: number;
  /** The colour scale on which the network sees images; the engine computes it. */
  normalisation: Normalisation;
  /** Governs initial weights and dropout masks (two independent streams). */
  seed: number;
  optimizer: OptimizerOptions;
  /** CPU threads of a step; as many as there are cores when left out. */
  threads?: number;
  /** The same bits from the same seed on a GPU too; slower there. `onnx` gives them with as many threads. */
  deterministic?: boolean;
  /** In which numbers a step's convolutions and dense layers compute; weights and loss are float32. float32 when left out. */
  precision?: Hyperparameters['precision'];
};

export type TrainingStepInput = {
  /** [batchSize, patchSizePx, patchSizePx, 3], channels last, RGB from 0 to 255. */
  images: Uint8Array;
  /** [batchSize], 0..1; may be smoothed. */
  labels: Float32Array;
  /** [batchSize], each >= 0. 0 marks a padding row: allowed only where the engine `allowsPadding`. */
  sampleWeights: Float32Array;
  learningRate: number;
};

export type NamedTensor = { name: string; shape: number[]; values: Float32Array };

/** All that a step changes. `restore(state())` on a new engine of the same options goes on bit for bit on `onnx`. */
export type EngineState = {
  tensors: NamedTensor[];
  /** uint32 state of the stream that dropout masks are drawn from. */
  randomState: number;
};

export type TrainingEngine = {
  readonly backend: BackendName;
  /** In words, as the run shows it. */
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly batchSize: number;
  /**
   * Whether a batch may be filled up with rows of weight 0. True where such a batch equals the smaller one
   * exactly. False for a network with batch norm, whose batch statistics a padding row would disturb: the
   * last partial batch of an epoch is then left out (the order is shuffled, so no patch is left out for good).
   */
  readonly allowsPadding: boolean;
  /** One optimizer step; the loss is the batch's weighted mean, sum(w x l) / sum(w), before the step. */
  step(input: TrainingStepInput): Promise<{ loss: number }>;
  /** Raw logits of `count` patches in inference mode with the current weights; any count, batched inside. */
  predictLogits(images: Uint8Array, count: number): Promise<Float32Array>;
  /** A copy; later steps do not change it. */
  state(): Promise<EngineState>;
  /** AppError BAD_INPUT when the state belongs to another network or optimizer. */
  restore(state: EngineState): Promise<void>;
  /** The model's weights (batch norm's moving statistics included), named and ordered as `buildModel` has them. */
  weights(): Promise<NamedTensor[]>;
  dispose(): Promise<void>;
};
