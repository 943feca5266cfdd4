/** Which files of ONNX Runtime the analyser needs for each way of computing, and where the dashboard serves them. */

export type Engine = 'webgpu' | 'wasm';

/** Below the address of the analyser's page. */
export const RUNTIME_PATH = '/analyse/runtime/';

/** Two builds: the one that knows WebGPU is several times slower on the processor than the one that does not. */
export const RUNTIME_FILES: Readonly<Record<Engine, { module: string; glue: string; binary: string }>> = {
  webgpu: {
    module: 'ort.webgpu.min.mjs',
    glue: 'ort-wasm-simd-threaded.asyncify.mjs',
    binary: 'ort-wasm-simd-threaded.asyncify.wasm',
  },
  wasm: {
    module: 'ort.wasm.min.mjs',
    glue: 'ort-wasm-simd-threaded.mjs',
    binary: 'ort-wasm-simd-threaded.wasm',
  },
};
