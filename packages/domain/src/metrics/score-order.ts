/**
 * The order of patches by falling score, the first step of every ranking metric. Large arrays are sorted by
 * radix over the bits of the doubles, which takes a tenth of the time of a comparison sort.
 */

const RADIX_MIN_LENGTH = 4096;
const DIGIT_BITS = 16;
const DIGIT_COUNT = 1 << DIGIT_BITS;

/** Indices of the scores from highest to lowest; equal scores keep their order. Scores must be finite. */
export function orderByScore(scores: Float64Array): Uint32Array {
  if (scores.length < RADIX_MIN_LENGTH) {
    return Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  }
  const digits = new Uint16Array(toFallingKeys(scores).buffer);
  let order = new Uint32Array(scores.length);
  for (let index = 0; index < order.length; index++) order[index] = index;
  for (let digit = 0; digit < 4; digit++) order = sortByDigit(order, { digits, digit });
  return order;
}

/** Where the group of equal scores that starts at `start` ends (exclusive). */
export function endOfTie(
  scores: Float64Array,
  { order, start }: { order: Uint32Array; start: number },
): number {
  const score = scores[order[start] as number];
  let end = start + 1;
  while (end < order.length && scores[order[end] as number] === score) end++;
  return end;
}

/** Unsigned 64-bit keys whose rising order is the falling order of the doubles; -0 counts as 0. */
function toFallingKeys(scores: Float64Array): Uint32Array {
  const keys = new Float64Array(scores.length);
  for (let index = 0; index < keys.length; index++) keys[index] = (scores[index] as number) + 0;
  const halves = new Uint32Array(keys.buffer);
  for (let low = 0; low < halves.length; low += 2) {
    const high = halves[low + 1] as number;
    if (high >>> 31) continue;
    halves[low] = ~(halves[low] as number);
    halves[low + 1] = high ^ 0x7fffffff;
  }
  return halves;
}

function sortByDigit(
  order: Uint32Array<ArrayBuffer>,
  { digits, digit }: { digits: Uint16Array; digit: number },
): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(DIGIT_COUNT + 1);
  for (let at = digit; at < digits.length; at += 4) {
    const next = (digits[at] as number) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  if (starts.includes(order.length)) return order;
  for (let value = 1; value <= DIGIT_COUNT; value++) {
    starts[value] = (starts[value] as number) + (starts[value - 1] as number);
  }
  const sorted = new Uint32Array(order.length);
  for (let rank = 0; rank < order.length; rank++) {
    const index = order[rank] as number;
    const value = digits[index * 4 + digit] as number;
    const place = starts[value] as number;
    sorted[place] = index;
    starts[value] = place + 1;
  }
  return sorted;
}
