/** Series have an owner: numbers from outside can neither stand in a worker's way nor pass for its own. */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseRunQuery, parseRunSort } from '@microtome/domain/run-query/parse-query';
import { dropDatabase, migrateDatabase } from '@microtome/store/database/migrate';
import { listEpochMetrics, listLatestMetrics } from '@microtome/store/run/metric-series';
import { logMetrics } from '@microtome/store/run/metrics';
import { recordEpoch } from '@microtome/store/run/run-recording';
import { listRunPage } from '@microtome/store/run-query/run-pages';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { claimNewRun, createEpochReport } from '../../fixtures/attempt.ts';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { withDatabase } from '../../test-database.ts';
import { openBench } from '../open-bench.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
const MIGRATION = '0010_series-owners';

/** Of the folder of migrations: what was there when this one came. */
const isBefore = (path: string) => (/[\\/](\d{4}_[^\\/]+)/.exec(path)?.[1] ?? '') < MIGRATION;

const { store, bench } = await openBench();

describe('a number from outside', () => {
  it('takes no name of the worker’s, and is told so by name before anything is written', async () => {
    const { id: runId } = await launchTestRun(store, bench);
    const names = ['validation.auc', 'train.loss', 'test.auc', 'test.anything', 'learningRate', 'gpuUse'];
    for (const name of names) {
      const metrics = [point('mine', 1, 0.5), point(name, 1, 0.99)];
      await expect(logMetrics(store, { runId, metrics })).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: `Metric '${name}' is recorded by the run's worker alone: a number from outside needs another name, such as 'external.${name}'.`,
      });
    }
    await logMetrics(store, { runId, metrics: names.map((name) => point(`external.${name}`, 1, 1)) });
    expect(await store.database.prisma.metric.count({ where: { runId } })).toBe(names.length);
  });

  it('stands in no worker’s way, nor ranks, nor is the newest, even when it has the name of a later report', async () => {
    const key = await claimNewRun(store, bench);
    const { runId } = key;
    await write(runId, { owner: 'EXTERNAL', name: 'newFigure', epoch: 1, value: 100 });
    await write(runId, { owner: 'EXTERNAL', name: 'newFigure', epoch: 9, value: 100 });
    const metrics = { newFigure: 0.25, 'validation.auc': 0.6 };
    expect(await recordEpoch(store, { ...createEpochReport(key, 1), metrics })).toBe(true);
    const names = Object.keys(metrics).sort();
    const latest = await listLatestMetrics(store, { runIds: [runId], names });
    expect(latest.map(({ name, value }) => [name, value])).toEqual(
      names.map((name) => [name, metrics[name as 'newFigure']]),
    );
    const ofEpoch = await listEpochMetrics(store, [{ runId, epoch: 1 }]);
    expect(ofEpoch.map(({ name, value }) => [name, value])).toEqual(
      latest.map(({ name, value }) => [name, value]),
    );
  });
});

describe('the list of runs', () => {
  it('is sorted by what the workers recorded', async () => {
    const [good, bad] = [await launchTestRun(store, bench), await launchTestRun(store, bench)];
    await finishTestRun(store, good, { auc: 0.9 });
    await finishTestRun(store, bad, { auc: 0.6 });
    // As a row of an older version might, past the guard of its name.
    await pastConstraints(`insert into metric (run_id, owner, name, epoch, step, value)
      values ('${bad.id}', 'EXTERNAL', 'validation.auc', 7, 0, 0.999)`);
    const { places } = await listRunPage(store, {
      where: parseRunQuery(`experiment = "${bench.experimentId}"`),
      sort: parseRunSort('best(validation.auc) desc'),
      take: 100,
    });
    const runIds = places.map(({ runId }) => runId);
    expect(runIds.indexOf(good.id)).toBeLessThan(runIds.indexOf(bad.id));
  });
});

