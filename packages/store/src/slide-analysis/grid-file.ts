/**
 * The grid of an analysed slide as a file: magic, version, count, columns, rows, then all places (int32) and all probabilities
 * (float64), little-endian and aligned, so that decoding is two views of the bytes.
 */
import { AppError, invariant } from '@microtome/domain/app-error';
import type { AnalysisGrid } from '@microtome/domain/slide-analysis/analysis-grid';

export const GRID_MEDIA_TYPE = 'application/vnd.microtome.slide-grid';

const MAGIC = 0x4753544d; // 'MTSG'
const VERSION = 1;
const HEADER_BYTES = 24;

export function encodeGrid({ columns, rows, places, probabilities }: AnalysisGrid): Uint8Array {
  const count = places.length;
  invariant(probabilities.length === count, 'a grid has a probability for each of its places');
  const bytes = new Uint8Array(probabilitiesOffset(count) + count * Float64Array.BYTES_PER_ELEMENT);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of [MAGIC, VERSION, count, columns, rows].entries())
    view.setUint32(at * Uint32Array.BYTES_PER_ELEMENT, value, true);
  new Int32Array(bytes.buffer, HEADER_BYTES, count).set(places);
  new Float64Array(bytes.buffer, probabilitiesOffset(count), count).set(probabilities);
  return bytes;
}

/** BAD_INPUT when the bytes are no grid of a known version, or not all of it. */
export function decodeGrid(bytes: Uint8Array): AnalysisGrid {
  // A copy of its own: a Buffer from a pool need not begin at a multiple of eight.
  const { buffer } = new Uint8Array(bytes);
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC)
    throw new AppError('BAD_INPUT', `These ${buffer.byteLength} bytes are no grid of a slide.`);
  const [version, count, columns, rows] = [4, 8, 12, 16].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const expected = probabilitiesOffset(count) + count * Float64Array.BYTES_PER_ELEMENT;
  if (version !== VERSION || buffer.byteLength !== expected)
    throw new AppError(
      'BAD_INPUT',
      `A grid of version ${version} with ${count} places and ${buffer.byteLength} bytes cannot be read.`,
    );
  return {
    columns,
    rows,
    places: new Int32Array(buffer, HEADER_BYTES, count),
    probabilities: new Float64Array(buffer, probabilitiesOffset(count), count),
  };
}

function probabilitiesOffset(count: number): number {
  const end = HEADER_BYTES + count * Int32Array.BYTES_PER_ELEMENT;
  return Math.ceil(end / Float64Array.BYTES_PER_ELEMENT) * Float64Array.BYTES_PER_ELEMENT;
}
