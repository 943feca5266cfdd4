/**
 * Runs work on one TensorFlow.js backend. The current backend is one variable for the whole process, and
 * waiting for a switch would let other work come in between; backends here start at once, so nothing waits.
 */
import { invariant } from '@microtome/domain/app-error';
import * as tf from '@tensorflow/tfjs';

/** `work` must not wait for anything; afterwards the backend that was current before is current again. */
export function runOnBackend<Result>(backendName: string, work: () => Result): Result {
  const previous: string | undefined = tf.getBackend();
  switchBackend(backendName);
  try {
    return work();
  } finally {
    if (previous) switchBackend(previous);
  }
}

function switchBackend(backendName: string): void {
  invariant(tf.engine().registryFactory[backendName], `the backend ${backendName} is registered`);
  // Its promise is settled already, unless the backend starts asynchronously.
  void tf.setBackend(backendName);
  invariant(tf.getBackend() === backendName, `the backend ${backendName} starts at once`);
}
