/**
 * From the pixels of a patch to the pixels of a training image: turned, with other stains and other light, in one pass.
 * Here the tables are made; the pass itself is WebAssembly (`kernel/patch-kernel.ts`), several times as fast as
 * JavaScript. Colours stay whole greys, so an image looks to the network as it would after being stored.
 */

import { readFileSync } from 'node:fs';
import { countPixelBytes, RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import type { Look, StainChange } from './augmentation.ts';

const GREYS = 256;
const LARGEST_DENSITY = Math.log(GREYS);
/** Of the table from density to grey: fine enough that an unchanged density gets its own grey. The kernel knows it too. */
const DENSITY_STEPS = 8192;
const STEPS_PER_DENSITY = DENSITY_STEPS / LARGEST_DENSITY;
const WASM_PAGE_BYTES = 65_536;

/** Writes a patch, uint8 RGB [size, size, 3], as it is to be seen into `target` of the same shape. */
type RenderPatch = (pixels: Uint8Array, look: Look, target: Uint8Array) => void;

type Kernel = {
  turn(size: number, first: number, stepX: number, stepY: number, greys: number, target: number): void;
  stain(...request: [...Parameters<Kernel['turn']>, densities: number, mix: number, stepGreys: number]): void;
};

const kernelModule = new WebAssembly.Module(readFileSync(new URL('./patch-kernel.wasm', import.meta.url)));

export function createRenderer(patchSizePx: number): RenderPatch {
  const patchBytes = countPixelBytes(patchSizePx);
  const { kernel, place } = openKernel(patchBytes);
  const { densities, mix, stepGreys, plain, lit, source, target: result } = place;
  densities.set(tabulateDensities());
  stepGreys.set(tabulateGreys());
  plain.set(Uint8Array.from({ length: GREYS }, (_, grey) => grey));
  return (pixels, { view, stain, greys }, target) => {
    if (view.isUpright && !stain && !greys) return target.set(pixels);
    source.set(pixels);
    if (greys) lit.set(greys);
    const first = source.byteOffset + view.first;
    const table = (greys ? lit : plain).byteOffset;
    const turning = [patchSizePx, first, view.stepX, view.stepY, table, result.byteOffset] as const;
    if (stain) {
      setMix(mix, stain);
      kernel.stain(...turning, densities.byteOffset, mix.byteOffset, stepGreys.byteOffset);
    } else {
      kernel.turn(...turning);
    }
    target.set(result);
  };
}

/** The kernel with a memory that has room for its tables and one patch, before and after. */
function openKernel(patchBytes: number) {
  const tableBytes = (GREYS + 4 * 4) * Float32Array.BYTES_PER_ELEMENT + (DENSITY_STEPS + 1) + 2 * GREYS;
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((tableBytes + 2 * patchBytes) / WASM_PAGE_BYTES),
  });
  const { exports } = new WebAssembly.Instance(kernelModule, { env: { memory } });
  let end = 0;
  const floats = (length: number) => {
    const array = new Float32Array(memory.buffer, end, length);
    end += array.byteLength;
    return array;
  };
  const bytes = (length: number) => {
    const array = new Uint8Array(memory.buffer, end, length);
    end += length;
    return array;
  };
  const place = {
    densities: floats(GREYS),
    /** Four channels a row, the last of them unused: of red, of green, of blue, shift. */
    mix: floats(4 * 4),
    stepGreys: bytes(DENSITY_STEPS + 1),
    plain: bytes(GREYS),
    lit: bytes(GREYS),
    source: bytes(patchBytes),
    target: bytes(patchBytes),
  };
  return { kernel: exports as Kernel, place };
}

/** The optical density of each grey, in steps. */
function tabulateDensities(): Float32Array {
  return Float32Array.from({ length: GREYS }, (_, grey) => -Math.log((grey + 1) / GREYS) * STEPS_PER_DENSITY);
}

/** The grey of each density from 0 (white) to the largest (black), in steps. */
function tabulateGreys(): Uint8Array {
  return Uint8Array.from({ length: DENSITY_STEPS + 1 }, (_, step) =>
    Math.round(GREYS * Math.exp(-step / STEPS_PER_DENSITY) - 1),
  );
}

function setMix(target: Float32Array, { mix, shift }: StainChange): void {
  for (let channel = 0; channel < RGB_CHANNELS; channel++) {
    for (let from = 0; from < RGB_CHANNELS; from++) {
      target[4 * from + channel] = mix[from * RGB_CHANNELS + channel] as number;
    }
    target[4 * RGB_CHANNELS + channel] = (shift[channel] as number) * STEPS_PER_DENSITY;
  }
}
