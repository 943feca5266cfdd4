import { comparePaired } from '@microtome/domain/comparison/compare-paired';
import type { PairMeans } from '@microtome/store/comparison/measure-pair';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import type { Run } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { judgeModelVersion, promoteModelVersion } from '@microtome/store/model/promotions';
import { launchRun } from '@microtome/store/run/run-lifecycle';
import { deleteRun } from '@microtome/store/run/runs';
import { createSplit } from '@microtome/store/split/create-split';
import { deleteSplit } from '@microtome/store/split/splits';
import { describe, expect, it } from 'vitest';
import {
  type Bench,
  createBench,
  type FakeTraining,
  finishTestRun,
  launchTestRun,
} from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const { store, bench, other } = await openSharedBench({ patients: 24, patchesPerPatient: 12 });

describe('TEST of a run', () => {
  it('is sealed until it is opened, and the opening is recorded with its evaluation', async () => {
    const run = await finishNew({ skill: 0.6 });
    await expect(loadScored(store, { runId: run.id, subset: 'TEST' })).rejects.toMatchObject({
      code: 'SEALED',
    });
    await expect(openTest(store, { runId: run.id, reason: ' ' })).rejects.toThrow('reason is empty');
    await openTest(store, { runId: run.id, reason: 'a finalist', openedBy: 'R. Reviewer' });
    const { scored, patientKeys } = await loadScored(store, { runId: run.id, subset: 'TEST' });
    expect(patientKeys).toHaveLength(bench.split.testPatients);
    expect(scored.labels).toHaveLength(bench.split.testPatches);
    const evaluation = await store.database.prisma.evaluation.findUniqueOrThrow({
      where: { runId_subset: { runId: run.id, subset: 'TEST' } },
    });
    expect(evaluation.metrics).toMatchObject({
      patches: bench.split.testPatches,
      patients: patientKeys.length,
    });
    expect(evaluation.intervals).toHaveProperty('auc');
  });

  it('is opened once, however many ask at the same time', async () => {
    const run = await finishNew();
    await Promise.all(
      [1, 2, 3, 4].map((n) => openTest(n % 2 ? store : other, { runId: run.id, reason: `${n}` })),
    );
    expect(await store.database.prisma.testOpening.count({ where: { runId: run.id } })).toBe(1);
    const events = await store.database.prisma.runEvent.findMany({
      where: { runId: run.id, kind: 'EVALUATION' },
    });
    expect(events.map(({ payload }) => (payload as { subset: string }).subset)).toEqual([
      'VALIDATION',
      'TEST',
    ]);
  });

  it('is not opened for a run that has not succeeded', async () => {
    const run = await launchTestRun(store, bench);
    await expect(openTest(store, { runId: run.id, reason: 'early' })).rejects.toThrow('is QUEUED');
  });

  it('once opened, keeps its split from being deleted, also without the run', async () => {
    const ownBench = await createBench(store, { seed: 12 });
    const run = await launchTestRun(store, ownBench);
    await finishTestRun(store, run);
    await openTest(store, { runId: run.id, reason: 'a look' });
    await expect(deleteSplit(store, ownBench.split.id)).rejects.toThrow('1 runs depend on it');
    await deleteRun(store, run.id);
    await expect(deleteSplit(store, ownBench.split.id)).rejects.toThrow('stays on record');
  });
});

