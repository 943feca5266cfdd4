/**
 * A square of RGB made smaller by Lanczos' window of three lobes, widened as far as it shrinks: what the import of slides
 * does, so that a patch looks to the model as those that it was trained on. It is hardly ever enlarged. Pure.
 */

const LOBES = 3;
const RGB = 3;

export function resampleSquare(pixels: Uint8Array, fromPx: number, toPx: number): Uint8Array {
  if (fromPx === toPx) return pixels;
  const weights = weigh(fromPx, toPx);
  const across = new Float32Array(toPx * fromPx * RGB);
  for (let y = 0; y < fromPx; y++) {
    for (const [x, { start, values }] of weights.entries())
      sum(across, (y * toPx + x) * RGB, { from: pixels, at: (y * fromPx + start) * RGB, step: RGB, values });
  }
  const out = new Uint8ClampedArray(toPx * toPx * RGB);
  for (const [y, { start, values }] of weights.entries()) {
    for (let x = 0; x < toPx; x++)
      sum(out, (y * toPx + x) * RGB, {
        from: across,
        at: (start * toPx + x) * RGB,
        step: toPx * RGB,
        values,
      });
  }
  return new Uint8Array(out.buffer);
}

type Weights = { start: number; values: Float64Array };

function sum(
  out: Float32Array | Uint8ClampedArray,
  to: number,
  { from, at, step, values }: { from: ArrayLike<number>; at: number; step: number; values: Float64Array },
): void {
  for (let channel = 0; channel < RGB; channel++) {
    let total = 0;
    for (let tap = 0; tap < values.length; tap++)
      total += (values[tap] ?? 0) * (from[at + tap * step + channel] ?? 0);
    out[to + channel] = total;
  }
}

/** For each pixel of the result: which of the source count, and how much; together 1. */
function weigh(fromPx: number, toPx: number): Weights[] {
  const scale = fromPx / toPx;
  const widening = Math.max(1, scale);
  return Array.from({ length: toPx }, (_, at) => {
    const centre = (at + 0.5) * scale - 0.5;
    const start = Math.max(0, Math.ceil(centre - LOBES * widening));
    const end = Math.min(fromPx - 1, Math.floor(centre + LOBES * widening));
    const values = Float64Array.from({ length: end - start + 1 }, (_, tap) =>
      lanczos((start + tap - centre) / widening),
    );
    const total = values.reduce((whole, value) => whole + value, 0);
    return { start, values: values.map((value) => value / total) };
  });
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}
