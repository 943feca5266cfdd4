/** Sweeps over the API: planned, launched, ranked on VALIDATION; TEST of a cross-validation sealed until opened as one act. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishTestRun } from '../../fixtures/run.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store, { siteOf: (patient) => (patient < 5 ? 'A' : 'B') });
});
afterAll(() => api.close());

const PLAN = `query ($input: PlanSweepInput!) { planSweep(input: $input) {
  runCount epochs patches seconds labels rungs { number epochs runCount } } }`;
const LAUNCH = 'mutation ($input: LaunchSweepInput!) { launchSweep(input: $input) { id runs { id name } } }';
const READ = `query ($id: ID!) { sweep(id: $id) {
  metric variedKeys settled rungs { number isMade } ranking { rank value run { sweepPlace } }
  runs { id testSealed evaluations { subset } split { testOpeningCount } }
  opening { openedBy reason metrics intervals confusion { tp fp tn fn } roc { x y } patients { patientKey auc } sites { site patients metrics } csvUrl } } }`;

type Plan = { planSweep: Record<string, unknown> & { rungs: unknown[] } };
type Launched = { launchSweep: { id: string; runs: { id: string; name: string }[] } };

const launch = (input: object) =>
  api.ask<Launched>(LAUNCH, { input: { experimentId: bench.experimentId, name: 'sweep', ...input } });
const plan = (input: object) =>
  api.ask<Plan>(PLAN, { input: { datasetId: bench.datasetId, name: 'sweep', ...input } });

async function finishRun(id: string, training: object = {}): Promise<void> {
  const run = await api.store.database.prisma.run.findUniqueOrThrow({ where: { id } });
  await finishTestRun(api.store, run, training);
}

describe('a plan', () => {
  const halving = {
    strategy: 'HALVING',
    base: { width: 0.25 },
    space: { batchSize: [8, 16, 32] },
    eta: 3,
    minEpochs: 1,
    maxEpochs: 5,
  };

  it('counts runs, epochs and patches, and names no time before a run of the network has finished', async () => {
    const splitIds = [bench.split.id];
    const { planSweep } = await plan({ ...halving, splitIds });
    expect(planSweep).toMatchObject({
      runCount: 4,
      epochs: 8,
      seconds: null,
      labels: ['batchSize 8', 'batchSize 16', 'batchSize 32'],
      rungs: [
        { number: 0, epochs: 1, runCount: 3 },
        { number: 1, epochs: 5, runCount: 1 },
      ],
    });
    expect(Number(planSweep.patches)).toBe(8 * bench.split.trainPatches);
    expect(await api.store.database.prisma.sweep.count()).toBe(0);
    const base = { width: 0.25, epochs: 1 };
    const { launchSweep } = await launch({ strategy: 'SEEDS', base, seeds: [1], splitIds });
    await finishRun(launchSweep.runs[0]!.id);
    // At 100 patches a second, as the run says.
    const timed = await plan({ ...halving, splitIds });
    expect(timed.planSweep.seconds).toBeCloseTo((8 * bench.split.trainPatches) / 100, 6);
  });

  it('knows the folds of a cross-validation before they are made', async () => {
    const { planSweep } = await plan({ strategy: 'FOLDS', folds: 3, base: { epochs: 2 } });
    expect(planSweep).toMatchObject({ runCount: 3, epochs: 6, labels: ['fold 1', 'fold 2', 'fold 3'] });
    expect(await api.store.database.prisma.split.count({ where: { strategy: 'K_FOLD' } })).toBe(0);
  });

  it('says what does not fit as a sentence', async () => {
    const input = { datasetId: bench.datasetId, name: 'wrong', base: {}, splitIds: [bench.split.id] };
    const fail = (more: object) => api.fail(PLAN, { input: { ...input, ...more } });
    expect(await fail({ strategy: 'GRID', space: { depth: [3] } })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('depth'),
    });
    expect((await fail({ strategy: 'GRID', space: { epochs: [1] }, trials: 4 })).message).toBe(
      'GRID takes no trials.',
    );
    expect((await fail({ strategy: 'SEEDS', seeds: [1], backend: 'cuda' })).message).toMatch(
      /'cuda' is unknown/,
    );
  });
});

describe('a grid', () => {
  it('is ranked by its metric on VALIDATION and leaves TEST sealed', async () => {
    const { launchSweep } = await launch({
      strategy: 'GRID',
      base: { width: 0.25 },
      space: { batchSize: [8, 16, 32] },
      splitIds: [bench.split.id],
    });
    await finishRun(launchSweep.runs[0]!.id, { auc: 0.6 });
    await finishRun(launchSweep.runs[1]!.id, { auc: 0.7 });
    const { sweep } = await api.ask<{ sweep: Record<string, unknown> }>(READ, { id: launchSweep.id });
    expect(sweep).toMatchObject({
      metric: 'auc',
      variedKeys: ['batchSize'],
      settled: false,
      rungs: [],
      opening: null,
      ranking: [
        { rank: 1, value: 0.7, run: { sweepPlace: 1 } },
        { rank: 2, value: 0.6, run: { sweepPlace: 0 } },
        { rank: null, value: null, run: { sweepPlace: 2 } },
      ],
    });
    expect((sweep.runs as { testSealed: boolean }[]).every(({ testSealed }) => testSealed)).toBe(true);
    expect((await api.get(`/sweeps/${launchSweep.id}/out-of-fold.csv`)).status).toBe(403);
  });
});

describe('a cross-validation', () => {
  it('opens TEST of all folds as one act and gives the pooled predictions as CSV', async () => {
    const { launchSweep } = await launch({
      name: 'three folds',
      strategy: 'FOLDS',
      folds: 3,
      base: { width: 0.25 },
    });
    const { id, runs } = launchSweep;
    const open =
      'mutation ($id: ID!) { openSweepTest(sweepId: $id, reason: "the report", openedBy: "Ada") { id } }';
    expect(await api.fail(open, { id })).toMatchObject({ code: 'CONFLICT' });
    expect((await api.get(`/sweeps/${id}/out-of-fold.csv`)).status).toBe(403);
    for (const [fold, run] of runs.entries())
      await finishRun(run.id, { threshold: 0.4 + fold / 20, seed: fold });
    await api.ask(open, { id });
    type Opening = {
      metrics: { confusion: { tp: number; fp: number } };
      patients: unknown[];
      sites: unknown[];
      csvUrl: string;
    };
    const { sweep } = await api.ask<{ sweep: { opening: Opening; runs: object[] } }>(READ, { id });
    expect(sweep.opening).toMatchObject({
      openedBy: 'Ada',
      reason: 'the report',
      metrics: { patients: 9, patches: 81, thresholds: [0.4, 0.45, 0.5] },
    });
    expect(sweep.opening.patients).toHaveLength(9);
    expect(sweep.opening.sites).toMatchObject([
      { site: 'A', patients: 5 },
      { site: 'B', patients: 4 },
    ]);
    const { sweep: pooled } = await api.ask<{ sweep: { opening: { context: { radii: number[] } | null } } }>(
      `query ($id: ID!) { sweep(id: $id) { opening { contextSilence
        context { radii foldsLeftOut patients patches gains(names: ["auc"]) { own inContext difference verdict } } } } }`,
      { id },
    );
    const { context } = pooled.opening;
    expect(context).toMatchObject({ foldsLeftOut: 0, patients: 9, patches: 81 });
    expect(context!.radii).toHaveLength(3);
    expect(sweep.runs).toEqual(
      runs.map((run) => ({
        id: run.id,
        testSealed: false,
        split: { testOpeningCount: 1 },
        evaluations: [{ subset: 'VALIDATION' }, { subset: 'TEST' }],
      })),
    );
    const csv = (await (await api.get(sweep.opening.csvUrl)).text()).trim().split('\n');
    expect(csv[0]).toBe('patient,x,y,label,probability,fold,threshold,called');
    const rows = csv.slice(1).map((line) => line.split(','));
    expect(new Set(rows.map(([patient, x, y]) => `${patient} ${x} ${y}`)).size).toBe(81);
    for (const [, , , , probability, fold, threshold, called] of rows) {
      expect(Number(threshold)).toBe([0.4, 0.45, 0.5][Number(fold) - 1]);
      expect(called).toBe(Number(probability) >= Number(threshold) ? '1' : '0');
    }
    const { tp, fp } = sweep.opening.metrics.confusion;
    expect(rows.filter((row) => row[7] === '1')).toHaveLength(tp + fp);
  });
});
