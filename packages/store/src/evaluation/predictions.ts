/**
 * Predictions as a file. The file: magic, version, count, then all patch numbers (int32) and all
 * probabilities (float64), little-endian and aligned, so that decoding is two views of the bytes. Every statistic of a
 * run comes from these, never from training again.
 */
import { AppError } from '@microtome/domain/app-error';

export const PREDICTIONS_MEDIA_TYPE = 'application/vnd.microtome.predictions';

const MAGIC = 0x5250544d; // 'MTPR'
const VERSION = 1;
const HEADER_BYTES = 16;

export type Predictions = {
  /** Numbers of the patches within their dataset, rising. */
  patchIndexes: Int32Array;
  /** Of the positive class, calibrated, [0, 1]. */
  probabilities: Float64Array;
};

/** BAD_INPUT unless indexes rise, lengths agree and probabilities lie in [0, 1]. */
export function encodePredictions({ patchIndexes, probabilities }: Predictions): Uint8Array {
  checkPredictions({ patchIndexes, probabilities });
  const count = patchIndexes.length;
  const bytes = new Uint8Array(probabilitiesOffset(count) + count * Float64Array.BYTES_PER_ELEMENT);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, count, true);
  new Int32Array(bytes.buffer, HEADER_BYTES, count).set(patchIndexes);
  new Float64Array(bytes.buffer, probabilitiesOffset(count), count).set(probabilities);
  return bytes;
}

/** BAD_INPUT when the bytes are no predictions of a known version, or not all of them. */
export function decodePredictions(bytes: Uint8Array): Predictions {
  // A copy of its own: a Buffer from a pool need not begin at a multiple of eight.
  const { buffer } = new Uint8Array(bytes);
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw new AppError('BAD_INPUT', `These ${buffer.byteLength} bytes are no predictions.`);
  }
  const [version, count] = [view.getUint32(4, true), view.getUint32(8, true)];
  const expected = probabilitiesOffset(count) + count * Float64Array.BYTES_PER_ELEMENT;
  if (version !== VERSION || buffer.byteLength !== expected) {
    throw new AppError(
      'BAD_INPUT',
      `Predictions of version ${version} with ${count} entries and ${buffer.byteLength} bytes cannot be read.`,
    );
  }
  return {
    patchIndexes: new Int32Array(buffer, HEADER_BYTES, count),
    probabilities: new Float64Array(buffer, probabilitiesOffset(count), count),
  };
}

function probabilitiesOffset(count: number): number {
  const end = HEADER_BYTES + count * Int32Array.BYTES_PER_ELEMENT;
  return Math.ceil(end / Float64Array.BYTES_PER_ELEMENT) * Float64Array.BYTES_PER_ELEMENT;
}

function checkPredictions({ patchIndexes, probabilities }: Predictions): void {
  if (patchIndexes.length !== probabilities.length) {
    throw new AppError(
      'BAD_INPUT',
      `There are ${patchIndexes.length} patches but ${probabilities.length} probabilities.`,
    );
  }
  for (let at = 0; at < patchIndexes.length; at++) {
    const [index, probability] = [patchIndexes[at]!, probabilities[at]!];
    if (at > 0 && index <= patchIndexes[at - 1]!) {
      throw new AppError(
        'BAD_INPUT',
        `Patch ${index} follows patch ${patchIndexes[at - 1]}: numbers must rise.`,
      );
    }
    if (!(probability >= 0 && probability <= 1)) {
      throw new AppError(
        'BAD_INPUT',
        `The probability of patch ${index} is ${probability}: it must lie in [0, 1].`,
      );
    }
  }
}
