/** How ONNX Runtime sessions are opened here: on the CPU, in one thread pool that soon sleeps where there is nothing to do. */
import os from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';

/** Errors only: fatal messages and warnings about the graph's folding would go to the trainer's output. */
const LOG_ERRORS = 3;
const WAIT_AWAKE_US = 20;

export function sessionOptions(threads = os.availableParallelism()): InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: LOG_ERRORS,
    // Between two operations a thread waits awake, since to wake it takes longer than many an operation. Where more time goes
    // by it sleeps, and leaves its core to the batches' assembly.
    extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: String(WAIT_AWAKE_US) } } },
  };
}
