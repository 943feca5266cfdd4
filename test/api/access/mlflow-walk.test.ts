/**
 * MLflow's protocol by accounts: every call of it by an owner of another project and by each role, and what of it is on
 * record. Where it comes to stand: mlflow-projects.test.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLS_ROOT, MLFLOW_CALLS } from '../../../apps/api/src/mlflow/mlflow-calls.ts';
import { type AccessBench, startAccessBench } from './access-bench.ts';
import { FILE_STORE, type Json, NAME, openMlflowAs, type Recorded } from './mlflow-as.ts';

let bench: AccessBench;
let mlflow: ReturnType<typeof openMlflowAs>;
let mine: Recorded;

beforeAll(async () => {
  bench = await startAccessBench();
  mlflow = openMlflowAs(bench);
  mine = await mlflow.record('RESEARCHER', NAME);
});
afterAll(() => bench.close());

/** Everything that any call takes, all of it of the first project. */
function nameAll() {
  const { runId, experimentId, modelId } = mine;
  return {
    run_id: runId,
    run_uuid: runId,
    run_ids: [runId],
    experiment_id: experimentId,
    experiment_ids: [experimentId],
    experiment_name: NAME,
    name: NAME,
    new_name: 'taken over',
    version: '1',
    alias: 'mine',
    key: 'loss',
    value: 1,
    timestamp: 2,
    source: 'file:///x',
    stage: 'Archived',
    status: 'KILLED',
    metric_key: 'loss',
    model_json: '{"artifact_path":"","flavors":{},"utc_time_created":"","run_id":""}',
    models: [{ model_id: modelId }],
    datasets: [],
    params: [{ key: 'p', value: 'v' }],
    tags: [{ key: 't', value: 'v' }],
    metrics: [{ key: 'loss', value: 1, timestamp: 2 }],
    filter: '',
  };
}

function listCalls() {
  return MLFLOW_CALLS.flatMap(({ methods, path, writes }) =>
    methods.map((method) => ({
      method,
      writes,
      name: path,
      path: `/mlflow${CALLS_ROOT}${path.replace(':model_id', mine.modelId).replace(':tag_key', 't')}`,
    })),
  );
}

/** What lists are asked for. */
function nameLists() {
  const { experiment_ids, run_id, metric_key, filter } = nameAll();
  return { experiment_ids, run_id: [run_id], metric_key, filter };
}

/** They answer with a list, or make what the others have under the same name. */
const LISTS = [
  '/experiments/search',
  '/runs/search',
  '/registered-models/search',
  '/model-versions/search',
  '/experiments/search-datasets',
  '/metrics/get-history-bulk',
];
/** What the calls write, beside runs. */
const WRITTEN = [
  'experiment',
  'logged_model',
  'logged_model_file',
  'logged_model_metric',
  'metric',
  'mlflow_alias',
  'mlflow_experiment',
  'mlflow_model',
  'mlflow_version',
  'run_dataset_input',
  'run_file',
  'run_label',
  'run_model_link',
];
const MAKES = ['/experiments/create', '/registered-models/create'];

