/**
 * An API with accounts, two projects with everything in them, and somebody of each role: by token in the first project, an owner of
 * the second, an owner of the server, and nobody.
 */
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { ACTS, ROLES, type Role } from '@microtome/domain/access/role';
import { createProject, setProjectMember } from '@microtome/store/access/projects';
import type { SubjectNoun } from '@microtome/store/access/subject-projects';
import { createToken } from '@microtome/store/access/tokens';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import type { AuthSettings } from '../../../apps/api/src/access/auth-settings.ts';
import { createBench, finishRun } from '../run-fixtures.ts';
import { type Answer, startTestApi, type TestApi } from '../test-api.ts';

export const AUTH: AuthSettings = {
  apiUrl: 'http://127.0.0.1',
  webUrl: 'http://127.0.0.1:3000',
  isSecure: false,
  hasPasswords: true,
  oidc: null,
  requestsPerMinute: 100_000,
};

export type Who = Role | 'FOREIGNER' | 'SERVER_OWNER' | 'NOBODY';
type Ids = Record<SubjectNoun, string>;

export type AccessBench = {
  api: TestApi;
  tokens: Record<Who, string | null>;
  /** Of the first project, and of the second. */
  mine: Ids;
  theirs: Ids;
  ask(who: Who, document: string, variables?: object): Promise<Answer>;
  get(who: Who, path: string): Promise<Response>;
  close(): Promise<void>;
};

export async function startAccessBench(auth: Partial<AuthSettings> = {}): Promise<AccessBench> {
  const api = await startTestApi({ auth: { ...AUTH, ...auth } });
  const other = await createProject(api.store, 'another ward');
  const mine = await fillProject(api, DEFAULT_PROJECT_ID, 1);
  const theirs = await fillProject(api, other.id, 2);
  const tokens: AccessBench['tokens'] = {
    ...((await nameTokens(api)) as Record<Role, string>),
    FOREIGNER: await makeMember(api, { projectId: other.id, name: 'foreigner', role: 'OWNER' }),
    SERVER_OWNER: await makeToken(api, await makeAccount(api, 'server owner', true)),
    NOBODY: null,
  };
  const head = (who: Who): Record<string, string> =>
    tokens[who] ? { authorization: `Bearer ${tokens[who]}` } : {};
  return {
    api,
    tokens,
    mine,
    theirs,
    async ask(who, query, variables = {}) {
      const response = await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...head(who) },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    get: (who, path) => api.get(path, head(who)),
    close: () => api.close(),
  };
}

async function nameTokens(api: TestApi): Promise<Partial<Record<Role, string>>> {
  const tokens: Partial<Record<Role, string>> = {};
  for (const role of ROLES) {
    tokens[role] = await makeMember(api, { projectId: DEFAULT_PROJECT_ID, name: role.toLowerCase(), role });
  }
  return tokens;
}

async function makeMember(
  api: TestApi,
  { projectId, name, role }: { projectId: string; name: string; role: Role },
): Promise<string> {
  const accountId = await makeAccount(api, name, false);
  await setProjectMember(api.store, { projectId, email: `${name}@ward.example`, role });
  return makeToken(api, accountId);
}

export async function makeAccount(api: TestApi, name: string, isOwner: boolean): Promise<string> {
  const email = `${name.replaceAll(' ', '.')}@ward.example`;
  return (await api.store.database.prisma.account.create({ data: { name, email, isOwner } })).id;
}

async function makeToken(api: TestApi, accountId: string): Promise<string> {
  const wanted = { accountId, name: 'test', scopes: ACTS, projectId: null, days: 1 };
  return (await createToken(api.store, wanted)).secret;
}

/** A record of every noun in one project. */
async function fillProject({ store }: TestApi, projectId: string, seed: number): Promise<Ids> {
  const { prisma } = store.database;
  const bench = await createBench(store, { seed, dataset: { projectId } });
  const { datasetId } = bench.dataset;
  const run = await finishRun(store, bench);
  const model = await createModel(store, { name: `model-${seed}`, projectId });
  const version = await registerModelVersion(store, { modelId: model.id, runId: run.id });
  const sweep = await prisma.sweep.create({
    data: {
      experimentId: bench.experiment.id,
      name: 'none',
      strategy: 'SEEDS',
      definition: { metric: 'auc', rungs: [], splitIds: [bench.split.id] },
    },
  });
  const datasetImport = await prisma.datasetImport.create({
    data: {
      name: 'gone',
      sourcePath: '/gone',
      projectId,
      status: 'FAILED',
      error: 'gone',
      finishedAt: new Date(),
    },
  });
  const deletion = await prisma.deletion.create({
    data: {
      kind: 'RUN',
      subjectId: crypto.randomUUID(),
      name: 'gone',
      requestedBy: '',
      rowsTotal: 0,
      bytesTotal: 0n,
      projectId,
    },
  });
  const shard = await prisma.datasetShard.findFirstOrThrow({ where: { datasetId } });
  const slide = await prisma.slide.findFirstOrThrow({ where: { datasetId } });
  const exam = await prisma.externalEvaluation.create({
    data: { runId: run.id, datasetId, taskId: bench.experiment.taskId, threshold: 0.5, requestedBy: 'test' },
  });
  const analysis = await prisma.slideAnalysis.create({
    data: {
      versionId: version.id,
      path: '/slides/one.svs',
      name: 'one',
      tilePx: 16,
      micronsPerPixel: 0.5,
      threshold: 0.5,
      requestedBy: 'test',
    },
  });
  const comment = await prisma.comment.create({ data: { runId: run.id, author: 'test', text: 'so far' } });
  const loggedModel = await prisma.loggedModel.create({
    data: {
      id: `m-${crypto.randomUUID().replaceAll('-', '')}`,
      experimentId: bench.experiment.id,
      name: 'logged',
    },
  });
  const report = await prisma.report.create({
    data: { projectId, name: `report-${seed}`, body: 'so far', author: 'test', changedBy: 'test' },
  });
  const savedView = await prisma.savedView.create({ data: { projectId, name: 'ours', address: '' } });
  return {
    project: projectId,
    savedView: savedView.id,
    report: report.id,
    dataset: datasetId,
    import: datasetImport.id,
    deletion: deletion.id,
    experiment: bench.experiment.id,
    model: model.id,
    split: bench.split.id,
    task: bench.experiment.taskId!,
    slide: slide.id,
    sweep: sweep.id,
    run: run.id,
    comment: comment.id,
    modelVersion: version.id,
    loggedModel: loggedModel.id,
    externalEvaluation: exam.id,
    slideAnalysis: analysis.id,
    artifact: shard.artifactHash,
  };
}
