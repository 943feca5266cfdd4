/**
 * A fingerprint of a patch that survives recompression and small shifts: the signs of its lowest frequencies
 * (DCT of a small grey picture). The fingerprints of its eight flips and rotations follow from the same
 * frequencies, so a turned copy is found without turning pixels.
 */

export const THUMBNAIL_SIZE_PX = 25;

const FREQUENCIES = 8;
const LUMA = [0.299, 0.587, 0.114] as const;

/** How a square patch is turned: transposed first, then flipped. */
export type Turn = { isTransposed: boolean; flipsAcross: boolean; flipsDown: boolean };

/** What of a patch is compared; a few hundred bytes. */
export type PatchLook = {
  /** Mean red, green and blue and the standard deviation of grey, in levels from 0 to 255: the same in any turn. */
  levels: [red: number, green: number, blue: number, contrast: number];
  /** Grey picture of 25 x 25, row by row, smoothed so that a shift by half a cell still correlates. */
  thumbnail: Uint8Array;
  /** Fingerprints in the order of TURNS, two uint32 each. */
  fingerprints: Uint32Array;
};

/** The eight flips and rotations of a square; the first leaves it as it is. */
export const TURNS: readonly Turn[] = [false, true].flatMap((isTransposed) =>
  [false, true].flatMap((flipsAcross) =>
    [false, true].map((flipsDown) => ({ isTransposed, flipsAcross, flipsDown })),
  ),
);

/** Describes a square RGB patch (row by row, three bytes a pixel). */
export function describePatch(rgb: Uint8Array, patchSizePx: number): PatchLook {
  const sums = [0, 0, 0];
  for (let at = 0; at < rgb.length; at++) sums[at % 3] = (sums[at % 3] as number) + (rgb[at] as number);
  const pixels = patchSizePx * patchSizePx;
  const [red = 0, green = 0, blue = 0] = sums.map((sum) => sum / pixels);
  const grey = shrinkPatch(rgb, patchSizePx);
  const frequencies = findFrequencies(grey);
  const fingerprints = Uint32Array.from(TURNS.flatMap((turn) => fingerprint(frequencies, turn)));
  return {
    levels: [red, green, blue, measureContrast(grey)],
    thumbnail: Uint8Array.from(smooth(grey), Math.round),
    fingerprints,
  };
}

/** An RGB patch in grey, one byte a pixel. */
export function toGrey(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = pixel * 3;
    const [red, green, blue] = [rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number];
    grey[pixel] = Math.round(LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue);
  }
  return grey;
}

/** In how many of the 64 bits the first patch, in one of its turns, differs from the second as it is. */
export function countDifferingBits(first: PatchLook, second: PatchLook, turnIndex: number): number {
  const [low = 0, high = 0] = first.fingerprints.subarray(2 * turnIndex, 2 * turnIndex + 2);
  return (
    countBits(low ^ (second.fingerprints[0] as number)) + countBits(high ^ (second.fingerprints[1] as number))
  );
}

function shrinkPatch(rgb: Uint8Array, patchSizePx: number): Float64Array {
  const sums = new Float64Array(THUMBNAIL_SIZE_PX ** 2);
  const counts = new Float64Array(THUMBNAIL_SIZE_PX ** 2);
  for (let pixel = 0; pixel < patchSizePx * patchSizePx; pixel++) {
    const row = Math.floor((Math.floor(pixel / patchSizePx) * THUMBNAIL_SIZE_PX) / patchSizePx);
    const column = Math.floor(((pixel % patchSizePx) * THUMBNAIL_SIZE_PX) / patchSizePx);
    const cell = row * THUMBNAIL_SIZE_PX + column;
    const [red, green, blue] = [
      rgb[pixel * 3] as number,
      rgb[pixel * 3 + 1] as number,
      rgb[pixel * 3 + 2] as number,
    ];
    sums[cell] = (sums[cell] as number) + LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue;
    counts[cell] = (counts[cell] as number) + 1;
  }
  return sums.map((sum, cell) => sum / Math.max(1, counts[cell] as number));
}

/** Weights 1-2-1 along both axes; at the edge the edge is repeated. */
function smooth(grey: Float64Array): Float64Array {
  const last = THUMBNAIL_SIZE_PX - 1;
  const at = (row: number, column: number) =>
    grey[
      Math.min(last, Math.max(0, row)) * THUMBNAIL_SIZE_PX + Math.min(last, Math.max(0, column))
    ] as number;
  return grey.map((_, cell) => {
    const row = Math.floor(cell / THUMBNAIL_SIZE_PX);
    const column = cell % THUMBNAIL_SIZE_PX;
    const across = (line: number) => at(line, column - 1) + 2 * at(line, column) + at(line, column + 1);
    return (across(row - 1) + 2 * across(row) + across(row + 1)) / 16;
  });
}

function measureContrast(grey: Float64Array): number {
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  return Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length);
}

/** The lowest 8 x 8 frequencies of a thumbnail, [down * 8 + across]; the first is the mean. */
function findFrequencies(thumbnail: Float64Array): Float64Array {
  const cosines = Array.from({ length: FREQUENCIES }, (_, frequency) =>
    Float64Array.from({ length: THUMBNAIL_SIZE_PX }, (_unused, at) =>
      Math.cos((Math.PI * frequency * (2 * at + 1)) / (2 * THUMBNAIL_SIZE_PX)),
    ),
  );
  const result = new Float64Array(FREQUENCIES ** 2);
  for (let across = 0; across < FREQUENCIES; across++) {
    const alongRows = Float64Array.from({ length: THUMBNAIL_SIZE_PX }, (_, row) =>
      dot(thumbnail.subarray(row * THUMBNAIL_SIZE_PX, (row + 1) * THUMBNAIL_SIZE_PX), cosines[across]),
    );
    for (let down = 0; down < FREQUENCIES; down++)
      result[down * FREQUENCIES + across] = dot(alongRows, cosines[down]);
  }
  return result;
}

/** A flip turns the sign of the odd frequencies of its axis; a transposition swaps the axes. */
function fingerprint(frequencies: Float64Array, turn: Turn): [low: number, high: number] {
  const halves: [low: number, high: number] = [0, 0];
  for (let bit = 1; bit < FREQUENCIES ** 2; bit++) {
    const down = bit >> 3;
    const across = bit & 7;
    const value = frequencies[turn.isTransposed ? across * FREQUENCIES + down : bit] as number;
    const isTurned = (turn.flipsAcross && across % 2 === 1) !== (turn.flipsDown && down % 2 === 1);
    if ((isTurned ? -value : value) > 0) halves[bit < 32 ? 0 : 1] |= 1 << (bit % 32);
  }
  return halves;
}

function countBits(value: number): number {
  let pairs = value - ((value >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function dot(values: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += (values[at] as number) * (weights?.[at] ?? 0);
  return sum;
}
