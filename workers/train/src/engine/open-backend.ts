/** Opens a backend by name: loads what it needs, and finds out whether there is a GPU below. */
import os from 'node:os';
import { AppError } from '@microtome/domain/app-error';
import { type BackendName, GPU_BACKENDS } from '@microtome/domain/run/backends';
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

/** The best backend with a GPU below it, or null: on a CPU none of them is preferred to the one made for it. */
export async function openGpuBackend(settings: Settings): Promise<OpenedBackend | null> {
  for (const name of GPU_BACKENDS) {
    const opened = await openBackend(name, settings).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'UNAVAILABLE') return null;
      throw error;
    });
    if (opened?.usesGpu) return opened;
  }
  return null;
}