describe('in SQL, past all of our code', () => {
  it('a worker’s number is written with its epoch and at no other time', async () => {
    const key = await claimNewRun(store, bench);
    await recordEpoch(store, createEpochReport(key, 1));
    for (const epoch of [1, 2, 40]) {
      const wrong = write(key.runId, { owner: 'WORKER', name: 'validation.auc', epoch, value: 1 });
      if (epoch === 1) await wrong;
      else
        await expect(wrong).rejects.toThrow(
          `validation.auc at epoch ${epoch} of run ${key.runId} is not of the epoch`,
        );
    }
    const settled = await launchTestRun(store, bench);
    await finishTestRun(store, settled);
    await expect(
      write(settled.id, { owner: 'WORKER', name: 'validation.f1', epoch: 1, value: 1 }),
    ).rejects.toThrow('is not of the epoch');
  });

  it('the names of sides are the worker’s, and there is no third owner', async () => {
    const { id } = await launchTestRun(store, bench);
    for (const name of ['train.x', 'validation.auc', 'test.auc']) {
      await expect(write(id, { owner: 'EXTERNAL', name, epoch: 1, value: 1 })).rejects.toThrow(
        `The name ${name} is the worker's own`,
      );
    }
    await expect(write(id, { owner: 'ME', name: 'x', epoch: 1, value: 1 })).rejects.toThrow(
      'metric_owner_check',
    );
  });
});

describe('numbers from before there were owners', () => {
  it('are the worker’s where they came with their epoch; the others keep their value under a name of their own', async () => {
    const url = withDatabase(inject('serverUrl'), `microtome_test_${randomUUID().replaceAll('-', '')}`);
    const before = await mkdtemp(join(tmpdir(), 'microtome-owners-'));
    await cp(MIGRATIONS, before, { recursive: true, filter: isBefore });
    const client = new pg.Client({ connectionString: url });
    try {
      await migrateDatabase(url, before);
      await client.connect();
      await client.query(`set session_replication_role = 'replica'`);
      const runId = randomUUID();
      await client.query(
        `insert into run_event (run_id, seq, kind, attempt, payload, at)
         values ($1, 1, 'EPOCH', 1, '{"epoch": 1, "step": 5, "best": true}', '2026-01-01T12:00:10Z')`,
        [runId],
      );
      await client.query(
        `insert into metric (run_id, name, epoch, step, value, at) values
           ($1, 'validation.auc', 1, 5, 0.7, '2026-01-01T12:00:09Z'),
           ($1, 'learningRate', 1, 5, 0.001, '2026-01-01T12:00:09Z'),
           ($1, 'mine', 1, 5, 3, '2026-01-01T12:00:09Z'),
           ($1, 'validation.f1', 1, 5, 0.99, '2026-01-03T12:00:00Z'),
           ($1, 'validation.auc', 40, 5, 0.99, '2026-01-01T12:00:09Z'),
           ($1, 'test.auc', 1, 5, 0.99, '2026-01-01T12:00:09Z')`,
        [runId],
      );
      await client.query(await readFile(join(MIGRATIONS, MIGRATION, 'migration.sql'), 'utf8'));
      const { rows } = await client.query(
        `select owner || ' ' || name || ' ' || epoch || ' ' || value as row from metric order by owner desc, name, epoch`,
      );
      expect(rows.map(({ row }) => row)).toEqual([
        'WORKER learningRate 1 0.001',
        'WORKER validation.auc 1 0.7',
        'EXTERNAL external.test.auc 1 0.99',
        'EXTERNAL external.validation.auc 40 0.99',
        'EXTERNAL external.validation.f1 1 0.99',
        'EXTERNAL mine 1 3',
      ]);
    } finally {
      await client.end();
      await dropDatabase(url);
      await rm(before, { recursive: true, force: true });
    }
  });
});

function point(name: string, epoch: number, value: number) {
  return { name, epoch, step: 0, value };
}

type Written = { owner: string; name: string; epoch: number; value: number };

async function write(runId: string, { owner, name, epoch, value }: Written): Promise<void> {
  await store.database.pool.query(
    'insert into metric (run_id, owner, name, epoch, step, value) values ($1, $2, $3, $4, 0, $5)',
    [runId, owner, name, epoch, value],
  );
}

/** With its triggers away for as long as it takes. */
async function pastConstraints(statement: string): Promise<void> {
  const { pool } = store.database;
  await pool.query(`begin; set local session_replication_role = 'replica'; ${statement}; commit`);
}
