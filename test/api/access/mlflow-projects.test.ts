/** Where what an MLflow client makes comes to stand: the project that a token, a header or a tag names. */
import { listProjectIds } from '@microtome/store/access/subject-projects';
import { createToken } from '@microtome/store/access/tokens';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessBench, startAccessBench } from './access-bench.ts';
import { openMlflowAs } from './mlflow-as.ts';

let bench: AccessBench;
let mlflow: ReturnType<typeof openMlflowAs>;

beforeAll(async () => {
  bench = await startAccessBench();
  mlflow = openMlflowAs(bench);
});
afterAll(() => bench.close());

describe('the project of what a client makes', () => {
  const open = async (name: string, body: object, headers = {}) => {
    const made = await mlflow.succeed('SERVER_OWNER', '/experiments/create', { name, ...body }, headers);
    const { prisma } = bench.api.store.database;
    return (await prisma.experiment.findUniqueOrThrow({ where: { id: made.experiment_id } })).projectId;
  };

  it('is named by a tag or a header, by name or id; else it is the first', async () => {
    const { project } = bench.theirs;
    const tags = [{ key: 'microtome.project', value: 'another ward' }];
    expect(await open('by tag', { tags })).toBe(project);
    expect(await open('by name', {}, { 'x-microtome-project': 'another ward' })).toBe(project);
    expect(await open('by id', {}, { 'x-microtome-project': project })).toBe(project);
    expect(await open('by none', {})).toBe(bench.mine.project);
  });

  it('is that of a token', async () => {
    const { prisma } = bench.api.store.database;
    const { id: accountId } = await prisma.account.findFirstOrThrow({ where: { isOwner: true } });
    const { secret } = await createToken(bench.api.store, {
      accountId,
      name: 'for one',
      scopes: ['READ', 'RECORD'],
      projectId: bench.theirs.project,
      days: 1,
    });
    const token = { token: secret };
    const made = await mlflow.succeed(token, '/experiments/create', { name: 'by token' });
    const found = await prisma.experiment.findUniqueOrThrow({ where: { id: made.experiment_id } });
    expect(found.projectId).toBe(bench.theirs.project);
    const refused = await mlflow.call(token, '/experiments/create', {
      name: 'elsewhere',
      tags: [{ key: 'microtome.project', value: bench.mine.project }],
    });
    expect(refused.status).toBe(404);
  });

  it('is not named where it is hidden, and never changes', async () => {
    for (const value of ['default', 'no such project']) {
      const tags = [{ key: 'microtome.project', value }];
      const { status, json } = await mlflow.call('FOREIGNER', '/experiments/create', { name: 'x', tags });
      expect([status, json.message]).toEqual([404, `There is no project '${value}'.`]);
    }
    const tag = { key: 'microtome.project', value: 'another ward' };
    const { experiment_id } = await mlflow.succeed('RESEARCHER', '/experiments/create', { name: 'stays' });
    const moved = await mlflow.call('RESEARCHER', '/experiments/set-experiment-tag', {
      experiment_id,
      ...tag,
    });
    expect(moved.json).toMatchObject({
      error_code: 'INVALID_PARAMETER_VALUE',
      message: expect.stringContaining('stays'),
    });
    expect(await listProjectIds(bench.api.store)).toHaveLength(2);
  });

  it('keeps a run off a split of another one', async () => {
    const split = { key: 'microtome.split', value: bench.mine.split };
    const { status, json } = await mlflow.call('FOREIGNER', '/runs/create', { tags: [split] });
    expect([status, json.message]).toEqual([404, `There is no split '${bench.mine.split}'.`]);
  });
});
