/** What is done with an alias besides promoting: demoting, rolling back, and the policy that judges, each on record and one at a time. */
import { createProject } from '@microtome/store/access/projects';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createModel, registerModelVersion, updateModel } from '@microtome/store/model/models';
import { changePromotionPolicy } from '@microtome/store/model/promotion-policies';
import {
  demoteModelVersion,
  findPreviousVersionId,
  judgeModelVersion,
  promoteModelVersion,
  rollBackModelVersion,
} from '@microtome/store/model/promotions';
import { openStore, type Store } from '@microtome/store/store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

/** Bounds that small fixtures would trip over. */
const LENIENT = {
  requireColourBaseline: false,
  championAucMargin: 0.5,
  maximumEce: 1,
  minimumTestPatients: 0,
  maximumTestOpenings: 1000,
};

let test: TestStore;
let store: Store;
let other: Store;
let bench: Bench;
/** Two opened runs with skill, and one whose TEST is sealed. */
let runIds: string[];
let modelId: string;
let versionIds: string[];
let models = 0;

beforeAll(async () => {
  test = await createTestStore();
  store = test.store;
  other = await openStore({ databaseUrl: test.databaseUrl, artifactUrl: test.artifactUrl });
  bench = await createBench(store, { patients: 15, patchesPerPatient: 9 });
  runIds = [];
  for (const seed of [1, 2, 3]) {
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run, { skill: 0.8, seed });
    if (seed < 3) await openTest(store, { runId: run.id, reason: 'a finalist' });
    runIds.push(run.id);
  }
});
afterAll(async () => {
  await other.close();
  await test.close();
});
beforeEach(async () => {
  const model = await createModel(store, { name: `model-${models++}`, policy: LENIENT, createdBy: 'Ada' });
  modelId = model.id;
  versionIds = [];
  for (const runId of runIds) versionIds.push((await registerModelVersion(store, { modelId, runId })).id);
});

describe('a demotion', () => {
  it('takes the alias away on record, without asking the gate', async () => {
    const [first] = versionIds as [string];
    await promoteModelVersion(store, { versionId: first, reason: 'the first' });
    const demotion = await demoteModelVersion(store, {
      versionId: first,
      reason: 'Calls mucus IDC.',
      promotedBy: 'Bo',
    });
    expect(demotion).toMatchObject({
      act: 'DEMOTE',
      number: 2,
      allowed: true,
      fromVersionId: first,
      promotedBy: 'Bo',
    });
    expect(await readChampion()).toBeNull();
    await expect(demoteModelVersion(store, { versionId: first, reason: 'again' })).rejects.toThrow(
      'nothing to take away',
    );
    await expect(demoteModelVersion(store, { versionId: first, reason: ' ' })).rejects.toThrow(
      'reason is empty',
    );
  });

  it('of a version that was replaced meanwhile is told so', async () => {
    const [first, second] = versionIds as [string, string];
    await promoteModelVersion(store, { versionId: first, reason: 'the first' });
    const outcomes = await Promise.allSettled([
      promoteModelVersion(store, { versionId: second, reason: 'better' }),
      demoteModelVersion(other, { versionId: first, reason: 'harm' }),
    ]);
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(lost).toMatchObject([{ code: 'CONFLICT' }]);
    const [last] = await listActs();
    expect(await readChampion()).toBe(last!.act === 'DEMOTE' ? null : second);
  });
});

