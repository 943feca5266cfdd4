/** Memory that all threads of a step see, and that the update's WebAssembly works on. */
import { countElements } from '../../initial-state.ts';
import type { NamedTensor } from '../../training-engine.ts';
import { LARGEST_MEMORY_PAGES } from './kernel-limits.ts';

const PAGE_BYTES = 65_536;
/** A line of the cache: what one thread writes stands on no line that another one reads. */
const ALIGNMENT_BYTES = 64;

export type SharedMemory = {
  readonly memory: WebAssembly.Memory;
  /** Zeros, at a multiple of 64 bytes and with nothing else up to the next one. */
  allocateBytes(length: number): Uint8Array;
  allocateFloats(length: number): Float32Array;
  allocateTensor(described: { name: string; shape: readonly number[] }): NamedTensor;
};

/** RangeError where the machine has no room for what is allocated. */
export function createSharedMemory(): SharedMemory {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: LARGEST_MEMORY_PAGES, shared: true });
  let end = 0;
  function allocate(bytes: number): number {
    const start = end;
    end += Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) memory.grow(missing);
    return start;
  }
  function allocateFloats(length: number): Float32Array {
    const start = allocate(length * Float32Array.BYTES_PER_ELEMENT);
    return new Float32Array(memory.buffer, start, length);
  }
  return {
    memory,
    allocateBytes(length) {
      const start = allocate(length);
      return new Uint8Array(memory.buffer, start, length);
    },
    allocateFloats,
    allocateTensor: ({ name, shape }) => ({
      name,
      shape: [...shape],
      values: allocateFloats(countElements(shape)),
    }),
  };
}
