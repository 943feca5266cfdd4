/**
 * Where dropout masks come from: one seeded stream whose state goes into the checkpoint, so that a resumed
 * run drops the very units that an undisturbed one would have dropped. (A seeded dropout layer of
 * TensorFlow.js repeats one mask for ever; an unseeded one cannot be repeated at all.) A network may drop a
 * million units a step, while the cores wait: the draws are WebAssembly (`kernel/dropout-kernel.ts`).
 */
import { readFileSync } from 'node:fs';
import { skipDraws } from '@microtome/domain/seeded-random';

const UINT32_RANGE = 2 ** 32;
const WASM_PAGE_BYTES = 65_536;
const LANES = 4;

type MaskSize = { size: number; rate: number };

export type MaskSource = {
  /**
   * The masks of one step, in this order. Entries are 0 with probability `rate`, else 1 / (1 - rate), so that the expected
   * sum stays the same. The next draw writes over them.
   */
  draw(masks: readonly MaskSize[]): Float32Array[];
  /** uint32, from which `createMaskSource` goes on. */
  state(): number;
};

type Kernel = {
  drop(state: number, vectors: number, limit: number, kept: number, target: number): void;
};

const kernelModule = new WebAssembly.Module(readFileSync(new URL('./dropout-kernel.wasm', import.meta.url)));

export function createMaskSource(seedOrState: number): MaskSource {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const kernel = new WebAssembly.Instance(kernelModule, { env: { memory } }).exports as Kernel;
  let state = seedOrState >>> 0;
  return {
    draw(masks) {
      makeRoom(memory, masks);
      let end = 0;
      return masks.map(({ size, rate }) => {
        const place = end;
        const vectors = Math.ceil(size / LANES);
        kernel.drop(state, vectors, Math.ceil(rate * UINT32_RANGE), 1 / (1 - rate), place);
        state = skipDraws(state, size);
        end += vectors * LANES * Float32Array.BYTES_PER_ELEMENT;
        return new Float32Array(memory.buffer, place, size);
      });
    },
    state: () => state,
  };
}

function makeRoom(memory: WebAssembly.Memory, masks: readonly MaskSize[]): void {
  const vectors = masks.reduce((sum, { size }) => sum + Math.ceil(size / LANES), 0);
  const missing = vectors * LANES * Float32Array.BYTES_PER_ELEMENT - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / WASM_PAGE_BYTES));
}
