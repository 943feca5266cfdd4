/** The gradient of max pooling by WebAssembly, in memory that graphs share with it. */
import { readFileSync } from 'node:fs';
import { VECTOR_LANES } from './kernel-limits.ts';
import type { PooledWindow } from './part-stages.ts';

type Kernel = { sendToMaxima(...all: number[]): void };

/** Of equal maxima the first of a window takes dy. `target`, as large as `x`, is written over. */
type MaxPoolGradient = (
  arrays: { x: Float32Array; y: Float32Array; dy: Float32Array; target: Float32Array },
  window: PooledWindow,
) => void;

const kernelModule = new WebAssembly.Module(readFileSync(new URL('./max-pool-kernel.wasm', import.meta.url)));

export function createMaxPoolGradient(memory: WebAssembly.Memory): MaxPoolGradient {
  const kernel = new WebAssembly.Instance(kernelModule, { env: { memory } }).exports as Kernel;
  return ({ x, y, dy, target }, window) => {
    kernel.sendToMaxima(
      ...[x, y, dy, target].map(({ byteOffset }) => byteOffset),
      ...[window.planes, window.channels / VECTOR_LANES],
      ...[window.inHeight, window.inWidth, window.outHeight, window.outWidth],
      ...[window.filterHeight, window.filterWidth, window.strideHeight, window.strideWidth],
      ...[window.padTop, window.padLeft],
    );
  };
}
