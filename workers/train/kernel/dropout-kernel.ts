/**
 * The draws of dropout, in AssemblyScript: four at once, which mulberry32 allows because its state only counts. `npm run
 * kernel:build` compiles it to `src/engine/dropout-kernel.wasm`, which `src/engine/dropout-masks.ts` calls.
 */

/** What the generator's state counts in (`createRandom` in the domain has the same). */
const STEP: i32 = 0x6d2b79f5;
const FLOAT32X4: usize = 16;

/**
 * Writes `vectors` times four numbers to the address `target`: 0 where the next draw, a uint32, is below `limit`, else
 * `kept`. `state` is the generator's before the first of them.
 */
export function drop(state: i32, vectors: i32, limit: i32, kept: f32, target: usize): void {
  const step = i32x4.splat(4 * STEP);
  const limits = i32x4.splat(limit);
  const values = f32x4.splat(kept);
  let states = i32x4.add(i32x4.splat(state), i32x4(STEP, 2 * STEP, 3 * STEP, 4 * STEP));
  for (let at = 0; at < vectors; at++) {
    let mixed = i32x4.mul(v128.xor(states, i32x4.shr_u(states, 15)), v128.or(states, i32x4.splat(1)));
    const again = i32x4.mul(v128.xor(mixed, i32x4.shr_u(mixed, 7)), v128.or(mixed, i32x4.splat(61)));
    mixed = v128.xor(mixed, i32x4.add(mixed, again));
    const drawn = v128.xor(mixed, i32x4.shr_u(mixed, 14));
    v128.store(target, v128.and(i32x4.ge_u(drawn, limits), values));
    states = i32x4.add(states, step);
    target += FLOAT32X4;
  }
}
