import { createExperiment } from '@microtome/store/experiment/experiments';
import type { Split } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { createSplit } from '@microtome/store/split/create-split';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSplitAudits, type SplitAudits } from '../../../apps/api/src/background/split-audits.ts';
import { insertDataset } from '../../fixtures/dataset.ts';
import { type Bench, createBench, finishRun, launch } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const SPLIT = `query ($id: ID!) { split(id: $id) { unsafe audit { passed reasons notes patches heldOut
  patientsOnSeveralSides identicalAcrossSides nearIdenticalAcrossSides neighboursInTrain
  noPixelBaseline { neighbours answered patients auc balancedAccuracy
    whole { ...NoPixel } sparse { ...NoPixel } } } } }
  fragment NoPixel on NoPixelFigures { answered patients auc balancedAccuracy }`;

type Audited = {
  split: {
    unsafe: boolean;
    audit: { passed: boolean; reasons: string[]; identicalAcrossSides: number } | null;
  };
};

let api: TestApi;
let audits: SplitAudits;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  audits = createSplitAudits({ store: api.store, log: pino({ level: 'silent' }) });
  bench = await createBench(api.store);
});
afterAll(async () => {
  await audits.close();
  await api.close();
});

describe('audits of splits', () => {
  it('are made up for when the process that made the split died before', async () => {
    expect((await readSplit(bench.split)).audit).toBeNull();
    expect(await audits.auditPending()).toBeGreaterThan(0);
    expect(await readSplit(bench.split)).toMatchObject({ unsafe: false, audit: { passed: true } });
    expect(await audits.auditPending()).toBe(0);
  });

  it('say how far they are while they are made, and nothing before and after', async () => {
    const [split] = await createSplit(api.store, {
      datasetId: bench.dataset.datasetId,
      strategy: 'PATIENT_STRATIFIED',
      seed: 4,
    });
    expect(audits.findProgress(split!.id)).toBeNull();
    const auditing = audits.audit(split!.id);
    expect(audits.findProgress(split!.id)).toBe(0);
    await auditing;
    expect(audits.findProgress(split!.id)).toBeNull();
    const { split: read } = await api.ask<{ split: { auditProgress: number | null } }>(
      'query ($id: ID!) { split(id: $id) { auditProgress } }',
      { id: split!.id },
    );
    expect(read.auditProgress).toBeNull();
  });

  it('start with the split, without being waited for', async () => {
    const { createSplit: made } = await api.ask<{ createSplit: { splits: { id: string }[] } }>(
      'mutation ($input: CreateSplitInput!) { createSplit(input: $input) { splits { id } } }',
      { input: { datasetId: bench.dataset.datasetId, strategy: 'RANDOM_PATCH', seed: 9 } },
    );
    const splitId = made.splits[0]!.id;
    // Asks for the same verdict, whichever of the two is first.
    const audit = await audits.audit(splitId);
    expect(await readSplit({ id: splitId })).toEqual({ unsafe: true, audit: expect.objectContaining(audit) });
    expect(audit).toMatchObject({ passed: false, patientsOnSeveralSides: 10 });
  });

  it('that fail mark the split, its runs and what they are compared with', async () => {
    const leaky = await plantCopies();
    const { id } = await launch(api.store, leaky);
    const other = await launch(api.store, leaky, { seed: 5 });
    expect((await readSplit(leaky.split)).unsafe).toBe(false);
    await audits.audit(leaky.split.id);
    const marked = await readSplit(leaky.split);
    expect(marked).toMatchObject({ unsafe: true, audit: { passed: false, identicalAcrossSides: 11 } });
    const { run } = await api.ask<{ run: { unsafe: boolean } }>(
      'query ($id: ID!) { run(id: $id) { unsafe } }',
      {
        id,
      },
    );
    expect(run.unsafe).toBe(true);
    const { compareRuns } = await api.ask<{ compareRuns: { warnings: string[] } }>(
      'query ($ids: [ID!]!) { compareRuns(runIds: $ids) { warnings } }',
      { ids: [id, other.id] },
    );
    expect(compareRuns.warnings[0]).toMatch(/unsafe split, whose leakage audit failed/);
  });

  it('are made by a gate that is asked first, and what fails there is refused whatever the reason', async () => {
    const leaky = await plantCopies(7);
    const run = await finishRun(api.store, leaky, { skill: 6 });
    const model = await createModel(api.store, { name: 'audited' });
    const version = await registerModelVersion(api.store, { modelId: model.id, runId: run.id });
    const { promoteModelVersion } = await api.ask<{
      promoteModelVersion: {
        allowed: boolean;
        promotion: { verdict: { canOverride: boolean; reasons: string[] } };
      };
    }>(
      `mutation ($input: PromoteModelVersionInput!) { promoteModelVersion(input: $input) {
        allowed promotion { verdict { canOverride reasons } } } }`,
      { input: { versionId: version.id, reason: 'Please.', override: true } },
    );
    expect(promoteModelVersion.allowed).toBe(false);
    expect(promoteModelVersion.promotion.verdict.reasons).toContain(
      'The leakage audit of the split failed: Patches whose pixels also occur on another side: 11.',
    );
    expect((await readSplit(leaky.split)).unsafe).toBe(true);
  });

  it('are given up at the end, and what is asked for after that is told so', async () => {
    const [split] = await createSplit(api.store, {
      datasetId: bench.dataset.datasetId,
      strategy: 'PATIENT_STRATIFIED',
      seed: 77,
    });
    const closing = createSplitAudits({ store: api.store, log: pino({ level: 'silent' }) });
    await closing.close();
    await expect(closing.audit(split!.id)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await closing.auditPending()).toBe(0);
    expect((await readSplit(split!)).audit).toBeNull();
  });
});

async function readSplit({ id }: Pick<Split, 'id'>): Promise<Audited['split']> {
  return (await api.ask<Audited>(SPLIT, { id })).split;
}

/** A split by patient whose ten patients all hold a copy of the first patch. */
async function plantCopies(seed = 6): Promise<Bench> {
  const dataset = await insertDataset(api.store, {
    patients: 10,
    patchesPerPatient: 12,
    patchSizePx: 16,
    seed,
    repaint: (patches) => {
      const full = patches.filter(({ kind }) => kind === 'PATCH');
      full.forEach((patch, index) => {
        if (index % 12 === 5) patch.pixels = full[0]!.pixels;
      });
    },
  });
  const { datasetId } = dataset;
  const [split] = await createSplit(api.store, { datasetId, strategy: 'PATIENT_STRATIFIED' });
  return {
    dataset,
    split: split!,
    experiment: await createExperiment(api.store, { datasetId, name: 'Copies' }),
  };
}
