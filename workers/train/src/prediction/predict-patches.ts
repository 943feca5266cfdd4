/**
 * A stored model on image files: each is decoded as an import decodes it and gets the calibrated probability of the positive class.
 */

import { findStripFault } from '@microtome/store/import/packing/patch-size';
import { type FitRules, fitPatch } from '@microtome/store/import/pixels/fit-patch';
import type { PixelChange } from '@microtome/store/import/pixels/pixel-change';
import { type PatchReading, type ReadPatch, readPatches } from '@microtome/store/import/pixels/read-patch';
import { accept, type Checked, type Refuse, refuse as refuseFile } from '@microtome/store/import/refusal';
import { reflectStrip } from '../batches/edge-strip.ts';
import type { Predictor } from '../model/predictor.ts';
import type { PredictionFile } from './prediction-files.ts';

const CHUNK_PATCHES = 256;

/** What is told of a patch, and where it lies in pixels of the model's scale, for what a prediction says. */
type PredictedPatch = Pick<PredictionFile, 'told'> & { place: { x: number; y: number } | null };

/** `path` is that of the file that was taken, where several show the same patch, or of the slide. */
export type FilePrediction = { file: PredictedPatch; path: string; probability: number };

/** A model with the size of its patches. */
export type FileModel = {
  predictor: Predictor;
  patchSizePx: number;
  /** Whether it was trained on edge strips that were completed. */
  takesStrips: boolean;
};

type PredictionRequest = {
  model: FileModel;
  files: readonly PredictionFile[];
  /** What becomes of images of another shape or size than the model takes. */
  fit: FitRules;
  refuse: Refuse;
  /** Told of each change to the pixels of a file that is predicted. */
  onChange: (change: PixelChange) => void;
};

/**
 * In the order of the files; a file that cannot be used is refused with a sentence and has no prediction. The next chunk is read
 * while one is computed.
 */
export async function* predictPatches(request: PredictionRequest): AsyncGenerator<FilePrediction[]> {
  const { model, files } = request;
  function readFrom(start: number): Promise<ChunkFile[]> | null {
    if (start >= files.length) return null;
    const reading = readChunk(files.slice(start, start + CHUNK_PATCHES), request);
    // It may fail before it is waited for, which is told then.
    reading.catch(() => undefined);
    return reading;
  }
  let ahead = readFrom(0);
  try {
    for (let start = 0; ahead !== null; start += CHUNK_PATCHES) {
      const read = sortOut(await ahead, request);
      ahead = readFrom(start + CHUNK_PATCHES);
      if (read.length === 0) continue;
      const images = Buffer.concat(read.map(({ pixels }) => pixels));
      const probabilities = await model.predictor.predict(images, read.length);
      yield read.map(({ file, path }, row) => ({ file, path, probability: probabilities[row] as number }));
    }
  } finally {
    // Whoever asked may close the source now.
    await ahead?.catch(() => undefined);
  }
}

type ChunkFile = { file: PredictionFile; refusals: PatchReading['refusals']; patch: ReadPatch | null };
type ReadyPatch = { file: PredictionFile; path: string; pixels: Uint8Array };

async function readChunk(files: readonly PredictionFile[], request: PredictionRequest): Promise<ChunkFile[]> {
  const readings = await readPatches(files);
  return Promise.all(
    readings.map(async ({ patch, refusals }, position) => ({
      file: files[position] as PredictionFile,
      refusals,
      patch: patch && (await fitToModel(patch, request)),
    })),
  );
}

/** Tells of refusals and changes, and keeps what can be predicted. */
function sortOut(chunk: readonly ChunkFile[], request: PredictionRequest): ReadyPatch[] {
  return chunk.flatMap(({ file, refusals, patch }): ReadyPatch[] => {
    for (const refusal of refusals) request.refuse(refusal);
    if (!patch) return [];
    const { path, changes } = patch;
    const fitted = checkSize(patch, file, request.model);
    if (!fitted.ok) {
      request.refuse({ path, ...fitted.fault });
      return [];
    }
    for (const code of changes) request.onChange({ path, code });
    return [{ file, path, pixels: fitted.value }];
  });
}

function fitToModel(patch: ReadPatch, { model: { patchSizePx }, fit: rules }: PredictionRequest) {
  return fitPatch(patch, { patchSizePx, rules });
}

/** Edge strips are completed only for a model that was trained on completed strips. */
function checkSize(
  { width, height, pixels }: ReadPatch,
  { place }: PredictionFile,
  model: FileModel,
): Checked<Uint8Array> {
  const size = model.patchSizePx;
  if (width === size && height === size) return accept(pixels);
  if (!model.takesStrips || width > size || height > size) {
    const reason = `It has ${width} x ${height} pixels; the model takes ${size} x ${size}.`;
    return refuseFile('NOT_PATCH_SIZE', reason);
  }
  const fault = place && findStripFault({ ...place, width, height }, place.reach, size);
  if (fault) return { ok: false, fault };
  return accept(reflectStrip({ pixels, widthPx: width, heightPx: height }, size));
}
