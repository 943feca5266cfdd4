/**
 * Finds and loads native TensorFlow: the tfjs-node-gpu package whose addon `npm run native:build` has built
 * against a TensorFlow of today, below `.native/` of the repository.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, invariant } from '@microtome/domain/app-error';
import * as tf from '@tensorflow/tfjs';
import { setTensorflowEnv, type TensorflowSettings } from '../../env.ts';
import type { TensorBackend } from '../tensor-engine.ts';
import { registerFusedKernels } from './fused-kernels.ts';

const REPOSITORY = fileURLToPath(new URL('../../../../../', import.meta.url));
export const NATIVE_PACKAGE = path.join(REPOSITORY, '.native/node_modules/@tensorflow/tfjs-node-gpu');
const ADDON = 'lib/napi-v8/tfjs_binding.node';

/** What of the package is used here. */
type NativePackage = { version: { 'tfjs-node'?: string } };
type NativeBackend = { binding?: { TF_Version?: string }; isUsingGpuDevice?: boolean };

/** The path of the built addon, or null. */
export function findNativeAddon(packagePath = NATIVE_PACKAGE): string | null {
  const addon = path.join(packagePath, ADDON);
  return existsSync(addon) ? addon : null;
}

/** Registers the TensorFlow.js backend `tensorflow`. UNAVAILABLE when it was not built or does not load. */
export async function loadNativeTensorflow(
  settings: TensorflowSettings,
  packagePath = NATIVE_PACKAGE,
): Promise<TensorBackend> {
  if (!findNativeAddon(packagePath)) {
    throw new AppError(
      'UNAVAILABLE',
      `The backend 'tensorflow' has no native part at ${packagePath}. Build it with 'npm run native:build', or use 'onnx'.`,
    );
  }
  setTensorflowEnv(settings);
  const native = requirePackage(packagePath);
  await tf.setBackend('tensorflow');
  const backend = tf.findBackend('tensorflow') as unknown as NativeBackend | null;
  invariant(backend, 'tfjs-node-gpu registers the backend tensorflow in the same TensorFlow.js');
  registerFusedKernels();
  const usesGpu = backend.isUsingGpuDevice === true;
  return {
    backend: 'tensorflow',
    device: usesGpu ? 'GPU through TensorFlow' : 'CPU through TensorFlow',
    versions: {
      tfjs: tf.version_core,
      'tfjs-node-gpu': native.version['tfjs-node'] ?? 'unknown',
      tensorflow: backend.binding?.TF_Version ?? 'unknown',
    },
    usesGpu,
    watch: (work) => work(),
  };
}

function requirePackage(packagePath: string): NativePackage {
  try {
    return createRequire(import.meta.url)(packagePath) as NativePackage;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      'UNAVAILABLE',
      `The native part of the backend 'tensorflow' at ${packagePath} does not load: ${reason}`,
      { cause },
    );
  }
}
