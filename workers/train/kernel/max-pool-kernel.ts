/**
 * The gradient of max pooling in AssemblyScript: one pass over the image, where operations of a graph take two dozen.
 * `npm run kernel:build` compiles it to `src/engine/onnx/step/max-pool-kernel.wasm`, which
 * `src/engine/onnx/step/max-pool-gradient.ts` calls.
 */

const FLOAT32X4: usize = 16;

/**
 * `planes` images lie one after the other, each [rows, columns, vectors], four float32 a vector. Of equal maxima the first
 * of a window takes dy. `x` is what was pooled, `y` the maxima; `target`, as large as x, is written over.
 */
export function sendToMaxima(
  x: usize,
  y: usize,
  dy: usize,
  target: usize,
  planes: i32,
  vectors: i32,
  inHeight: i32,
  inWidth: i32,
  outHeight: i32,
  outWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixelBytes = (vectors as usize) * FLOAT32X4;
  const rowBytes = (inWidth as usize) * pixelBytes;
  const planeBytes = (inHeight as usize) * rowBytes;
  for (let plane = 0; plane < planes; plane++) {
    memory.fill(target, 0, planeBytes);
    for (let row = 0; row < outHeight; row++) {
      const top = max(row * strideHeight - padTop, 0);
      const bottom = min(row * strideHeight - padTop + filterHeight, inHeight);
      for (let column = 0; column < outWidth; column++) {
        const left = max(column * strideWidth - padLeft, 0);
        const right = min(column * strideWidth - padLeft + filterWidth, inWidth);
        const corner = (top as usize) * rowBytes + (left as usize) * pixelBytes;
        const across = ((right - left) as usize) * pixelBytes;
        for (let vector = 0; vector < vectors; vector++) {
          const maxima = v128.load(y);
          let rest = v128.load(dy);
          let from = x + corner;
          let to = target + corner;
          for (let windowRow = top; windowRow < bottom; windowRow++) {
            for (let at: usize = 0; at < across; at += pixelBytes) {
              const isMaximum = f32x4.eq(v128.load(from + at), maxima);
              v128.store(to + at, f32x4.add(v128.load(to + at), v128.and(rest, isMaximum)));
              rest = v128.andnot(rest, isMaximum);
            }
            from += rowBytes;
            to += rowBytes;
          }
          x += FLOAT32X4;
          target += FLOAT32X4;
          y += FLOAT32X4;
          dy += FLOAT32X4;
        }
        x -= pixelBytes;
        target -= pixelBytes;
      }
    }
    x += planeBytes;
    target += planeBytes;
  }
}
