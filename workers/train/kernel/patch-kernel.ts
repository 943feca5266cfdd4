/**
 * The inner loops of augmentation, in AssemblyScript: TypeScript's grammar for WebAssembly, where eight bits are eight
 * bits and three channels are computed at once. `npm run kernel:build` compiles it to `src/patch-kernel.wasm`, which
 * `src/patch-rendering.ts` calls. Arguments without a unit in their
 * comment are addresses in its memory.
 */

/** Densities are counted in steps, this many from white to black. */
const DENSITY_STEPS: f32 = 8192;
/** A float32 from here on counts in ones: what is added to it is rounded to a whole number, in its lowest bits. */
const ROUNDING: f32 = 8388608;
const STEP_MASK: i32 = 0x3fff;
const RGB: usize = 3;
const FLOAT32: usize = 4;
const FLOAT32X4: usize = 16;

/**
 * Writes a patch of `size` x `size` RGB pixels to `target`, each grey as the 256 `greys` say. The first target pixel is
 * at `first`, its right neighbour `stepX` bytes on, the one below it `stepY` bytes on.
 */
export function turn(size: i32, first: usize, stepX: i32, stepY: i32, greys: usize, target: usize): void {
  for (let y = 0; y < size; y++) {
    let source = first;
    for (let x = 0; x < size; x++) {
      store<u8>(target, load<u8>(greys + <usize>load<u8>(source)));
      store<u8>(target, load<u8>(greys + <usize>load<u8>(source, 1)), 1);
      store<u8>(target, load<u8>(greys + <usize>load<u8>(source, 2)), 2);
      target += RGB;
      source += stepX;
    }
    first += stepY;
  }
}

/**
 * The same with other stains: the new density of a channel, in steps, is a mix of the three old ones plus a shift.
 * `densities` are 256 float32, the density of each grey; `mix` 16 float32: what red, green and blue give to each new
 * channel, then the shift; `stepGreys` 8193 bytes, the grey of each density.
 */
export function stain(
  size: i32,
  first: usize,
  stepX: i32,
  stepY: i32,
  greys: usize,
  target: usize,
  densities: usize,
  mix: usize,
  stepGreys: usize,
): void {
  const ofRed = v128.load(mix);
  const ofGreen = v128.load(mix + FLOAT32X4);
  const ofBlue = v128.load(mix + 2 * FLOAT32X4);
  const shift = v128.load(mix + 3 * FLOAT32X4);
  for (let y = 0; y < size; y++) {
    let source = first;
    for (let x = 0; x < size; x++) {
      const red = v128.load_splat<f32>(densities + FLOAT32 * <usize>load<u8>(source));
      const green = v128.load_splat<f32>(densities + FLOAT32 * <usize>load<u8>(source, 1));
      const blue = v128.load_splat<f32>(densities + FLOAT32 * <usize>load<u8>(source, 2));
      const mixed = f32x4.add(
        f32x4.add(f32x4.mul(red, ofRed), f32x4.mul(green, ofGreen)),
        f32x4.add(f32x4.mul(blue, ofBlue), shift),
      );
      const bounded = f32x4.pmin(f32x4.splat(DENSITY_STEPS), f32x4.pmax(f32x4.splat(0), mixed));
      const steps = f32x4.add(bounded, f32x4.splat(ROUNDING));
      store<u8>(target, findGrey(i32x4.extract_lane(steps, 0), stepGreys, greys));
      store<u8>(target, findGrey(i32x4.extract_lane(steps, 1), stepGreys, greys), 1);
      store<u8>(target, findGrey(i32x4.extract_lane(steps, 2), stepGreys, greys), 2);
      target += RGB;
      source += stepX;
    }
    first += stepY;
  }
}

function findGrey(step: i32, stepGreys: usize, greys: usize): u8 {
  return load<u8>(greys + <usize>load<u8>(stepGreys + <usize>(step & STEP_MASK)));
}
