/** What this machine can train on, best first: native TensorFlow where it was built, and ONNX Runtime anywhere. */
import type { BackendName } from './engine/backend.ts';
import { findNativeAddon } from './engine/tensorflow/native-tensorflow.ts';

export function detectBackends(): BackendName[] {
  return findNativeAddon() ? ['tensorflow', 'onnx'] : ['onnx'];
}
