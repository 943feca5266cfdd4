/**
 * Dawn, the WebGPU of the `webgpu` package: finds the GPU and says what it is. Nothing else here touches the package,
 * which is an optional dependency of 137 MB: if it is missing, a sentence says so.
 */
import { createRequire } from 'node:module';
import { AppError } from '@microtome/domain/app-error';

export const DAWN_PACKAGE = 'webgpu';

/** What of WebGPU is used here. */
export type GpuDevice = {
  readonly lost: Promise<{ reason: string; message: string }>;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { error: { message: string; constructor: { name: string } } }) => void,
  ): void;
  destroy(): void;
};

export type GpuAdapter = {
  readonly info: {
    vendor: string;
    architecture: string;
    device: string;
    description: string;
    isFallbackAdapter: boolean;
  };
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(request: {
    requiredFeatures: string[];
    requiredLimits: Record<string, number>;
  }): Promise<GpuDevice>;
};

type Gpu = { requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null> };
type Dawn = { create(options: string[]): Gpu; globals: Record<string, unknown> };

/** Kept for the whole process: Dawn ends its instance when nothing holds it. */
let gpu: Gpu | null = null;

/**
 * The fastest GPU of the machine; a driver that computes on the CPU only where there is no other.
 * @throws AppError UNAVAILABLE when the package or a GPU is missing
 */
export async function requestGpuAdapter(): Promise<GpuAdapter> {
  gpu ??= startDawn();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return adapter;
  // A driver that comes later is seen by a new instance alone.
  gpu = null;
  throw new AppError(
    'UNAVAILABLE',
    "The backend 'webgpu' finds no GPU: no Vulkan (on macOS: Metal) driver answers. Install the GPU's driver and, on " +
      "Linux, the Vulkan loader (Debian: apt-get install libvulkan1), or use 'onnx'.",
  );
}

type GpuDescription = {
  /** As the run shows it. */
  device: string;
  driver: string;
  /** A driver that computes on the CPU: right, but slower than `onnx`. */
  isSoftware: boolean;
};

export function describeGpu({ info }: GpuAdapter): GpuDescription {
  const name = info.device.replace(/-+$/, '') || info.architecture || 'GPU';
  const isSoftware = info.isFallbackAdapter;
  return {
    device: `${name} (${info.vendor}) through WebGPU${isSoftware ? ', computed on the CPU' : ''}`,
    driver: info.description || 'unknown',
    isSoftware,
  };
}

/** TensorFlow.js looks for WebGPU where a browser has it: in global names and in `navigator.gpu`. */
function startDawn(): Gpu {
  const { create, globals } = requirePackage();
  Object.assign(globalThis, globals);
  const started = create([]);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: started, configurable: true });
  return started;
}

function requirePackage(): Dawn {
  try {
    return createRequire(import.meta.url)(DAWN_PACKAGE) as Dawn;
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
    throw new AppError(
      'UNAVAILABLE',
      isMissing
        ? "The backend 'webgpu' needs the optional package 'webgpu', which is not installed. Run npm ci without --omit=optional, or use 'onnx'."
        : `The package 'webgpu' does not load: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
