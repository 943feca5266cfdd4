/**
 * The TensorFlow.js backend `webgpu` in Node, on a device of our own choosing: the fastest adapter with all the limits
 * that it grants. (The package's own start takes any adapter, hears no error and never notices a lost device.)
 */
import { createRequire } from 'node:module';
import { AppError } from '@microtome/domain/app-error';
import * as tf from '@tensorflow/tfjs';
import type { TensorBackend } from '../tensor-engine.ts';
import { DAWN_PACKAGE, describeGpu, type GpuAdapter, type GpuDevice, requestGpuAdapter } from './dawn.ts';
import { type DeviceWatch, watchDevice } from './device-watch.ts';

const BACKEND_PACKAGE = '@tensorflow/tfjs-backend-webgpu';
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
];

/** How matrices are multiplied: chosen by shape (some choices add up in an order that changes), or always alike. */
const MATMUL_FLAG = 'WEBGPU_MATMUL_PROGRAM_TYPE';
const MATMUL_BY_SHAPE = -1;
const MATMUL_IN_ORDER = 3;

type BackendPackage = {
  WebGPUBackend: new (device: GpuDevice, info: GpuAdapter['info']) => tf.KernelBackend;
};

type OpenDevice = { adapter: GpuAdapter; watch: DeviceWatch };

/** One device for the whole process; another only when it has failed. */
let open: OpenDevice | null = null;

/** Registers the backend. UNAVAILABLE when the packages or a GPU are missing. */
export async function loadWebgpu({ deterministic }: { deterministic: boolean }): Promise<TensorBackend> {
  if (!open || open.watch.hasFailed()) open = await openDevice();
  const { adapter, watch } = open;
  const { device, driver, isSoftware } = describeGpu(adapter);
  return {
    backend: 'webgpu',
    device,
    versions: {
      tfjs: tf.version_core,
      'tfjs-backend-webgpu': readVersion(BACKEND_PACKAGE),
      webgpu: readVersion(DAWN_PACKAGE),
      driver,
    },
    usesGpu: !isSoftware,
    watch: (work) =>
      watch.run(() => {
        tf.env().set(MATMUL_FLAG, deterministic ? MATMUL_IN_ORDER : MATMUL_BY_SHAPE);
        return work();
      }),
  };
}

async function openDevice(): Promise<OpenDevice> {
  const adapter = await requestGpuAdapter();
  const { WebGPUBackend } = requireBackendPackage();
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name] as number]));
  const device = await adapter.requestDevice({ requiredFeatures: [], requiredLimits });
  const watch = watchDevice(device, describeGpu(adapter).device);
  // The package's own start, or a device that has failed. (Asking for the backend itself would start it.)
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
  return { adapter, watch };
}

function requireBackendPackage(): BackendPackage {
  try {
    return createRequire(import.meta.url)(BACKEND_PACKAGE) as BackendPackage;
  } catch (cause) {
    throw new AppError(
      'UNAVAILABLE',
      `The backend 'webgpu' needs the optional package '${BACKEND_PACKAGE}', which does not load: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function readVersion(packageName: string): string {
  const { version } = createRequire(import.meta.url)(`${packageName}/package.json`) as { version: string };
  return version;
}
