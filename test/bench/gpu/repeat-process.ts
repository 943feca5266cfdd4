/**
 * The process that shows whether a backend repeats itself: some steps from one seed, its state written half-way, where it
 * may be killed, and a digest of all that was learned at the end. Told by one JSON argument; answers are JSON lines.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { getArchitecture } from '@microtome/domain/network/architectures';
import type { BackendName } from '@microtome/domain/run/backends';
import { createRandom } from '@microtome/domain/seeded-random';
import { createEngine } from '@microtome/train/engine/create-engine';
import type { EngineState, TrainingStepInput } from '@microtome/train/engine/training-engine';

export type RepeatRequest = {
  backend: BackendName;
  network: string;
  patchSizePx: number;
  batchSize: number;
  steps: number;
  /** Where the state goes after half of the steps; it goes on from there where the file is there already. */
  stateFile: string;
};
export type RepeatAnswer = { kind: 'saved' } | { kind: 'ended'; digest: string; device: string };

const { backend, network, patchSizePx, batchSize, steps, stateFile } = JSON.parse(
  process.argv[2] ?? '',
) as RepeatRequest;
const say = (answer: RepeatAnswer) => console.log(JSON.stringify(answer));
const half = steps >> 1;

const engine = await createEngine({
  backend,
  layers: getArchitecture(network).layers({ width: 1, dropoutRate: 0.5 }),
  patchSizePx,
  batchSize,
  normalisation: { mean: [0.5, 0.5, 0.5], sd: [0.5, 0.5, 0.5] },
  seed: 1,
  optimizer: { optimizer: 'adam', momentum: 0.9, weightDecay: 0, gradientClipNorm: 0, focalGamma: 0 },
  deterministic: true,
});
const kept = await readFile(stateFile).catch(() => null);
if (kept) await engine.restore(deserialize(kept) as EngineState);
for (let step = kept ? half : 0; step < steps; step++) {
  await engine.step(drawBatch(step));
  if (!kept && step + 1 === half) {
    await writeFile(stateFile, serialize(await engine.state()));
    say({ kind: 'saved' });
  }
}
say({ kind: 'ended', digest: digestState(await engine.state()), device: engine.device });
await engine.dispose();
process.exit(0);

/** Of each step its own, whatever came before. */
function drawBatch(step: number): TrainingStepInput {
  const random = createRandom(step + 1);
  return {
    images: Uint8Array.from({ length: batchSize * patchSizePx ** 2 * 3 }, () => 256 * random.next()),
    labels: Float32Array.from({ length: batchSize }, (_, index) => index % 2),
    sampleWeights: new Float32Array(batchSize).fill(1),
    learningRate: 1e-3,
  };
}

function digestState({ tensors, randomState }: EngineState): string {
  const hash = createHash('sha256').update(String(randomState));
  for (const { name, values } of tensors) {
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}
