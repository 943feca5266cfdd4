/** Two runs on the patches that both predicted: the one pairing, for page and gate, through the seal and from any source. */

import { readInContext } from '@microtome/domain/context/context-step';
import { rocAuc } from '@microtome/domain/metrics/roc';
import { measurePair, measurePairInContext, type PairMeans } from '@microtome/store/comparison/measure-pair';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { loadScored, readFromStore } from '@microtome/store/evaluation/scored-predictions';
import type { Run } from '@microtome/store/generated/prisma/client';
import { createSplit } from '@microtome/store/split/create-split';
import { describe, expect, it } from 'vitest';
import type { Painted } from '../../fixtures/dataset.ts';
import {
  type Bench,
  createBench,
  type FakeTraining,
  finishTestRun,
  launchTestRun,
} from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const SHAPE = { patients: 24, patchesPerPatient: 12 };
const { store, bench } = await openSharedBench(SHAPE);

describe('two runs', () => {
  it('pair on the patients that both were tested on, patch by patch', async () => {
    const elsewhere = await splitAgain(bench.datasetId);
    const a = await finishOpened({ skill: 0.7 });
    const b = await finishOpened({ skill: 0.2, seed: 3 }, { ...bench, split: elsewhere });
    const measured = await measure(a, b);
    expect(measured!.patientKeys).toEqual(await listShared(a, b));
    expect(measured!.patientKeys.length).toBeGreaterThan(0);
    expect(measured!.statistics.patchCount).toBe(measured!.patientKeys.length * SHAPE.patchesPerPatient);
    expect(findAuc(measured)!.difference).toBeGreaterThan(0);
  });

  it('on two imports of the same slides pair as on one', async () => {
    const repaint = ([first]: Painted[]) => {
      first!.pixels[0]! ^= 1;
    };
    const twin = await createBench(store, { ...SHAPE, repaint });
    const a = await finishOpened({ skill: 0.7 });
    const b = await finishOpened({ skill: 0.2, seed: 3 });
    const bElsewhere = await finishOpened({ skill: 0.2, seed: 3 }, twin);
    const [here, across] = [await measure(a, b), await measure(a, bElsewhere)];
    expect(across!.patientKeys).toEqual(here!.patientKeys);
    expect(findAuc(across)).toEqual(findAuc(here));
  });

  it('are measured once where results are remembered, and sealed again for a run that is not open', async () => {
    const remembered = new Map<string, Awaited<ReturnType<typeof measure>>>();
    let reads = 0;
    const source = readFromStore(store);
    const means: PairMeans = {
      source: {
        ...source,
        readPredictions: (hash) => {
          reads++;
          return source.readPredictions(hash);
        },
      },
      remember: async (key, compute) => {
        if (!remembered.has(key)) remembered.set(key, await compute());
        return remembered.get(key)!;
      },
    };
    const a = await finishOpened({ skill: 0.7 });
    const b = await finishOpened({ skill: 0.2, seed: 3 });
    const first = await measure(a, b, means);
    expect(await measure(a, b, means)).toBe(first);
    expect(reads).toBe(2);
    // The same predictions under a seal: what is remembered must not be read through it.
    const sealed = await finish({ skill: 0.2, seed: 3 });
    await expect(measure(a, sealed, means)).rejects.toMatchObject({
      code: 'SEALED',
      message: `TEST of run '${sealed.name}' is sealed: open it first.`,
    });
  });
});

describe('two runs in context', () => {
  const step = { radius: 1, weight: 1, temperature: 1, threshold: 0.5 };
  const measureBoth = (a: Run, b: Run) => measurePairInContext(store, { runIdA: a.id, runIdB: b.id });

  it('are each read by their own step, on the patches that have a context in both', async () => {
    const a = await finishOpened({ skill: 0.4, context: step });
    const b = await finishOpened({ skill: 0.2, seed: 3, context: { ...step, radius: 0, weight: 0 } });
    const measured = await measureBoth(a, b);
    const [predicted, plain] = await Promise.all(
      [a, b].map(({ id }) => loadScored(store, { runId: id, subset: 'TEST' })),
    );
    const places = { ...predicted!.patches, patchSizePx: 8 };
    const { inContext } = readInContext({ scored: predicted!.scored, places }, step);
    const auc = findAuc(measured)!;
    expect([auc.a, auc.b]).toEqual([rocAuc(inContext), rocAuc(plain!.scored)]);
    expect(auc.a).not.toBe(rocAuc(predicted!.scored));
    expect(auc.interval![0]).toBeLessThan(auc.difference);
  });

  it('say nothing where one of them has nothing to say, and stay sealed', async () => {
    const a = await finishOpened({ skill: 0.4, context: step });
    expect(await measureBoth(a, await finishOpened({ skill: 0.2, seed: 3, context: null }))).toBeNull();
    const sealed = await finish({ skill: 0.2, seed: 3, context: step });
    await expect(measureBoth(a, sealed)).rejects.toMatchObject({ code: 'SEALED' });
  });
});

describe('predictions', () => {
  it('of patients who are on another side of the split are not taken for those of the side', async () => {
    const run = await finishOpened({ skill: 0.7 });
    const files = await store.database.prisma.runArtifact.findMany({ where: { runId: run.id } });
    const hashOf = (role: string) => files.find((file) => file.role === role)!.artifactHash;
    const source = readFromStore(store);
    const swapped = {
      ...source,
      readPredictions: () => source.readPredictions(hashOf('PREDICTIONS_VALIDATION')),
    };
    await expect(loadScored(store, { runId: run.id, subset: 'TEST' }, swapped)).rejects.toThrow(
      /predicted patient '.*' as TEST, who is on another side/,
    );
  });
});

function measure(a: Run, b: Run, means?: PairMeans) {
  return measurePair(store, { runIdA: a.id, runIdB: b.id }, means);
}

function findAuc(measured: Awaited<ReturnType<typeof measure>>) {
  return measured?.statistics.differences.find(({ metric }) => metric === 'auc');
}

async function listShared(a: Run, b: Run): Promise<string[]> {
  const [keysA, keysB] = await Promise.all(
    [a, b].map(async ({ id }) => (await loadScored(store, { runId: id, subset: 'TEST' })).patientKeys),
  );
  return keysA!.filter((key) => keysB!.includes(key));
}

async function splitAgain(datasetId: string) {
  const [split] = await createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED', seed: 5 });
  return split!;
}

async function finish(training: FakeTraining, on: Bench = bench): Promise<Run> {
  const run = await launchTestRun(store, on);
  await finishTestRun(store, run, training);
  return run;
}

async function finishOpened(training: FakeTraining, on: Bench = bench): Promise<Run> {
  const run = await finish(training, on);
  return openTest(store, { runId: run.id, reason: 'a finalist' });
}
