/** Opens a backend by name: loads what it needs, and finds out whether there is a GPU below. */
import os from 'node:os';
import type { BackendName } from '@microtome/domain/run/backends';
import { version_core } from '@tensorflow/tfjs';
import type { TensorflowSettings } from '../env.ts';
import { createOnnxEngine } from './onnx/onnx-engine.ts';
import { createTensorEngine } from './tensor-engine.ts';
import { loadNativeTensorflow } from './tensorflow/native-tensorflow.ts';
import { createTensorflowEngine } from './tensorflow/tensorflow-engine.ts';
import type { EngineOptions, TrainingEngine } from './training-engine.ts';
import { loadWebgpu } from './webgpu/webgpu-backend.ts';

type Settings = TensorflowSettings;

type OpenedBackend = {
  /** False where it computes on the CPU, whatever its name. */
  usesGpu: boolean;
  createEngine(options: EngineOptions): Promise<TrainingEngine>;
};

/** UNAVAILABLE, with a sentence that says what is missing, where it does not work on this machine. */
export async function openBackend(name: BackendName, settings: Settings): Promise<OpenedBackend> {
  switch (name) {
    case 'onnx':
      return { usesGpu: false, createEngine: (options) => createOnnxEngine(options) };
    case 'tensorflow': {
      const native = loadNativeTensorflow(settings);
      return {
        usesGpu: native.usesGpu,
        createEngine: async (options) => createTensorflowEngine(options, native),
      };
    }
    case 'webgpu': {
      const opened = await loadWebgpu(settings);
      return { usesGpu: opened.usesGpu, createEngine: (options) => createTensorEngine(options, opened) };
    }
    case 'cpu': {
      const opened = {
        backend: 'cpu',
        device: `${os.cpus()[0]?.model.trim() ?? 'CPU'}, plain JavaScript`,
        versions: { tfjs: version_core },
        usesGpu: false,
        watch: <Result>(work: () => Promise<Result>) => work(),
      } as const;
      return { usesGpu: false, createEngine: (options) => createTensorEngine(options, opened) };
    }
  }
}
