/**
 * The hyperparameters of a run of either origin. Those of a worker's run are complete and of known types; an external program
 * names its own, and they are any JSON object.
 */
import { AppError } from '../app-error.ts';
import type { ThresholdRule } from '../metrics/threshold.ts';
import { type Hyperparameters, readStoredHyperparameters } from './hyperparameters.ts';
import type { RunOrigin } from './run-origin.ts';

type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
/** As an external program names them. */
export type FreeHyperparameters = { [name: string]: JsonValue };
export type RunHyperparameters = Hyperparameters | FreeHyperparameters;

type RunOfOrigin = { origin: RunOrigin; hyperparameters: RunHyperparameters };

/** What is stored of a run of this origin. Throws zod's error when it is not such a set. */
export function readRunHyperparameters(stored: unknown, origin: unknown): RunHyperparameters {
  return origin === 'EXTERNAL' ? (stored as FreeHyperparameters) : readStoredHyperparameters(stored);
}

/** How the threshold of a run is chosen; the default for an external program, which chooses none. */
export function readThresholdChoice({ origin, hyperparameters }: RunOfOrigin): {
  rule: ThresholdRule;
  targetSensitivity: number;
} {
  const read = readStoredHyperparameters(origin === 'WORKER' ? hyperparameters : {});
  return { rule: read.thresholdRule, targetSensitivity: read.targetSensitivity };
}

/** Those that an external program told so far. */
export function getToldHyperparameters({ hyperparameters }: RunOfOrigin): FreeHyperparameters {
  return hyperparameters as FreeHyperparameters;
}

/** BAD_INPUT for the run of an external program. */
export function getWorkerHyperparameters(run: RunOfOrigin & { name: string }): Hyperparameters {
  if (run.origin === 'WORKER') return run.hyperparameters as Hyperparameters;
  throw new AppError('BAD_INPUT', `Run '${run.name}' is EXTERNAL: no worker trains it.`);
}
