/** Opens a training backend and creates an engine on it: the worker's only entry. */

import { AppError } from '@microtome/domain/app-error';
import { BACKEND_NAMES, type BackendName, isBackendName } from '@microtome/domain/run/backends';
import { checkPrecision } from '@microtome/domain/run/precision';
import { openBackend } from './open-backend.ts';
import type { EngineOptions, TrainingEngine } from './training-engine.ts';

/**
 * BAD_INPUT for an unknown backend, and for a precision that it never has; UNAVAILABLE for one that does not work here: another one in its place would give
 * different results. Which of them work is found by trying each in a process of its own (`detection/`), since drivers
 * that are missing write to the error output of the process that looks for them.
 */
export async function createEngine({
  backend,
  ...options
}: EngineOptions & { backend: BackendName }): Promise<TrainingEngine> {
  const { deterministic = false, precision = 'float32', threads } = options;
  if (!isBackendName(backend)) {
    const known = BACKEND_NAMES.join(', ');
    throw new AppError('BAD_INPUT', `There is no backend '${String(backend)}'. Known: ${known}.`);
  }
  checkPrecision(precision, backend);
  return (await openBackend(backend, { deterministic, threads })).createEngine(options);
}
