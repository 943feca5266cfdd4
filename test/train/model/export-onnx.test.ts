/** The exported ONNX file says, by the reference runtime with its own defaults, what the run has stored. */
import { ARCHITECTURE_NAMES } from '@microtome/domain/network/architectures';
import { decodePredictions } from '@microtome/store/evaluation/predictions';
import onnxProto from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { TrainingJob } from '../../../workers/train/src/protocol/training-job.ts';
import { trainRun } from '../../../workers/train/src/trainer/training-loop.ts';
import { createJob } from '../job-fixture.ts';

/** The only one that does not fit into the small patches of these tests. */
const PATCH_SIZE_PX: Record<string, number> = { vbookshelf2018: 50 };
const SMALL_PX = 16;
/** Probabilities are stored from float32 logits; the graph computes in float32 throughout. */
const BOUND = 1e-5;

describe('the ONNX file of a run', () => {
  it.each(ARCHITECTURE_NAMES)(
    'gives the stored probabilities of VALIDATION from raw RGB: %s',
    async (architecture) => {
      const { job, artifacts, remove } = await createJob(
        { architecture, epochs: 1, dropoutRate: 0.1, width: 0.25 },
        PATCH_SIZE_PX[architecture] ?? SMALL_PX,
      );
      const result = await trainRun(job, {
        artifacts,
        report: () => undefined,
        isHandOverAsked: () => false,
      });
      const files = result!.files;
      const bytes = await artifacts.read(files.modelOnnx.hash);
      expectStandard(bytes);
      const stored = decodePredictions(await artifacts.read(files.validationPredictions.hash));
      const pixels = await artifacts.read(job.pixels.shards[0]!.artifactHash);
      const session = await InferenceSession.create(bytes);
      // One patch, a few and all the rest: the number of patches is free.
      const spread = Math.max(...stored.probabilities) - Math.min(...stored.probabilities);
      expect(spread).toBeGreaterThan(100 * BOUND);
      for (const [start, end] of [
        [0, 1],
        [1, 4],
        [4, stored.patchIndexes.length],
      ] as const) {
        const given = await predict(session, job, pixels, stored.patchIndexes.slice(start, end));
        given.forEach((probability, at) => {
          expect(Math.abs(probability - stored.probabilities[start + at]!)).toBeLessThan(BOUND);
        });
      }
      await session.release();
      await remove();
    },
  );
});

async function predict(
  session: InferenceSession,
  { pixels: { patchSizePx } }: TrainingJob,
  pixels: Buffer,
  indexes: Int32Array,
): Promise<Float32Array> {
  const values = patchSizePx ** 2 * 3;
  const rgb = new Float32Array(indexes.length * values);
  indexes.forEach((index, row) => {
    rgb.set(pixels.subarray(index * values, (index + 1) * values), row * values);
  });
  const shape = [indexes.length, patchSizePx, patchSizePx, 3];
  const { probability } = await session.run({ rgb: new Tensor('float32', rgb, shape) });
  expect(probability!.dims).toEqual([indexes.length, 1]);
  return probability!.data as Float32Array;
}

/** Operations of the ONNX standard alone, and one input with a free number of patches. */
function expectStandard(bytes: Buffer): void {
  const { graph, opsetImport } = onnxProto.onnx.ModelProto.decode(bytes);
  expect(opsetImport!.map(({ domain }) => domain)).toEqual(['']);
  expect(new Set(graph!.node!.map(({ domain }) => domain ?? ''))).toEqual(new Set(['']));
  expect(graph!.input!.map(({ name }) => name)).toEqual(['rgb']);
  expect(graph!.input![0]!.type!.tensorType!.shape!.dim![0]!.dimParam).toBe('N');
  expect(graph!.output!.map(({ name }) => name)).toEqual(['probability']);
}
