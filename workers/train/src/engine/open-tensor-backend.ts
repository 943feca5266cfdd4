/** Opens the backends that TensorFlow.js itself computes on, and finds out whether there is a GPU below. */
import os from 'node:os';
import { AppError } from '@microtome/domain/app-error';
import { version_core } from '@tensorflow/tfjs';
import type { TensorflowSettings } from '../env.ts';
import type { TensorBackend } from './tensor-engine.ts';
import { loadNativeTensorflow } from './tensorflow/native-tensorflow.ts';
import { loadWebgpu } from './webgpu/webgpu-backend.ts';

type Settings = TensorflowSettings;

/** Backends that may have a GPU below, best first. */
export const GPU_BACKENDS = ['tensorflow', 'webgpu'] as const;

/** UNAVAILABLE, with a sentence that says what is missing, where it does not work on this machine. */
export async function openTensorBackend(
  name: TensorBackend['backend'],
  settings: Settings,
): Promise<TensorBackend> {
  switch (name) {
    case 'tensorflow':
      return loadNativeTensorflow(settings);
    case 'webgpu':
      return loadWebgpu(settings);
    case 'cpu':
      return {
        backend: 'cpu',
        device: `${os.cpus()[0]?.model.trim() ?? 'CPU'}, plain JavaScript`,
        versions: { tfjs: version_core },
        usesGpu: false,
        watch: (work) => work(),
      };
  }
}

/** The best backend with a GPU below it, or null: on a CPU none of them is preferred to `onnx`. */
export async function openGpuBackend(settings: Settings): Promise<TensorBackend | null> {
  for (const name of GPU_BACKENDS) {
    const opened = await openTensorBackend(name, settings).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'UNAVAILABLE') return null;
      throw error;
    });
    if (opened?.usesGpu) return opened;
  }
  return null;
}
