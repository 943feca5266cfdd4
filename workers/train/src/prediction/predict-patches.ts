/**
 * A stored model on image files: each is decoded as an import decodes it and gets the calibrated probability of IDC.
 */

import { calibrate } from '@microtome/domain/metrics/calibration';
import { getArchitecture } from '@microtome/domain/network/architectures';
import type { BackendRequest } from '@microtome/domain/run/backends';
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import { decodePatch } from '@microtome/store/import/decode';
import { accept, type Checked, type Refuse, refuse as refuseFile } from '@microtome/store/import/refusal';
import { reflectStrip } from '../batches/edge-strip.ts';
import { createEngine } from '../engine/create-engine.ts';
import { putWeights } from '../model/engine-weights.ts';
import type { SavedNetwork } from '../model/load-saved-model.ts';
import type { PredictionFile } from './prediction-files.ts';

const CHUNK_PATCHES = 256;

export type PredictionModel = SavedNetwork & {
  hyperparameters: Hyperparameters;
  patchSizePx: number;
};

export type FilePrediction = { file: PredictionFile; probability: number };

/** In the order of the files; a file that cannot be used is refused with a sentence and has no prediction. */
export async function* predictPatches(request: {
  model: PredictionModel;
  files: readonly PredictionFile[];
  backend: BackendRequest;
  refuse: Refuse;
}): AsyncGenerator<FilePrediction[]> {
  const { model, files, refuse } = request;
  const engine = await createEngine({
    backend: request.backend,
    layers: getArchitecture(model.hyperparameters.architecture).layers(model.hyperparameters),
    patchSizePx: model.patchSizePx,
    batchSize: Math.min(64, files.length),
    normalisation: model.normalisation,
    seed: model.hyperparameters.seed,
    optimizer: model.hyperparameters,
  });
  try {
    await putWeights(engine, model.weights);
    for (let start = 0; start < files.length; start += CHUNK_PATCHES) {
      const read = await readPatches(files.slice(start, start + CHUNK_PATCHES), model, refuse);
      const logits = await engine.predictLogits(Buffer.concat(read.map(({ pixels }) => pixels)), read.length);
      yield read.map(({ file }, row) => ({
        file,
        probability: calibrate(logits[row] as number, model.temperature),
      }));
    }
  } finally {
    await engine.dispose();
  }
}

type ReadPatch = { file: PredictionFile; pixels: Uint8Array };

async function readPatches(files: readonly PredictionFile[], model: PredictionModel, refuse: Refuse) {
  const checked = await Promise.all(
    files.map(async (file) => ({ file, patch: await readPatch(file, model) })),
  );
  return checked.flatMap(({ file, patch }): ReadPatch[] => {
    if (patch.ok) return [{ file, pixels: patch.value }];
    refuse({ path: file.path, ...patch.fault });
    return [];
  });
}

/** Edge strips are completed only for a model that was trained on completed strips. */
async function readPatch(file: PredictionFile, model: PredictionModel): Promise<Checked<Uint8Array>> {
  const bytes = await file.read();
  if (!bytes.ok) return bytes;
  const decoded = await decodePatch(bytes.value);
  if (!decoded.ok) return decoded;
  const { width, height, pixels } = decoded.value;
  const size = model.patchSizePx;
  if (width === size && height === size) return accept(pixels);
  if (model.hyperparameters.edgeStrips === 'reflect' && width <= size && height <= size) {
    return accept(reflectStrip({ pixels, widthPx: width, heightPx: height }, size));
  }
  return refuseFile(
    'NOT_PATCH_SIZE',
    `It has ${width} x ${height} pixels; the model takes ${size} x ${size}.`,
  );
}
