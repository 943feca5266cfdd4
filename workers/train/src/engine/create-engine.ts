/** Chooses a training backend and creates an engine on it: the worker's only entry. */

import { AppError } from '@microtome/domain/app-error';
import {
  AUTO_BACKEND,
  BACKEND_NAMES,
  type BackendRequest,
  CPU_BACKEND,
  isBackendName,
} from '@microtome/domain/run/backends';
import { openBackend, openGpuBackend } from './open-backend.ts';
import type { EngineOptions, TrainingEngine } from './training-engine.ts';

/**
 * Creates an engine. `auto` takes the best backend with a GPU below it, and else the one for the CPU.
 * BAD_INPUT for an unknown backend; UNAVAILABLE for a named one that does not work here: another one in
 * its place would give different results.
 */
export async function createEngine({
  backend: request,
  ...options
}: EngineOptions & { backend: BackendRequest }): Promise<TrainingEngine> {
  const { deterministic = false, threads } = options;
  const settings = { deterministic, threads };
  if (request === AUTO_BACKEND) {
    const opened = (await openGpuBackend(settings)) ?? (await openBackend(CPU_BACKEND, settings));
    return opened.createEngine(options);
  }
  if (!isBackendName(request)) {
    throw new AppError(
      'BAD_INPUT',
      `There is no backend '${String(request)}'. Known: ${AUTO_BACKEND}, ${BACKEND_NAMES.join(', ')}.`,
    );
  }
  return (await openBackend(request, settings)).createEngine(options);
}
