/** Records what a function asks of TensorFlow.js: runs it once under the trace backend. */
import * as tf from '@tensorflow/tfjs';
import { registerBatchNormGradient } from '../batch-norm.ts';
import { runOnBackend } from '../run-on-backend.ts';
import { TRACE_BACKEND, TraceBackend } from './trace-backend.ts';
import { registerTracedKernels } from './traced-kernels.ts';
import type { TracedNode } from './traced-node.ts';

/** Runs `record` under the trace backend; gives what it returned and the operations that it asked for. */
export function traceOperations<Result>(record: (backend: TraceBackend) => Result): {
  result: Result;
  nodes: TracedNode[];
} {
  const backend = getTraceBackend();
  return runOnBackend(TRACE_BACKEND, () => {
    backend.reset();
    tf.engine().startScope('trace');
    try {
      return { result: record(backend), nodes: backend.nodes };
    } finally {
      tf.engine().endScope();
    }
  });
}

function getTraceBackend(): TraceBackend {
  const known: unknown = tf.findBackend(TRACE_BACKEND);
  if (known instanceof TraceBackend) return known;
  const backend = new TraceBackend();
  tf.registerBackend(TRACE_BACKEND, () => backend, 0);
  registerTracedKernels(TRACE_BACKEND);
  registerBatchNormGradient();
  return backend;
}