describe('a rollback', () => {
  it('returns to the champion before, one step at a time, and undoes a demotion', async () => {
    const [first, second] = versionIds as [string, string];
    await promoteModelVersion(store, { versionId: first, reason: 'the first' });
    expect(await findPreviousVersionId(store, { modelId })).toBeNull();
    await promoteModelVersion(store, { versionId: second, reason: 'better' });
    await demoteModelVersion(store, { versionId: second, reason: 'harm' });
    expect(await findPreviousVersionId(store, { modelId })).toBe(second);
    await rollBackModelVersion(store, { versionId: second, reason: 'it was the scanner' });
    expect(await readChampion()).toBe(second);
    const back = await rollBackModelVersion(store, {
      versionId: first,
      reason: 'it was not',
      promotedBy: 'Bo',
    });
    expect(back).toMatchObject({ act: 'ROLL_BACK', number: 5, fromVersionId: second, overridden: false });
    expect(await readChampion()).toBe(first);
    await expect(rollBackModelVersion(store, { versionId: second, reason: 'no' })).rejects.toThrow(
      'did not hold its champion before',
    );
  });

  it('happens once when two ask at the same time', async () => {
    const [first, second] = versionIds as [string, string];
    await promoteModelVersion(store, { versionId: first, reason: 'the first' });
    await promoteModelVersion(store, { versionId: second, reason: 'better' });
    const outcomes = await Promise.allSettled(
      [store, other].map((one) => rollBackModelVersion(one, { versionId: first, reason: 'harm' })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await readChampion()).toBe(first);
    expect((await listActs()).map(({ act }) => act)).toEqual(['ROLL_BACK', 'PROMOTE', 'PROMOTE']);
  });
});

describe('a policy', () => {
  it('is changed with who and why; each promotion keeps the version that judged it', async () => {
    const [first, , sealed] = versionIds as [string, string, string];
    await promoteModelVersion(store, { versionId: sealed, reason: 'too early' });
    const changed = await changePromotionPolicy(store, {
      modelId,
      policy: { ...LENIENT, requireColourBaseline: true },
      fromVersion: 1,
      reason: 'A network has to know more than colour.',
      changedBy: 'Bo',
    });
    expect(changed).toMatchObject({ version: 2, changedBy: 'Bo' });
    expect((await judgeModelVersion(store, { versionId: first })).policyVersion).toBe(2);
    expect(await promoteModelVersion(store, { versionId: first, reason: 'now' })).toMatchObject({
      allowed: false,
      policyVersion: 2,
    });
    expect((await listActs()).map(({ policyVersion }) => policyVersion)).toEqual([2, 1]);
    const { policies } = await store.database.prisma.model.findUniqueOrThrow({
      where: { id: modelId },
      include: { policies: { orderBy: { version: 'asc' } } },
    });
    expect(policies.map(({ changedBy }) => changedBy)).toEqual(['Ada', 'Bo']);
  });

  it('that changes nothing, fits nothing or gives no reason is refused', async () => {
    const change = (over: object) =>
      changePromotionPolicy(store, {
        modelId,
        policy: { maximumEce: 0.2 },
        fromVersion: 1,
        reason: 'r',
        ...over,
      });
    await expect(change({ policy: LENIENT })).rejects.toThrow('nothing would change');
    await expect(change({ policy: { maximumEce: 3 } })).rejects.toThrow('maximumEce');
    await expect(change({ reason: '' })).rejects.toThrow('reason is empty');
    await expect(change({ fromVersion: 2 })).rejects.toThrow('version 1 is in force');
    await expect(change({ modelId: bench.datasetId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is changed by one of two at once; the other is told by whom', async () => {
    const outcomes = await Promise.allSettled(
      [store, other].map((one, number) =>
        changePromotionPolicy(one, {
          modelId,
          policy: { ...LENIENT, maximumEce: 0.3 + number / 10 },
          fromVersion: 1,
          reason: 'mine',
          changedBy: 'Cy',
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(lost).toMatchObject([{ code: 'CONFLICT', message: expect.stringContaining('meanwhile by Cy') }]);
  });

  it('that changes while a version is judged sends that promotion back', async () => {
    const [first] = versionIds as [string];
    const promoting = promoteModelVersion(store, {
      versionId: first,
      reason: 'the first',
      auditSplit: async () => {
        const policy = { ...LENIENT, maximumEce: 0.001 };
        await changePromotionPolicy(other, { modelId, policy, fromVersion: 1, reason: 'stricter' });
        return { passed: true, reasons: [] } as never;
      },
    });
    await expect(promoting).rejects.toThrow(/The policy of .* changed meanwhile/);
    expect(await listActs()).toEqual([]);
  });
});

describe('what is said of a model', () => {
  it('is changed alone, the rest stays', async () => {
    const changed = await updateModel(store, { modelId, intendedUse: '  Triage of slides in research.  ' });
    expect(changed).toMatchObject({ intendedUse: 'Triage of slides in research.', description: '' });
    expect(await updateModel(store, { modelId, description: 'IDC' })).toMatchObject({
      intendedUse: 'Triage of slides in research.',
      description: 'IDC',
    });
    await expect(updateModel(store, { modelId, intendedUse: 'x'.repeat(10_001) })).rejects.toThrow('10001');
  });
});

async function listActs() {
  return store.database.prisma.promotion.findMany({ where: { modelId }, orderBy: { number: 'desc' } });
}

async function readChampion(): Promise<string | null> {
  const alias = await store.database.prisma.alias.findUnique({
    where: { modelId_name: { modelId, name: 'champion' } },
    select: { promotion: { select: { versionId: true } } },
  });
  return alias?.promotion.versionId ?? null;
}

describe('a version', () => {
  it('is a run of its model’s project, and a run of another one is refused with both names', async () => {
    const { id: projectId } = await createProject(store, 'another ward');
    const foreign = await createModel(store, { name: 'of-another-ward', projectId });
    await expect(
      registerModelVersion(store, { modelId: foreign.id, runId: runIds[0]! }),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^The run '.+' is of another project than the model 'of-another-ward'/),
    });
  });
});
