/** Where what GraphQL makes comes to stand when the request names no project: as of a client of MLflow, by who asks. */
import type { Act } from '@microtome/domain/access/role';
import { createProject, setProjectMember } from '@microtome/store/access/projects';
import { createToken } from '@microtome/store/access/tokens';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessBench, makeAccount, startAccessBench } from './access-bench.ts';

const CREATE_MODEL =
  'mutation ($name: String!, $projectId: ID) { createModel(input: { name: $name, projectId: $projectId }) { id } }';
const START_RUN = 'mutation ($input: StartRunInput!) { startRun(input: $input) { experiment { id } } }';
const IMPORT = 'mutation ($input: ImportDatasetInput!) { importDataset(input: $input) { id } }';

let bench: AccessBench;
beforeAll(async () => {
  bench = await startAccessBench();
});
afterAll(() => bench.close());

type Wanted = { accountId: string; projectId?: string; scopes?: readonly Act[] };

async function makeToken({ accountId, projectId, scopes = ['READ', 'RECORD'] }: Wanted): Promise<string> {
  const wanted = { accountId, name: 'home', scopes, projectId: projectId ?? null, days: 1 };
  return (await createToken(bench.api.store, wanted)).secret;
}

async function ask(token: string, query: string, variables: object) {
  const response = await fetch(`${bench.api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Awaited<ReturnType<AccessBench['ask']>>;
}

const readId = (data: unknown, field: string) => (data as Record<string, { id: string }>)[field]!.id;

async function findModelProject(answer: Awaited<ReturnType<AccessBench['ask']>>): Promise<string> {
  expect(answer.errors).toBeUndefined();
  const where = { id: readId(answer.data, 'createModel') };
  return (await bench.api.store.database.prisma.model.findUniqueOrThrow({ where })).projectId;
}

describe('the project of what names none', () => {
  it('is that of a token, of models, runs and imports alike', async () => {
    const { prisma } = bench.api.store.database;
    const { id: accountId } = await prisma.account.findFirstOrThrow({ where: { isOwner: true } });
    const token = await makeToken({ accountId, projectId: bench.theirs.project });
    expect(await findModelProject(await ask(token, CREATE_MODEL, { name: 'by-token' }))).toBe(
      bench.theirs.project,
    );
    const started = await ask(token, START_RUN, { input: { experiment: 'by token' } });
    expect(started.errors).toBeUndefined();
    const experiment = await prisma.experiment.findFirstOrThrow({ where: { name: 'by token' } });
    expect(experiment.projectId).toBe(bench.theirs.project);
    const imported = await ask(token, IMPORT, { input: { path: bench.api.importRoot } });
    expect(imported.errors).toBeUndefined();
    const where = { id: readId(imported.data, 'importDataset') };
    expect((await prisma.datasetImport.findUniqueOrThrow({ where })).projectId).toBe(bench.theirs.project);
    // Its process ends before the database goes.
    const isOver = async () => (await prisma.datasetImport.findUniqueOrThrow({ where })).finishedAt !== null;
    await expect.poll(isOver, { timeout: 120_000 }).toBe(true);
    const elsewhere = { name: 'elsewhere', projectId: bench.mine.project };
    expect((await ask(token, CREATE_MODEL, elsewhere)).errors?.[0]?.message).toBe(
      `There is no project '${bench.mine.project}'.`,
    );
  }, 180_000);

  it('is the first where it may be, else the only one', async () => {
    const first = await bench.ask('SERVER_OWNER', CREATE_MODEL, { name: 'of-the-first' });
    expect(await findModelProject(first)).toBe(bench.mine.project);
    const only = await bench.ask('FOREIGNER', CREATE_MODEL, { name: 'of-the-only-one' });
    expect(await findModelProject(only)).toBe(bench.theirs.project);
  });

  it('has to be named where several would do, and is none for those who only look', async () => {
    const accountId = await makeAccount(bench.api, 'in two', false);
    const third = await createProject(bench.api.store, 'third ward');
    const email = 'in.two@ward.example';
    for (const projectId of [bench.theirs.project, third.id]) {
      await setProjectMember(bench.api.store, { projectId, email, role: 'RESEARCHER' });
    }
    const token = await makeToken({ accountId });
    expect((await ask(token, CREATE_MODEL, { name: 'nowhere' })).errors?.[0]).toMatchObject({
      message: 'You work in several projects: name one by `projectId`.',
      extensions: { code: 'BAD_INPUT' },
    });
    const named = await ask(token, CREATE_MODEL, { name: 'somewhere', projectId: third.id });
    expect(await findModelProject(named)).toBe(third.id);
    // What a split says is enough.
    const started = await ask(token, START_RUN, {
      input: { experiment: 'by split', splitId: bench.theirs.split },
    });
    expect(started.errors).toBeUndefined();
    const { prisma } = bench.api.store.database;
    const experiment = await prisma.experiment.findFirstOrThrow({ where: { name: 'by split' } });
    expect(experiment.projectId).toBe(bench.theirs.project);
    const refused = await bench.ask('VIEWER', CREATE_MODEL, { name: 'of-a-viewer' });
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});
