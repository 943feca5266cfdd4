/** Opens a backend by name: loads what it needs, and finds out whether there is a GPU below. */
import os from 'node:os';
import type { BackendName } from '@microtome/domain/run/backends';
import { explainMissingBf16, type Precision } from '@microtome/domain/run/precision';
import { version_core } from '@tensorflow/tfjs';
import type { TensorflowSettings } from '../env.ts';
import { createOnnxEngine } from './onnx/onnx-engine.ts';
import { createTensorEngine } from './tensor-engine.ts';
import { loadNativeTensorflow } from './tensorflow/native-tensorflow.ts';
import { readProcessorFeatures } from './tensorflow/processor-features.ts';
import { createTensorflowEngine } from './tensorflow/tensorflow-engine.ts';
import type { EngineOptions, TrainingEngine } from './training-engine.ts';
import { loadWebgpu } from './webgpu/webgpu-backend.ts';

type Settings = TensorflowSettings;

type OpenedBackend = {
  /** False where it computes on the CPU, whatever its name. */
  usesGpu: boolean;
  /** In which it can train here. */
  precisions: Precision[];
  createEngine(options: EngineOptions): Promise<TrainingEngine>;
};

const ON_CPU = { usesGpu: false, precisions: ['float32' as const] };

/** UNAVAILABLE, with a sentence that says what is missing, where it does not work on this machine. */
export async function openBackend(name: BackendName, settings: Settings): Promise<OpenedBackend> {
  switch (name) {
    case 'onnx':
      return { ...ON_CPU, createEngine: (options) => createOnnxEngine(options) };
    case 'tensorflow': {
      const native = loadNativeTensorflow(settings);
      const { usesGpu } = native;
      return {
        usesGpu,
        precisions: explainMissingBf16({ usesGpu, features: readProcessorFeatures() })
          ? ['float32']
          : ['float32', 'bf16'],
        createEngine: async (options) => createTensorflowEngine(options, native),
      };
    }
    case 'webgpu': {
      const opened = await loadWebgpu(settings);
      const { usesGpu } = opened;
      const createEngine = (options: EngineOptions) => createTensorEngine(options, opened);
      return { usesGpu, precisions: ['float32'], createEngine };
    }
    case 'cpu': {
      const opened = {
        backend: 'cpu',
        device: `${os.cpus()[0]?.model.trim() ?? 'CPU'}, plain JavaScript`,
        versions: { tfjs: version_core },
        usesGpu: false,
        watch: <Result>(work: () => Promise<Result>) => work(),
      } as const;
      return { ...ON_CPU, createEngine: (options) => createTensorEngine(options, opened) };
    }
  }
}
