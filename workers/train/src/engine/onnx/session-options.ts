/** How ONNX Runtime sessions are opened here: on the CPU, in one thread pool that sleeps while it waits. */
import os from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';

/** Errors only: fatal messages and warnings about the graph's folding would go to the trainer's output. */
const LOG_ERRORS = 3;

export function sessionOptions(threads = os.availableParallelism()): InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: LOG_ERRORS,
    // A pool that spins between operations takes a whole core from the batches' assembly and wins nothing.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
