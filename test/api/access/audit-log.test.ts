/** The audit log: who, what, before, after, from where; of whom it is read, how it is exported, and that nobody changes it. */
import { inviteAccount } from '@microtome/store/access/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessBench, startAccessBench } from './access-bench.ts';

const LOG = `query ($filter: AuditFilter, $first: Int, $after: String) {
  auditLog(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { accountName act subjectNoun subjectId request before after error address credential } }
  } }`;

type Entry = Record<string, never> & { before: Record<string, unknown>; after: Record<string, unknown> };
type Log = {
  auditLog: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    edges: { node: Entry }[];
  };
};

let bench: AccessBench;
beforeAll(async () => {
  bench = await startAccessBench();
  const { mine, theirs } = bench;
  const rename = 'mutation ($id: ID!, $name: String!) { updateRun(id: $id, input: { name: $name }) { id } }';
  await bench.ask('RESEARCHER', rename, { id: mine.run, name: 'first' });
  await bench.ask('RESEARCHER', rename, { id: mine.run, name: 'second' });
  await bench.ask('VIEWER', rename, { id: mine.run, name: 'third' });
  await bench.ask('FOREIGNER', rename, { id: theirs.run, name: 'elsewhere' });
  await bench.ask('RESEARCHER', 'mutation { createModel(input: { name: "made" }) { id } }');
});
afterAll(() => bench.close());

async function read(who: 'OWNER' | 'FOREIGNER' | 'SERVER_OWNER', variables: object = {}) {
  const { data, errors } = await bench.ask(who, LOG, variables);
  if (errors?.[0]) throw new Error(errors[0].message);
  return (data as unknown as Log).auditLog;
}

describe('the audit log', () => {
  it('has each change with what was there before and after', async () => {
    const { edges } = await read('OWNER', { filter: { subjectId: bench.mine.run } });
    expect(
      edges.map(({ node }) => [node.accountName, node.act, node.before?.name, node.after?.name ?? null]),
    ).toEqual([
      ['viewer', 'updateRun', undefined, null],
      ['researcher', 'updateRun', 'first', 'second'],
      ['researcher', 'updateRun', expect.any(String), 'first'],
    ]);
    expect(edges[1]!.node).toMatchObject({
      request: { id: bench.mine.run, input: { name: 'second' } },
      subjectNoun: 'run',
      error: null,
      address: expect.stringContaining('127.0.0.1'),
      credential: expect.stringMatching(/^token /),
    });
  });

  it('has what was refused, and why', async () => {
    const { edges } = await read('SERVER_OWNER', { filter: { act: 'updateRun' } });
    expect(edges.map(({ node }) => node.error)).toContain(
      `'viewer' may not do this: it takes the role RESEARCHER in the project.`,
    );
  });

  it('names what was made', async () => {
    const { edges } = await read('SERVER_OWNER', { filter: { act: 'createModel' } });
    expect(edges[0]!.node).toMatchObject({ subjectNoun: 'model', before: null, after: { name: 'made' } });
  });

  it('is read by those who manage a project, of that project alone, in pages', async () => {
    const foreign = await read('FOREIGNER');
    expect(foreign.edges.map(({ node }) => node.after?.name)).toEqual(['elsewhere']);
    expect((await bench.ask('REVIEWER', LOG)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const first = await read('OWNER', { first: 2 });
    expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
    const rest = await read('OWNER', { first: 2, after: first.pageInfo.endCursor });
    expect(rest.edges).toHaveLength(2);
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });

  it('has sign-ins, and no secret', async () => {
    const { secret } = await inviteAccount(bench.api.store, {
      name: 'ann',
      email: 'ann@ward.example',
      isOwner: false,
    });
    for (const link of [secret, secret, 'mtl_wrong']) {
      await fetch(`${bench.api.url}/auth/link`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ link }),
      });
    }
    const { edges } = await read('SERVER_OWNER', { filter: { act: 'signInByLink' } });
    expect(edges.map(({ node }) => [node.accountName, node.error === null])).toEqual([
      ['a stranger', false],
      ['a stranger', false],
      ['ann', true],
    ]);
    const { rows } = await bench.api.store.database.pool.query(
      'select jsonb_agg(a)::text as text from audit_entry a',
    );
    expect(rows[0].text).not.toContain(secret);
    expect(rows[0].text).not.toContain('mtl_wrong');
  });

  it('is given as a whole, to those who may read it', async () => {
    const lines = (await (await bench.get('OWNER', '/audit.ndjson')).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).act)).toEqual([
      'createModel',
      'updateRun',
      'updateRun',
      'updateRun',
    ]);
    const csv = await (await bench.get('OWNER', '/audit.csv')).text();
    expect(csv.split('\n')[0]).toContain('accountName');
    expect(csv).toContain('second');
    expect((await bench.get('VIEWER', '/audit.csv')).status).toBe(403);
  });

  it('is changed by nobody', async () => {
    const { pool } = bench.api.store.database;
    for (const statement of [
      `update audit_entry set account_name = 'nobody'`,
      'delete from audit_entry',
      'truncate audit_entry',
    ]) {
      await expect(pool.query(statement)).rejects.toThrow('only added to');
    }
  });
});
