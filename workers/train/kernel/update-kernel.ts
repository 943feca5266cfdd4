/**
 * The optimizers' updates in AssemblyScript: weights and slots are read and written once, four at a time, where as many
 * operations of a graph would pass over them a dozen times. The formulas are those of `src/engine/optimizer-update.ts`, in
 * the same order, so that the bits are the same. `npm run kernel:build` compiles it to
 * `src/engine/onnx/step/update-kernel.wasm`, which `src/engine/onnx/step/weight-update.ts` calls.
 *
 * Arrays are addresses of float32 at multiples of 16; `vectors` counts four of them.
 */

const FLOAT32X4: usize = 16;

/** Adds `source` to `target`. */
export function addTo(target: usize, source: usize, vectors: i32): void {
  const end = target + (vectors as usize) * FLOAT32X4;
  for (; target < end; target += FLOAT32X4, source += FLOAT32X4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
  }
}

/** The sum of squares, added up in float64. */
export function sumSquares(source: usize, vectors: i32): f64 {
  const end = source + (vectors as usize) * FLOAT32X4;
  let sums = f64x2.splat(0);
  for (; source < end; source += FLOAT32X4) {
    const values = v128.load(source);
    const low = f64x2.promote_low_f32x4(values);
    const high = f64x2.promote_low_f32x4(
      i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
    );
    sums = f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

export function multiply(target: usize, vectors: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const end = target + (vectors as usize) * FLOAT32X4;
  for (; target < end; target += FLOAT32X4) v128.store(target, f32x4.mul(v128.load(target), factors));
}

/** `decay` is what a weight loses of itself: learning rate x weight decay. */
export function moveBySgd(
  weights: usize,
  gradient: usize,
  vectors: i32,
  learningRate: f32,
  decay: f32,
): void {
  const end = weights + (vectors as usize) * FLOAT32X4;
  for (; weights < end; weights += FLOAT32X4, gradient += FLOAT32X4) {
    moveWeights(weights, v128.load(gradient), f32x4.splat(learningRate), f32x4.splat(decay));
  }
}

export function moveByMomentum(
  weights: usize,
  velocities: usize,
  gradient: usize,
  vectors: i32,
  learningRate: f32,
  decay: f32,
  momentum: f32,
): void {
  const end = weights + (vectors as usize) * FLOAT32X4;
  for (; weights < end; weights += FLOAT32X4, velocities += FLOAT32X4, gradient += FLOAT32X4) {
    const velocity = f32x4.add(f32x4.mul(v128.load(velocities), f32x4.splat(momentum)), v128.load(gradient));
    v128.store(velocities, velocity);
    moveWeights(weights, velocity, f32x4.splat(learningRate), f32x4.splat(decay));
  }
}

/** `keep1` and `keep2` are the betas, `take1` and `take2` 1 less them; the corrections are those of the bias of m and of the root of v. */
export function moveByAdam(
  weights: usize,
  firstMoments: usize,
  secondMoments: usize,
  gradient: usize,
  vectors: i32,
  learningRate: f32,
  decay: f32,
  keep1: f32,
  take1: f32,
  keep2: f32,
  take2: f32,
  firstCorrection: f32,
  secondCorrection: f32,
  epsilon: f32,
): void {
  for (let at = 0; at < vectors; at++) {
    const g = v128.load(gradient);
    const m = f32x4.add(
      f32x4.mul(v128.load(firstMoments), f32x4.splat(keep1)),
      f32x4.mul(g, f32x4.splat(take1)),
    );
    const v = f32x4.add(
      f32x4.mul(v128.load(secondMoments), f32x4.splat(keep2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(take2)),
    );
    v128.store(firstMoments, m);
    v128.store(secondMoments, v);
    const deviation = f32x4.add(
      f32x4.mul(f32x4.sqrt(v), f32x4.splat(secondCorrection)),
      f32x4.splat(epsilon),
    );
    const step = f32x4.div(f32x4.mul(m, f32x4.splat(firstCorrection)), deviation);
    moveWeights(weights, step, f32x4.splat(learningRate), f32x4.splat(decay));
    weights += FLOAT32X4;
    firstMoments += FLOAT32X4;
    secondMoments += FLOAT32X4;
    gradient += FLOAT32X4;
  }
}

function moveWeights(address: usize, step: v128, learningRates: v128, decays: v128): void {
  const weights = v128.load(address);
  const moved = f32x4.sub(weights, f32x4.mul(learningRates, step));
  v128.store(address, f32x4.sub(moved, f32x4.mul(decays, weights)));
}
