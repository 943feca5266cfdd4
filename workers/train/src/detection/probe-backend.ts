/**
 * Main file of a process that tries one backend: it trains a tiny network for one step and reports the device. A process of
 * its own, because a crashing driver should not take the worker with it.
 */

import { AppError } from '@microtome/domain/app-error';
import type { Layer } from '@microtome/domain/network/layer';
import { isBackendName } from '@microtome/domain/run/backends';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import type { Normalisation } from '../engine/normalisation.ts';
import { openBackend } from '../engine/open-backend.ts';
import type { ProbeAnswer } from './detect-backends.ts';

const PATCH_SIZE_PX = 8;
const BATCH_SIZE = 2;
const NORMALISATION: Normalisation = { mean: [0.5, 0.5, 0.5], sd: [0.25, 0.25, 0.25] };
const LAYERS: Layer[] = [
  {
    kind: 'conv2d',
    filters: 4,
    kernelSizePx: 3,
    stridePx: 1,
    padding: 'same',
    useBias: false,
    activation: 'linear',
  },
  { kind: 'globalAveragePool2d' },
  { kind: 'dense', units: 1, activation: 'linear' },
];

process.once('disconnect', () => process.exit(1));

const answer = await probe(process.argv[2] ?? '').catch(
  (error: unknown): ProbeAnswer => ({
    works: false,
    reason: error instanceof AppError ? error.message : `The backend does not work here: ${error}`,
  }),
);
process.send?.(answer, undefined, undefined, () => process.exit(0));

async function probe(backend: string): Promise<ProbeAnswer> {
  if (!isBackendName(backend)) throw new AppError('BAD_INPUT', `There is no backend '${backend}'.`);
  const options = {
    layers: LAYERS,
    patchSizePx: PATCH_SIZE_PX,
    batchSize: BATCH_SIZE,
    normalisation: NORMALISATION,
    seed: 1,
    optimizer: { optimizer: 'sgd', momentum: 0, weightDecay: 0, gradientClipNorm: 0, focalGamma: 0 },
  } as const;
  const { usesGpu, precisions, createEngine } = await openBackend(backend, { deterministic: false });
  const engine = await createEngine(options);
  const { loss } = await engine.step({
    images: new Uint8Array(BATCH_SIZE * countPixelBytes(PATCH_SIZE_PX)).fill(150),
    labels: Float32Array.of(0, 1),
    sampleWeights: Float32Array.of(1, 1),
    learningRate: 0.1,
  });
  if (!Number.isFinite(loss))
    throw new AppError('UNAVAILABLE', `The backend '${backend}' gave the loss ${loss}.`);
  const { device, versions } = engine;
  return { works: true, device, versions: { ...versions }, usesGpu, precisions };
}
