/** Trains a small network from a fixed seed and hashes what results; run as a script it prints the hash. */
import { createHash } from 'node:crypto';
import { getArchitecture } from '@microtome/domain/network/architectures';
import { createEngine } from '@microtome/train/engine/create-engine';
import { createBatch, NORMALISATION, PLAIN_SGD } from './training-case.ts';

const PATCH_SIZE_PX = 20;
const BATCH_SIZE = 8;

export async function hashTraining(): Promise<string> {
  const hash = createHash('sha256');
  for (const architecture of ['shallow', 'mobile']) {
    const engine = await createEngine({
      backend: 'onnx',
      layers: getArchitecture(architecture).layers({ width: 0.5, dropoutRate: 0.5 }),
      patchSizePx: PATCH_SIZE_PX,
      batchSize: BATCH_SIZE,
      normalisation: NORMALISATION,
      seed: 11,
      optimizer: { ...PLAIN_SGD, optimizer: 'adam' },
      threads: 2,
    });
    for (let seed = 0; seed < 6; seed++) {
      await engine.step(
        createBatch({ seed, batchSize: BATCH_SIZE, patchSizePx: PATCH_SIZE_PX, learningRate: 0.01 }),
      );
    }
    for (const { values } of (await engine.state()).tensors) hash.update(new Uint8Array(values.buffer));
    await engine.dispose();
  }
  return hash.digest('hex');
}

if (import.meta.main) process.stdout.write(`${await hashTraining()}\n`);