describe('an owner of another project', () => {
  it('finds nothing by any call, and changes nothing', async () => {
    const { pool } = bench.api.store.database;
    // The platform itself counts a run's events and revision meanwhile: what a revision stands for is looked at in its own tables.
    const tables = {
      run: `to_jsonb(t) - 'last_seq' - 'revision'`,
      ...Object.fromEntries(WRITTEN.map((table) => [table, 'to_jsonb(t)'])),
    };
    const look = async () => {
      const found: Record<string, unknown> = {};
      for (const [table, row] of Object.entries(tables)) {
        const { rows } = await pool.query(`select ${row} as row from ${table} t order by (${row})::text`);
        found[table] = rows;
      }
      return found;
    };
    // Its own default experiment is there from now on.
    await mlflow.succeed('FOREIGNER', '/experiments/search', { max_results: 1 });
    const before = await look();
    const found: string[] = [];
    for (const { method, name, path } of listCalls()) {
      if (MAKES.includes(name)) continue;
      const { status, text } = await mlflow.send('FOREIGNER', path, {
        method,
        body: LISTS.includes(name)
          ? { ...nameLists(), ...(name.includes('history') ? {} : { run_id: undefined }) }
          : nameAll(),
      });
      const isRight = LISTS.includes(name) ? status === 200 : status === 404;
      if (!isRight || (LISTS.includes(name) && text.includes(NAME)))
        found.push(`${method} ${name}: ${status} ${text}`);
    }
    expect(found).toEqual([]);
    expect(await look()).toEqual(before);
  });

  it('reads, writes and deletes no file', async () => {
    const { experimentId, runId, modelId } = mine;
    const path = `${FILE_STORE}/${experimentId}/${runId}/artifacts/kept.txt`;
    const ways = [
      ['GET', path],
      ['PUT', path],
      ['DELETE', path],
      ['PUT', `${FILE_STORE}/${experimentId}/models/${modelId}/artifacts/x`],
      ['GET', `${FILE_STORE}?path=${experimentId}/${runId}/artifacts`],
      ['GET', `/mlflow/get-artifact?run_id=${runId}&path=kept.txt`],
      ['GET', `/mlflow/model-versions/get-artifact?name=${encodeURIComponent(NAME)}&version=1&path=kept.txt`],
      ['GET', `/mlflow${CALLS_ROOT}/logged-models/${modelId}/artifacts/files?artifact_file_path=x`],
      ['POST', `/mlflow${CALLS_ROOT}/upload-artifact?run_uuid=${runId}&path=kept.txt`],
    ] as const;
    for (const [method, way] of ways) {
      const { status } = await mlflow.send('FOREIGNER', way, {
        method,
        ...(method === 'GET' ? {} : { body: 'other' }),
      });
      expect(status, `${method} ${way}`).toBe(404);
    }
    expect((await mlflow.send('VIEWER', path, { method: 'GET' })).text).toBe(NAME);
    const { text } = await mlflow.call('FOREIGNER', '/model-versions/create', {
      name: NAME,
      source: `mlflow-artifacts:/${experimentId}/${runId}/artifacts`,
    });
    expect(text).toContain('RESOURCE_DOES_NOT_EXIST');
  });

  it('is told the same of what is hidden as of what is not there', async () => {
    const unknown = crypto.randomUUID();
    for (const body of [{}, { key: 'k' }, nameAll()]) {
      const hidden = await mlflow.call('FOREIGNER', '/runs/set-tag', {
        ...body,
        run_id: mine.runId,
        run_uuid: undefined,
        experiment_id: undefined,
        models: [],
      });
      const missing = await mlflow.call('FOREIGNER', '/runs/set-tag', {
        ...body,
        run_id: unknown,
        run_uuid: undefined,
        experiment_id: undefined,
        models: [],
      });
      const { message } = hidden.json;
      expect([hidden.status, message]).toEqual([
        missing.status,
        missing.json.message.replace(unknown, mine.runId),
      ]);
    }
  });

  it('has its own under the same names, and sees them alone', async () => {
    const own = await mlflow.record('FOREIGNER', NAME);
    const { experiment } = (
      await mlflow.send('FOREIGNER', `/mlflow${CALLS_ROOT}/experiments/get-by-name`, {
        method: 'GET',
        body: { experiment_name: NAME },
      })
    ).json;
    expect(experiment.experiment_id).toBe(own.experimentId);
    const { experiments } = await mlflow.succeed('FOREIGNER', '/experiments/search', { max_results: 100 });
    expect(experiments.map((one: Json) => one.name)).toEqual(expect.arrayContaining([NAME]));
    expect(JSON.stringify(experiments)).not.toContain(mine.experimentId);
    const both = [mine.experimentId, own.experimentId];
    const { runs } = await mlflow.succeed('FOREIGNER', '/runs/search', { experiment_ids: both });
    expect(runs.map((one: Json) => one.info.run_id)).toEqual([own.runId]);
    const ofOwner = await mlflow.succeed('SERVER_OWNER', '/runs/search', { experiment_ids: both });
    expect(ofOwner.runs).toHaveLength(2);
    const { run } = await bench.api.store.database.prisma.experiment
      .findUniqueOrThrow({ where: { id: own.experimentId } })
      .then(async ({ projectId }) => ({ run: projectId }));
    expect(run).toBe(bench.theirs.project);
  });

  it('has a default experiment of its own', async () => {
    const { run } = await mlflow.succeed('FOREIGNER', '/runs/create', {});
    const { prisma } = bench.api.store.database;
    const { experiment } = await prisma.run.findUniqueOrThrow({
      where: { id: run.info.run_id },
      include: { experiment: true },
    });
    expect(experiment).toMatchObject({ name: 'Default', projectId: bench.theirs.project });
    expect(run.info.experiment_id).toBe(experiment.id);
  });
});

describe('roles', () => {
  it('let a VIEWER read by every call, and write by none', async () => {
    const wrong: string[] = [];
    for (const { method, name, path, writes } of listCalls()) {
      const { status, json, text } = await mlflow.send('VIEWER', path, { method, body: nameAll() });
      const isRefused = status === 403 && json.error_code === 'PERMISSION_DENIED';
      if (isRefused !== writes) wrong.push(`${method} ${name}: ${status} ${text}`);
    }
    expect(wrong).toEqual([]);
  });

  it('ask a stranger to sign in', async () => {
    for (const { method, path } of listCalls())
      expect((await mlflow.send('NOBODY', path, { method, body: nameAll() })).status).toBe(401);
  });
});

describe('the audit log', () => {
  it('has every call that changes, with who, what, before and after, and no numbers', async () => {
    const { prisma } = bench.api.store.database;
    const entries = await prisma.auditEntry.findMany({
      where: { act: { startsWith: 'mlflow ' } },
      orderBy: { id: 'asc' },
    });
    const acts = new Set(entries.map(({ act }) => act));
    const measured = ['/runs/log-metric', '/runs/log-batch'];
    // A VIEWER tried all of them.
    const expected = MLFLOW_CALLS.filter(({ path, writes }) => writes && !measured.includes(path));
    for (const { path } of expected) expect([...acts]).toContain(`mlflow ${path}`);
    for (const path of measured) expect([...acts]).not.toContain(`mlflow ${path}`);
    const made = entries.find(({ act, error }) => act === 'mlflow /runs/create' && error === null);
    expect(made).toMatchObject({
      accountName: 'researcher',
      subjectNoun: 'run',
      subjectId: mine.runId,
      projectIds: [bench.mine.project],
      before: null,
      after: { id: mine.runId, name: NAME },
    });
    const refused = entries.find(
      ({ accountName, act }) => accountName === 'viewer' && act === 'mlflow /runs/delete',
    );
    expect(refused).toMatchObject({ error: expect.stringContaining('RESEARCHER'), after: null });
    const put = entries.find(({ act, error }) => act === 'mlflow /artifacts/put' && error === null);
    expect(put).toMatchObject({ subjectId: mine.runId, asked: { path: 'kept.txt' } });
  });

  it('knows who began the run', async () => {
    const { data } = await bench.ask('VIEWER', `{ run(id: "${mine.runId}") { createdBy { name } } }`);
    expect(data).toEqual({ run: { createdBy: { name: 'researcher' } } });
  });
});
