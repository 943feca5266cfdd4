/**
 * The model in ONNX Runtime: on the graphics processor where the browser offers WebGPU and the model runs there, else in
 * WebAssembly, with a thread a core where the page is isolated. Raw colours go in, calibrated probabilities come out.
 */
import type * as OnnxRuntime from 'onnxruntime-web';
import type { EngineChoice } from '../messages.ts';
import { type Engine, RUNTIME_FILES, RUNTIME_PATH } from '../runtime-paths.ts';

const RGB = 3;
/** More do not pay: the layers of patches are small. */
const THREADS_MAX = 8;

export type Model = {
  engine: Engine;
  threads: number;
  /** Why it does not run where it was asked to, in a sentence; null when it does. */
  note: string | null;
  patchSizePx: number;
  /** Of `count` patches, [count, size, size, 3] of bytes. */
  predict(pixels: Uint8Array, count: number): Promise<Float32Array>;
};

type ModelRequest = { bytes: ArrayBuffer; patchSizePx: number; choice: EngineChoice };

export async function openModel({ bytes, patchSizePx, choice }: ModelRequest): Promise<Model> {
  if (choice === 'wasm') return openIn('wasm', bytes, { patchSizePx, note: null });
  try {
    await requireAdapter({ mayBeSoftware: choice === 'webgpu' });
    return await openIn('webgpu', bytes, { patchSizePx, note: null });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const note = choice === 'webgpu' ? `WebGPU cannot be used here: ${reason}` : null;
    return openIn('wasm', bytes, { patchSizePx, note });
  }
}

async function openIn(
  engine: Engine,
  bytes: ArrayBuffer,
  { patchSizePx, note }: { patchSizePx: number; note: string | null },
): Promise<Model> {
  const runtime = await loadRuntime(engine);
  const threads = countThreads();
  runtime.env.wasm.numThreads = threads;
  const session = await runtime.InferenceSession.create(new Uint8Array(bytes), {
    executionProviders: [engine],
    graphOptimizationLevel: 'all',
  });
  const [input, output] = [session.inputNames[0], session.outputNames[0]];
  if (input === undefined || output === undefined) throw new Error('the model has no input or no output.');
  async function predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    const shape = [count, patchSizePx, patchSizePx, RGB];
    const rgb = new runtime.Tensor('float32', new Float32Array(pixels), shape);
    const results = await session.run({ [input as string]: rgb });
    const probabilities = await results[output as string]?.getData();
    if (!(probabilities instanceof Float32Array) || probabilities.length !== count)
      throw new Error('the model gave something else than one probability a patch.');
    return Float32Array.from(probabilities);
  }
  // Once before it counts: the first patches compile what runs on the graphics processor, and show whether it does.
  await predict(new Uint8Array(patchSizePx * patchSizePx * RGB), 1);
  return { engine, threads, note, patchSizePx, predict };
}

type Adapter = { info?: { isFallbackAdapter?: boolean; architecture?: string } };

/** Where WebGPU is computed on the processor, WebAssembly is many times faster: it is taken only where it is asked for. */
async function requireAdapter({ mayBeSoftware }: { mayBeSoftware: boolean }): Promise<void> {
  const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<Adapter | null> } };
  if (!gpu) throw new Error('the browser does not offer it.');
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('the browser finds no graphics processor.');
  const { isFallbackAdapter = false, architecture = '' } = adapter.info ?? {};
  if (!mayBeSoftware && (isFallbackAdapter || architecture === 'swiftshader'))
    throw new Error('the browser has it on the processor alone.');
}

async function loadRuntime(engine: Engine): Promise<typeof OnnxRuntime> {
  const { module, glue, binary } = RUNTIME_FILES[engine];
  const at = (name: string) => new URL(RUNTIME_PATH + name, self.location.origin).href;
  const runtime = (await import(/* turbopackIgnore: true */ at(module))) as typeof OnnxRuntime;
  runtime.env.wasm.wasmPaths = { mjs: at(glue), wasm: at(binary) };
  return runtime;
}

function countThreads(): number {
  return self.crossOriginIsolated ? Math.min(THREADS_MAX, Math.max(1, navigator.hardwareConcurrency)) : 1;
}
