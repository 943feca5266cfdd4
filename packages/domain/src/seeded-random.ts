/**
 * The only source of randomness in the platform: mulberry32, a small generator whose whole state is one
 * uint32, so that it fits into a checkpoint and gives the same numbers on any machine. Independent streams
 * are derived by label (`deriveSeed`), never by sharing one generator between two purposes.
 */

const UINT32_RANGE = 2 ** 32;
const MULBERRY32_STEP = 0x6d2b79f5;
const FNV_OFFSET_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Seeds are whole numbers from 0 to here. */
export const SEED_MAX = UINT32_RANGE - 1;

export type SeededRandom = {
  /** The next uniform number in [0, 1), a multiple of 2^-32. */
  next(): number;
  /** A uint32 from which `createRandom` goes on exactly where this generator stands. */
  state(): number;
};

/** Creates a generator from a seed, or from the state of another one; the number is taken modulo 2^32. */
export function createRandom(seedOrState: number): SeededRandom {
  let state = seedOrState >>> 0;
  return {
    next() {
      state = (state + MULBERRY32_STEP) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32_RANGE;
    },
    state: () => state,
  };
}

/** The state of a generator that stands at `state`, after so many more numbers. */
export function skipDraws(state: number, count: number): number {
  return (state + Math.imul(count, MULBERRY32_STEP)) >>> 0;
}

/**
 * The seed of an independent stream for a purpose, as a uint32: FNV-1a over the labels, each with its kind
 * and an end mark (so ('a', 'b') is not ('ab')), then the 32-bit finaliser of MurmurHash3.
 */
export function deriveSeed(seed: number, ...labels: (string | number)[]): number {
  let hash = foldText(FNV_OFFSET_BASIS, `n${seed >>> 0}\u0000`);
  for (const label of labels) {
    hash = foldText(hash, typeof label === 'number' ? `n${label}\u0000` : `s${label}\u0000`);
  }
  return finaliseHash(hash);
}

/** A number in [0, 1) that depends only on seed and labels: the same whatever else is drawn. */
export function deriveFraction(seed: number, ...labels: (string | number)[]): number {
  return deriveSeed(seed, ...labels) / UINT32_RANGE;
}

/** A new array with the items in seeded random order (Fisher-Yates from the end). */
export function shuffle<T>(items: readonly T[], random: SeededRandom): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    const kept = shuffled[last] as T;
    shuffled[last] = shuffled[other] as T;
    shuffled[other] = kept;
  }
  return shuffled;
}

/** One draw from the standard normal distribution (Box-Muller; always takes two uniform numbers). */
export function gaussian(random: SeededRandom): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

function foldText(hash: number, text: string): number {
  let folded = hash;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    folded = Math.imul(folded ^ (unit & 0xff), FNV_PRIME);
    folded = Math.imul(folded ^ (unit >>> 8), FNV_PRIME);
  }
  return folded >>> 0;
}

function finaliseHash(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
