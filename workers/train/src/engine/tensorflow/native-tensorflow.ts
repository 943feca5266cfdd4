/**
 * Finds and loads native TensorFlow: the addon of the tfjs-node-gpu package that `npm run native:build` has built
 * against a TensorFlow of today, below `.native/` of the repository. The addon alone: what the package puts on top of it
 * runs operations one by one.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { version_core } from '@tensorflow/tfjs';
import { setTensorflowEnv, type TensorflowSettings } from '../../env.ts';
import type { NativeBinding } from './graph-session.ts';

const REPOSITORY = fileURLToPath(new URL('../../../../../', import.meta.url));
const NATIVE_PACKAGE = path.join(REPOSITORY, '.native/node_modules/@tensorflow/tfjs-node-gpu');
const ADDON = 'lib/napi-v8/tfjs_binding.node';

export type NativeTensorflow = {
  binding: NativeBinding;
  device: string;
  versions: Readonly<Record<string, string>>;
  /** False where it computes on the CPU. */
  usesGpu: boolean;
};

/** The path of the built addon, or null. */
export function findNativeAddon(packagePath = NATIVE_PACKAGE): string | null {
  const addon = path.join(packagePath, ADDON);
  return existsSync(addon) ? addon : null;
}

/** UNAVAILABLE when it was not built or does not load. Settings count in a process that loads it for the first time. */
export function loadNativeTensorflow(
  settings: TensorflowSettings,
  packagePath = NATIVE_PACKAGE,
): NativeTensorflow {
  const addon = findNativeAddon(packagePath);
  if (!addon) {
    throw new AppError(
      'UNAVAILABLE',
      `The backend 'tensorflow' has no native part at ${packagePath}. Build it with 'npm run native:build', or use 'onnx'.`,
    );
  }
  setTensorflowEnv(settings);
  const { binding, packageVersion } = requireAddon(addon, packagePath);
  const usesGpu = binding.isUsingGpuDevice();
  return {
    binding,
    device: usesGpu ? 'GPU through TensorFlow' : 'CPU through TensorFlow',
    versions: {
      tfjs: version_core,
      'tfjs-node-gpu': packageVersion,
      tensorflow: binding.TF_Version,
    },
    usesGpu,
  };
}

function requireAddon(
  addon: string,
  packagePath: string,
): { binding: NativeBinding; packageVersion: string } {
  const require = createRequire(import.meta.url);
  try {
    const { version } = require(path.join(packagePath, 'package.json')) as { version: string };
    return { binding: require(addon) as NativeBinding, packageVersion: version };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      'UNAVAILABLE',
      `The native part of the backend 'tensorflow' at ${packagePath} does not load: ${reason}`,
      { cause },
    );
  }
}
