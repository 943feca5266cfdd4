/**
 * Sums of the bytes of a patch and of their squares, in AssemblyScript: TypeScript's grammar for WebAssembly, where
 * sixteen bytes are summed at once. `npm run kernel:build` compiles it to `src/import/pixels/pixel-sums.wasm`, which
 * `channel-statistics.ts` calls. Arguments are addresses in its memory.
 */

const LANES: usize = 16;
/** Three channels and sixteen lanes agree again after this many bytes. */
const PERIOD: usize = 48;
const INT32X4: usize = 16;

/**
 * Sums whole periods from `from` to `to`. `sums` get 48 uint32, what each of the 48 places of a period sums up to, and 48
 * more for the squares. 65,536 periods fit, those of a patch of 1,024 x 1,024 pixels.
 */
export function addUp(from: usize, to: usize, sums: usize): void {
  for (let place: usize = 0; place < PERIOD; place += LANES) {
    addUpLanes(from + place, to, sums + 4 * place);
  }
}

/** What stands in sixteen neighbouring places of each period. */
function addUpLanes(from: usize, to: usize, sums: usize): void {
  let sum0 = i32x4.splat(0);
  let sum1 = i32x4.splat(0);
  let sum2 = i32x4.splat(0);
  let sum3 = i32x4.splat(0);
  let square0 = i32x4.splat(0);
  let square1 = i32x4.splat(0);
  let square2 = i32x4.splat(0);
  let square3 = i32x4.splat(0);
  for (let at = from; at < to; at += PERIOD) {
    const bytes = v128.load(at);
    const low = i16x8.extend_low_i8x16_u(bytes);
    const high = i16x8.extend_high_i8x16_u(bytes);
    sum0 = i32x4.add(sum0, i32x4.extend_low_i16x8_u(low));
    sum1 = i32x4.add(sum1, i32x4.extend_high_i16x8_u(low));
    sum2 = i32x4.add(sum2, i32x4.extend_low_i16x8_u(high));
    sum3 = i32x4.add(sum3, i32x4.extend_high_i16x8_u(high));
    square0 = i32x4.add(square0, i32x4.extmul_low_i16x8_u(low, low));
    square1 = i32x4.add(square1, i32x4.extmul_high_i16x8_u(low, low));
    square2 = i32x4.add(square2, i32x4.extmul_low_i16x8_u(high, high));
    square3 = i32x4.add(square3, i32x4.extmul_high_i16x8_u(high, high));
  }
  v128.store(sums, sum0);
  v128.store(sums + INT32X4, sum1);
  v128.store(sums + 2 * INT32X4, sum2);
  v128.store(sums + 3 * INT32X4, sum3);
  const squares = sums + 4 * PERIOD;
  v128.store(squares, square0);
  v128.store(squares + INT32X4, square1);
  v128.store(squares + 2 * INT32X4, square2);
  v128.store(squares + 3 * INT32X4, square3);
}
