/** The model of a version, ready for image files: a worker's on the best backend, an external program's in ONNX Runtime. */
import type { BackendRequest } from '@microtome/domain/run/backends';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import type { ReferredVersion } from '@microtome/store/model/model-references';
import { requireCheckedModel } from '@microtome/store/model-check/model-checks';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import type { Store } from '@microtome/store/store';
import { chooseBackend } from '../detection/detect-backends.ts';
import { readTrainerEnv } from '../env.ts';
import { openExternalPredictor } from '../external-model/external-predictor.ts';
import { loadSavedModel } from '../model/load-saved-model.ts';
import { openSavedPredictor } from '../model/predictor.ts';
import type { FileModel } from './predict-patches.ts';

/** The caller disposes of its predictor. */
export async function openFileModel(
  store: Store,
  { version: { run, dataset }, backend: request }: { version: ReferredVersion; backend: BackendRequest },
): Promise<FileModel> {
  const { patchSizePx } = dataset;
  if (run.origin === 'EXTERNAL') {
    const { fileHash, modelInput: input } = await requireCheckedModel(store.database.prisma, run);
    const bytes = await store.artifacts.read(fileHash);
    // Its program saw patches of full size alone.
    return {
      predictor: await openExternalPredictor(bytes, { input, patchSizePx }),
      patchSizePx,
      takesStrips: false,
    };
  }
  const read = async (role: string) => {
    const { artifactHash } = await getRunArtifact(store, { runId: run.id, role });
    return store.artifacts.read(artifactHash);
  };
  const saved = { modelJson: await read('MODEL_JSON'), weights: await read('MODEL_WEIGHTS') };
  const hyperparameters = parseHyperparameters(run.hyperparameters);
  const backend = await chooseBackend(request, readTrainerEnv());
  return {
    predictor: await openSavedPredictor(
      { ...loadSavedModel(saved), hyperparameters, patchSizePx },
      { backend },
    ),
    patchSizePx,
    takesStrips: hyperparameters.edgeStrips === 'reflect',
  };
}
