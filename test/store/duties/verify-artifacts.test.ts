import { rm } from 'node:fs/promises';
import { type VerifyProgress, verifyArtifacts } from '@microtome/store/duties/verify-artifacts';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { expect, it } from 'vitest';
import { flipBit } from '../../fixtures/damage.ts';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();

it('finds every damaged and every missing file, and names what stands on it', async () => {
  const run = await launchTestRun(store, bench);
  await finishTestRun(store, run);
  const model = await createModel(store, { name: 'verified' });
  await registerModelVersion(store, { modelId: model.id, runId: run.id });
  expect((await verifyArtifacts(store)).faults).toEqual([]);

  const weights = await getRunArtifact(store, { runId: run.id, role: 'PREDICTIONS_TEST' });
  const [shard] = await store.database.prisma.datasetShard.findMany({ include: { dataset: true } });
  await flipBit(store.artifacts, weights.artifactHash);
  await rm(store.artifacts.findLocalPath(shard!.artifactHash)!);

  const steps: VerifyProgress[] = [];
  const { artifacts, faults } = await verifyArtifacts(store, { onProgress: (step) => steps.push(step) });
  expect(faults.sort((a, b) => a.kind.localeCompare(b.kind))).toEqual([
    {
      hash: weights.artifactHash,
      kind: 'damaged',
      dependents: [`PREDICTIONS_TEST of run '${run.name}' (model verified@1)`],
    },
    {
      hash: shard!.artifactHash,
      kind: 'missing',
      dependents: [`the pixels of dataset '${shard!.dataset.name}' (1 runs)`],
    },
  ]);
  expect(steps).toHaveLength(artifacts);
  expect(steps.at(-1)!.bytesDone).toBe(steps.at(-1)!.bytesTotal);
});