describe('a promotion', () => {
  it('moves the alias when the gate allows, and records why', async () => {
    const { versionId, modelId } = await registerNew({ skill: 0.9 });
    const promotion = await promoteModelVersion(store, {
      versionId,
      reason: 'the best so far',
      promotedBy: 'me',
    });
    expect(promotion).toMatchObject({ allowed: true, overridden: false, aliasName: 'champion' });
    expect(await readChampion(modelId)).toBe(versionId);
    await expect(promoteModelVersion(store, { versionId, reason: 'again' })).rejects.toThrow(
      'champion already',
    );
  });

  it('is refused, as a result on record, while TEST is sealed, even with an override', async () => {
    const { versionId, modelId } = await registerNew({ skill: 0.9, sealed: true });
    const promotion = await promoteModelVersion(store, { versionId, reason: 'please', override: true });
    expect(promotion).toMatchObject({ allowed: false, overridden: false });
    expect(promotion.verdict.reasons.join()).toContain('sealed');
    expect(await readChampion(modelId)).toBeNull();
  });

  it('of a model without skill needs an override, which is recorded', async () => {
    const { versionId, modelId } = await registerNew({ skill: 0 });
    expect(await promoteModelVersion(store, { versionId, reason: 'try' })).toMatchObject({ allowed: false });
    expect(await readChampion(modelId)).toBeNull();
    const forced = await promoteModelVersion(store, { versionId, reason: 'for a drill', override: true });
    expect(forced).toMatchObject({ allowed: true, overridden: true });
    expect(await readChampion(modelId)).toBe(versionId);
  });

  it('of a run on an unsafe split is refused whatever is overridden', async () => {
    const [unsafe] = await createSplit(store, { datasetId: bench.datasetId, strategy: 'RANDOM_PATCH' });
    const run = await launchRun(store, {
      experimentId: bench.experimentId,
      splitId: unsafe!.id,
      hyperparameters: { width: 0.25 },
    });
    await finishTestRun(store, run, { skill: 0.9 });
    await openTest(store, { runId: run.id, reason: 'to show the inflation' });
    const model = await createModel(store, { name: 'unsafe' });
    const version = await registerModelVersion(store, { modelId: model.id, runId: run.id });
    const promotion = await promoteModelVersion(store, {
      versionId: version.id,
      reason: 'no',
      override: true,
    });
    expect(promotion.allowed).toBe(false);
    expect(promotion.verdict.reasons.join()).toContain('by patch');
  });

  it('is judged against the champion on shared patients', async () => {
    const { modelId, versionId } = await registerNew({ skill: 0.9 });
    await promoteModelVersion(store, { versionId, reason: 'first' });
    const worse = await finishOpened({ skill: 0.05, seed: 4 });
    const version = await registerModelVersion(store, { modelId, runId: worse.id });
    const verdict = await judgeModelVersion(store, { versionId: version.id });
    expect(verdict.rules.find(({ rule }) => rule === 'not-worse-than-champion')).toMatchObject({
      passed: false,
    });
    expect(verdict.allowed).toBe(false);
  });

  it('is judged against the colour baseline that is best on VALIDATION, once its TEST is open', async () => {
    const own = await createBench(store, { patients: 12, patchesPerPatient: 8, seed: 21 });
    const run = await finishOpened({ skill: 0.8 }, own);
    const model = await createModel(store, { name: 'against-colour' });
    const { id: versionId } = await registerModelVersion(store, { modelId: model.id, runId: run.id });
    const judgeBaseline = async () =>
      (await judgeModelVersion(store, { versionId })).rules.find(
        ({ rule }) => rule === 'better-than-colour-baseline',
      );
    const colour = await launchTestRun(store, own, { architecture: 'colour-baseline' });
    await finishTestRun(store, colour, { skill: 0.05, seed: 6 });
    expect(await judgeBaseline()).toMatchObject({ kind: 'quality', passed: false, figure: null });
    await openTest(store, { runId: colour.id, reason: 'the floor' });
    expect(await judgeBaseline()).toMatchObject({
      passed: true,
      figure: { difference: expect.any(Number), sharedPatients: own.split.testPatients },
    });
  });

  it('wins or is told that the alias moved meanwhile, when two come at once', async () => {
    const { modelId, versionId } = await registerNew({ skill: 0.5 });
    await promoteModelVersion(store, { versionId, reason: 'first' });
    const [first, second] = [await registerBetter(modelId, 8), await registerBetter(modelId, 9)];
    const together = createBarrier(2);
    const pairs: PairMeans = {
      compare: async (request) => {
        await together();
        return comparePaired(request);
      },
    };
    const outcomes = await Promise.allSettled([
      promoteModelVersion(store, { versionId: first, reason: 'mine', pairs }),
      promoteModelVersion(other, { versionId: second, reason: 'no, mine', pairs }),
    ]);
    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(won).toHaveLength(1);
    expect(lost).toMatchObject([{ code: 'CONFLICT', message: expect.stringContaining('moved meanwhile') }]);
    expect(await readChampion(modelId)).toBe(won[0]!.versionId);
    expect(await store.database.prisma.promotion.count({ where: { modelId } })).toBe(2);
  });
});

describe('deleting a run', () => {
  it('is refused while it is not settled or a model version depends on it', async () => {
    const queued = await launchTestRun(store, bench);
    await expect(deleteRun(store, queued.id)).rejects.toThrow('cancel it before');
    const { runId } = await registerNew({ skill: 0.5 });
    await expect(deleteRun(store, runId)).rejects.toThrow('a model version depends on it');
  });
});

async function finishNew(training: FakeTraining = {}, on: Bench = bench): Promise<Run> {
  const run = await launchTestRun(store, on);
  await finishTestRun(store, run, training);
  return run;
}

async function finishOpened(training: FakeTraining, on: Bench = bench): Promise<Run> {
  const run = await finishNew(training, on);
  return openTest(store, { runId: run.id, reason: 'a finalist' });
}

async function registerBetter(modelId: string, seed: number): Promise<string> {
  const run = await finishOpened({ skill: 0.9, seed });
  return (await registerModelVersion(store, { modelId, runId: run.id })).id;
}

/** Resolves for everybody once `count` have come. */
function createBarrier(count: number): () => Promise<void> {
  let arrived = 0;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return opened;
  };
}

let models = 0;

async function registerNew({ sealed, ...training }: FakeTraining & { sealed?: boolean }) {
  const run = sealed ? await finishNew(training) : await finishOpened(training);
  // Bounds on calibration and patients are the policy's own tests; here they would only be in the way.
  const policy = {
    requireColourBaseline: false,
    maximumEce: 1,
    minimumTestPatients: 0,
    maximumTestOpenings: 1000,
  };
  const model = await createModel(store, { name: `model-${models++}`, policy });
  const version = await registerModelVersion(store, { modelId: model.id, runId: run.id });
  return { modelId: model.id, versionId: version.id, runId: run.id };
}

async function readChampion(modelId: string): Promise<string | null> {
  const alias = await store.database.prisma.alias.findUnique({
    where: { modelId_name: { modelId, name: 'champion' } },
    select: { promotion: { select: { versionId: true } } },
  });
  return alias?.promotion.versionId ?? null;
}
