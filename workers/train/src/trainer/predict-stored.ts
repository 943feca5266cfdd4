/** The probabilities that a model gives for stored patches of a dataset, read ahead in a thread. */
import { type Hyperparameters, parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { locatePatches } from '@microtome/store/dataset/shard-files';
import { openBatchStream } from '../batches/batch-stream.ts';
import type { Predictor } from '../model/predictor.ts';
import type { JobPixels } from '../protocol/training-job.ts';
import { computeProbabilities } from './subset-logits.ts';

type Request = {
  artifacts: ArtifactStore;
  pixels: JobPixels;
  indexes: Int32Array;
  onProgress: (patchesDone: number) => void;
};

const NOTHING_TRAINED = {
  indexes: new Int32Array(0),
  labels: new Uint8Array(0),
  patients: new Int32Array(0),
};

/** In the order of `indexes`. */
export async function predictStored(
  predictor: Predictor,
  { artifacts, pixels, indexes, onProgress }: Request,
): Promise<Float64Array> {
  const located = await locatePatches(pixels, { artifacts });
  // Of the stream only the images are read, and they are what they are whatever a training would make of them.
  const hyperparameters: Hyperparameters = parseHyperparameters({});
  const assembler = {
    patchSizePx: pixels.patchSizePx,
    batchSize: 1,
    train: NOTHING_TRAINED,
    hyperparameters,
  };
  const batches = await openBatchStream(
    { assembler, patches: located },
    { start: { epochIndex: 0, batchIndex: 0 }, batchesPerEpoch: 1 },
  );
  let patchesDone = 0;
  return computeProbabilities({
    predictor,
    batches,
    indexes,
    onChunk: ({ patches }) => {
      patchesDone += patches;
      onProgress(patchesDone);
    },
  }).finally(() => batches.close());
}
