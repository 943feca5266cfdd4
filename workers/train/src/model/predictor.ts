/** A model that predicts, be it of a worker or of an outside program: patches in, calibrated probabilities of the positive side out. */
import { calibrate } from '@microtome/domain/metrics/calibration';
import type { BackendName } from '@microtome/domain/run/backends';
import { openSavedEngine, type PredictionModel } from './open-saved-engine.ts';

export type Predictor = {
  /** Of `count` patches, [count, size, size, 3] of bytes. */
  predict(images: Uint8Array, count: number): Promise<Float64Array>;
  dispose(): Promise<void>;
};

/** A worker's model. The caller disposes of it. */
export async function openSavedPredictor(
  model: PredictionModel,
  place: { backend: BackendName; threads?: number | undefined },
): Promise<Predictor> {
  const engine = await openSavedEngine(model, place);
  return {
    predict: async (images, count) =>
      Float64Array.from(await engine.predictLogits(images, count), (logit) =>
        calibrate(logit, model.temperature),
      ),
    dispose: async () => {
      await engine.dispose();
    },
  };
}
