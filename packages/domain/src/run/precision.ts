/**
 * In which numbers a training step computes, and where that can be had. A run in bfloat16 waits for a worker that has it, and is
 * refused where none ever does: float32 in its place would be another run, and bfloat16 without the processor's own
 * instructions a slower one.
 */
import { AppError } from '../app-error.ts';
import { AUTO_BACKEND, type BackendName, type BackendRequest, BF16_LINE } from './backends.ts';

export const PRECISIONS = ['float32', BF16_LINE] as const;

export type Precision = (typeof PRECISIONS)[number];

/** The one whose kernels compute in bfloat16. */
const BF16_BACKEND = 'tensorflow' satisfies BackendName;

/** As Linux lists what an x86 processor can do. */
const BF16_FEATURES = ['avx512_bf16', 'amx_bf16'];

/** Whether hyperparameters, as they are stored, ask for bfloat16. */
export function asksForBf16(hyperparameters: unknown): boolean {
  return (hyperparameters as { precision?: unknown } | null)?.precision === BF16_LINE;
}

/** The backend that a run of this precision asks for: `auto` is the one that has it. BAD_INPUT for one that never does. */
export function requestBackend(precision: Precision, backend: BackendRequest): BackendRequest {
  if (precision === 'bf16' && backend === AUTO_BACKEND) return BF16_BACKEND;
  checkPrecision(precision, backend);
  return backend;
}

/** BAD_INPUT when a run of this precision cannot be trained on what it asks for. */
export function checkPrecision(precision: Precision, backend: BackendRequest): void {
  if (precision === 'float32' || backend === BF16_BACKEND) return;
  throw new AppError(
    'BAD_INPUT',
    `Precision 'bf16' is to be had on the backend '${BF16_BACKEND}' alone, and the run asks for '${backend}'. ` +
      `Ask for '${BF16_BACKEND}', or leave precision at 'float32'.`,
  );
}

/** Why bfloat16 cannot be had on this device of the backend that has it; null where it can. */
export function explainMissingBf16(device: {
  usesGpu: boolean;
  features: ReadonlySet<string>;
}): string | null {
  if (device.usesGpu) {
    return "Precision 'bf16' is for processors: on a GPU it was never tried. Launch the run with precision 'float32'.";
  }
  if (BF16_FEATURES.some((feature) => device.features.has(feature))) return null;
  return (
    "This processor has no bfloat16 (neither AVX-512 BF16 nor AMX), so precision 'bf16' would be slower than 'float32' here. " +
    "Train the run on another worker, or launch it with precision 'float32'."
  );
}
