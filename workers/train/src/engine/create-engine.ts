/** Chooses a training backend and creates an engine on it: the one door through which the worker comes. */
import os from 'node:os';
import { AppError } from '@microtome/domain/app-error';
import { version_core } from '@tensorflow/tfjs';
import { BACKEND_NAMES, type BackendName, type EngineOptions, type TrainingEngine } from './backend.ts';
import { createOnnxEngine } from './onnx/onnx-engine.ts';
import { createTensorEngine } from './tensor-engine.ts';
import { findNativeAddon, loadNativeTensorflow } from './tensorflow/native-tensorflow.ts';

export type BackendRequest = BackendName | 'auto';

/**
 * Creates an engine. BAD_INPUT for an unknown backend; UNAVAILABLE for one that was asked for by name and is
 * not there: another one in its place would give other results than those asked for.
 */
export async function createEngine({
  backend: request,
  ...options
}: EngineOptions & { backend: BackendRequest }): Promise<TrainingEngine> {
  switch (chooseBackend(request)) {
    case 'onnx':
      return createOnnxEngine(options);
    case 'tensorflow':
      return createTensorEngine(options, await loadNativeTensorflow());
    case 'cpu':
      return createTensorEngine(options, {
        backend: 'cpu',
        device: `${os.cpus()[0]?.model.trim() ?? 'CPU'}, plain JavaScript`,
        versions: { tfjs: version_core },
      });
    case 'webgpu':
      throw new AppError(
        'UNAVAILABLE',
        "The backend 'webgpu' is not part of this installation. Use 'auto', 'onnx' or 'tensorflow'.",
      );
  }
}

/** The backend that a request comes to on this machine: `auto` prefers native TensorFlow where it was built. */
export function chooseBackend(request: BackendRequest): BackendName {
  if (request === 'auto') return findNativeAddon() ? 'tensorflow' : 'onnx';
  if (BACKEND_NAMES.includes(request)) return request;
  throw new AppError(
    'BAD_INPUT',
    `There is no backend '${String(request)}'. Known: auto, ${BACKEND_NAMES.join(', ')}.`,
  );
}
