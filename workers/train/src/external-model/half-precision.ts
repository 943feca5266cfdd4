/** Numbers of half precision (IEEE 754 binary16), which the runtime takes and gives as their bits. */

/** Of a number of single precision, exactly for what half precision has; rounded to the nearest, ties to even, else. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, roundToHalf);
}

export function fromHalf(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

function roundToHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From 65,520 on the nearest is infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    // The exponent's bias is 127 there and 15 here; 13 bits of the fraction go.
    return sign | roundOff(magnitude - ((127 - 15) << 23), 13);
  }
  const exponent = magnitude >>> 23;
  if (exponent < 102) return sign;
  return sign | roundOff((magnitude & 0x7fffff) | 0x800000, 126 - exponent);
}

/** A whole number without its last bits, to the nearest, ties to even. */
function roundOff(whole: number, bits: number): number {
  const kept = whole >>> bits;
  const rest = whole & ((1 << bits) - 1);
  const half = 1 << (bits - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}
