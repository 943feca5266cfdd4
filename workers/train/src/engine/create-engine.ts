/** Chooses a training backend and creates an engine on it: the one door through which the worker comes. */
import { AppError } from '@microtome/domain/app-error';
import { BACKEND_NAMES, type BackendName, type EngineOptions, type TrainingEngine } from './backend.ts';
import { openBackend, openGpuBackend } from './open-backend.ts';

export type BackendRequest = BackendName | 'auto';

/**
 * Creates an engine. `auto` takes a GPU where there is one, through native TensorFlow or else WebGPU, and else `onnx`.
 * BAD_INPUT for an unknown backend; UNAVAILABLE for one that was asked for by name and is not there: another one in
 * its place would give other results than those asked for.
 */
export async function createEngine({
  backend: request,
  ...options
}: EngineOptions & { backend: BackendRequest }): Promise<TrainingEngine> {
  const { deterministic = false, threads } = options;
  const settings = { deterministic, threads };
  if (request === 'auto') {
    const opened = (await openGpuBackend(settings)) ?? (await openBackend('onnx', settings));
    return opened.createEngine(options);
  }
  if (!BACKEND_NAMES.includes(request)) {
    throw new AppError(
      'BAD_INPUT',
      `There is no backend '${String(request)}'. Known: auto, ${BACKEND_NAMES.join(', ')}.`,
    );
  }
  return (await openBackend(request, settings)).createEngine(options);
}
