/** The names of series as choosers read them: kept by project in the commit that writes the first number, and gone with the last run. */

import { createProject } from '@microtome/store/access/projects';
import { listRunNames } from '@microtome/store/run-query/complete-run-query';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBench } from '../open-bench.ts';

const NUMBER = `insert into metric (run_id, owner, name, epoch, step, value) values ($1, 'EXTERNAL', $2, 0, 1, 0.5)`;

let opened: Awaited<ReturnType<typeof openBench>>;
let other: pg.Client;
let projectId: string;

beforeAll(async () => {
  opened = await openBench();
  projectId = (await createProject(opened.store, 'another ward')).id;
  other = new pg.Client({ connectionString: opened.databaseUrl });
  await other.connect();
});
afterAll(() => other.end());

async function makeRun(inProject?: string): Promise<string> {
  const { prisma } = opened.store.database;
  const data = { name: crypto.randomUUID(), ...(inProject ? { projectId: inProject } : {}) };
  const { id: experimentId } = await prisma.experiment.create({ data });
  const moments = { startedAt: new Date(), finishedAt: new Date() };
  const given = { experimentId, origin: 'EXTERNAL' as const, architecture: '', hyperparameters: {} };
  const run = await prisma.run.create({ data: { ...given, ...moments, name: 'r', status: 'SUCCEEDED' } });
  return run.id;
}

const list = (projectIds: readonly string[] | null = null) =>
  listRunNames(opened.store, { expected: { kind: 'SERIES' }, typed: 'x.', projectIds, take: 100 });

it('are told when they are committed, to those of the project', async () => {
  const runId = await makeRun(projectId);
  await other.query('begin');
  await other.query(NUMBER, [runId, 'x.loss']);
  await other.query(NUMBER, [runId, 'x.auc']);
  expect(await list()).toEqual([]);
  await other.query('commit');
  expect(await list()).toEqual(['x.auc', 'x.loss']);
  expect(await list([projectId])).toEqual(['x.auc', 'x.loss']);
  expect(await list([crypto.randomUUID()])).toEqual([]);
});

it('are told once, whoever writes them at the same time', async () => {
  const [one, two] = [await makeRun(), await makeRun()];
  await other.query('begin');
  await other.query(NUMBER, [one, 'x.new']);
  // Waits for the other to commit, because the name is new to both.
  const waiting = opened.store.database.pool.query(NUMBER, [two, 'x.new']);
  await other.query('commit');
  await waiting;
  expect((await list()).filter((name) => name === 'x.new')).toEqual(['x.new']);
});

it('are told no more when no run has them', async () => {
  const runId = await makeRun();
  await other.query(NUMBER, [runId, 'x.gone']);
  expect(await list()).toContain('x.gone');
  await opened.store.database.prisma.run.delete({ where: { id: runId } });
  expect(await list()).not.toContain('x.gone');
});
