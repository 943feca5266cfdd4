/**
 * That every change is on record: each mutation, each route that is no GET. (Calls of MLflow's protocol: mlflow-walk.test.ts.) What is
 * left out is named in a table with its reason, and nothing else is.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRecorded, UNRECORDED } from '../../../apps/api/src/access/unrecorded.ts';
import { MLFLOW_CALLS } from '../../../apps/api/src/mlflow/mlflow-calls.ts';
import { buildSchema } from '../../../apps/api/src/schema.ts';
import { listAddedRoutes } from '../http/route-list.ts';
import { type AccessBench, startAccessBench, type Who } from './access-bench.ts';
import { listRootFields, writeOperation } from './schema-walk.ts';

const mutations = listRootFields(buildSchema()).filter(({ kind }) => kind === 'Mutation');
const routes = listAddedRoutes().filter(({ method }) => method !== 'GET');
let bench: AccessBench;

beforeAll(async () => {
  bench = await startAccessBench();
});
afterAll(() => bench.close());

const listEntries = (accountName: string) =>
  bench.api.store.database.prisma.auditEntry.findMany({ where: { accountName }, orderBy: { id: 'asc' } });

function send(who: Who, method: string, path: string, body: string): Promise<Response> {
  const headers = { authorization: `Bearer ${bench.tokens[who]}`, 'content-type': 'text/plain' };
  return fetch(bench.api.url + path, { method, body, headers });
}

describe('the audit log', () => {
  it('has every mutation that it does not leave out, also when it is refused', async () => {
    for (const field of mutations) {
      const { document, variables } = writeOperation(field, bench.mine);
      await bench.ask('VIEWER', document, variables);
    }
    const acts = new Set((await listEntries('viewer')).map(({ act }) => act));
    const expected = mutations.map(({ name }) => name).filter((name) => isRecorded(`Mutation.${name}`));
    expect([...acts].sort()).toEqual(expected.sort());
  });

  it('has every route that changes something, but those that it leaves out', async () => {
    const { run } = bench.theirs;
    for (const { method, path } of routes)
      await send('FOREIGNER', method, path.replaceAll(/[:*]runId/g, run).replaceAll(/[:*]\w+/g, 'x'), 'x');
    const expected = routes.map(({ method, path }) => `${method} ${path}`).filter(isRecorded);
    const read = async () => [...new Set((await listEntries('foreigner')).map(({ act }) => act))].sort();
    await expect.poll(read).toEqual([...new Set(expected)].sort());
    const entries = await listEntries('foreigner');
    expect(entries.find(({ act }) => act === 'PUT /runs/:runId/files/*path')).toMatchObject({
      subjectNoun: 'run',
      subjectId: run,
      projectIds: [bench.theirs.project],
      error: null,
      asked: { runId: run, path: 'x' },
      before: { id: run },
      after: { id: run },
    });
    expect(entries.find(({ act }) => act === 'PUT /runs/:runId/predictions')?.error).toMatch(/./);
  });

  it('has who was refused at a route, and of which project', async () => {
    const path = `/runs/${bench.mine.run}/files/x`;
    expect((await send('FOREIGNER', 'DELETE', path, '')).status).toBe(404);
    const read = async () => (await listEntries('foreigner')).at(-1);
    await expect.poll(read).toMatchObject({
      act: 'DELETE /runs/:runId/files/*path',
      projectIds: [bench.mine.project],
      error: `There is no run '${bench.mine.run}'.`,
      after: null,
    });
  });

  it('has a change whose request holds what no row can hold', async () => {
    const { run } = bench.theirs;
    expect((await send('FOREIGNER', 'PUT', `/runs/${run}/files/hidden?x=a%00b`, 'x')).status).toBe(201);
    expect((await send('FOREIGNER', 'PUT', '/runs/a%00b/files/hidden', 'x')).status).toBe(404);
    const read = async () => (await listEntries('foreigner')).slice(-2);
    await expect.poll(read).toMatchObject([
      { asked: { runId: run, path: 'hidden', x: ['a\\u0000b'] }, error: null },
      { subjectId: 'a\\u0000b', error: "There is no run 'a\\u0000b'.", projectIds: [] },
    ]);
  });

  it('leaves out nothing that is not there', () => {
    const known = [
      ...mutations.map(({ name }) => `Mutation.${name}`),
      ...routes.map(({ method, path }) => `${method} ${path}`),
      ...MLFLOW_CALLS.filter(({ writes }) => writes).map(({ path }) => `mlflow ${path}`),
      'POST /graphql',
      ...['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /mlflow/*path`),
    ];
    expect(Object.keys(UNRECORDED).filter((act) => !known.includes(act))).toEqual([]);
    expect(Object.values(UNRECORDED).every((reason) => /^[A-Z].*\.$/.test(reason))).toBe(true);
  });
});
