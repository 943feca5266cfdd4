/** What MLflow clients ask of runs: found by the filter language, in pages, and their numbers over time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';
import { type MlflowCalls, openMlflowCalls } from './mlflow-calls.ts';

const AJAX = '/mlflow/ajax-api/2.0/mlflow/metrics';

let api: TestApi;
let mlflow: MlflowCalls;
beforeAll(async () => {
  api = await startTestApi();
  mlflow = openMlflowCalls(api);
});
afterAll(() => api.close());

type Found = { info: { run_id: string; run_name: string } };

describe('a search for runs', () => {
  it('is answered whole in any letters, when it is asked again and when nothing is found', async () => {
    const experimentId = await mlflow.createExperiment('letters');
    const names = ['Drüse – 腺', 'plain', '🔬'];
    for (const [at, name] of names.entries())
      await mlflow.createRun(experimentId, { run_name: name, start_time: at });
    const search = async (filter: string) => {
      const body = JSON.stringify({ experiment_ids: [experimentId], filter });
      const answer = await mlflow.send('/mlflow/api/2.0/mlflow/runs/search', { method: 'POST', body });
      const text = await answer.text();
      expect(Number(answer.headers.get('content-length'))).toBe(Buffer.byteLength(text));
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      return JSON.parse(text).runs.map(({ info }: Found) => info.run_name);
    };
    for (let asked = 0; asked < 3; asked++) expect(await search('')).toEqual(names.toReversed());
    expect(await search("attributes.run_name = 'nobody'")).toEqual([]);
  });

  it('pages through them, the newest first, those of one moment by id', async () => {
    const experimentId = await mlflow.createExperiment('pages');
    const runIds: string[] = [];
    for (let i = 0; i < 10; i += 1) runIds.push(await mlflow.createRun(experimentId, { start_time: 1 }));
    const search = (body: object) => mlflow.post('/runs/search', { experiment_ids: [experimentId], ...body });
    const ids = (page: { runs: Found[] }) => page.runs.map(({ info }) => info.run_id);
    const sorted = runIds.toSorted();
    const first = await search({ max_results: 4 });
    const second = await search({ max_results: 4, page_token: first.next_page_token });
    const third = await search({ max_results: 4, page_token: second.next_page_token });
    expect([ids(first), ids(second), ids(third)]).toEqual([
      sorted.slice(0, 4),
      sorted.slice(4, 8),
      sorted.slice(8),
    ]);
    expect(third.next_page_token).toBeUndefined();
    const later = await mlflow.createRun(experimentId, { start_time: 2 });
    expect(ids(await search({ max_results: 1 }))).toEqual([later]);
    const wrong = await mlflow.refuse('/runs/search', { max_results: 123456789 });
    expect(wrong.message).toContain("Invalid value 123456789 for parameter 'max_results' supplied");
  });

  it('compares numbers, parameters, tags, attributes and data sets', async () => {
    const experimentId = await mlflow.createExperiment('filters');
    const make = async (name: string, auc: number | string, lr: string, team: string) => {
      const runId = await mlflow.createRun(experimentId, { run_name: name, user_id: 'ada' });
      await mlflow.post('/runs/log-batch', {
        run_id: runId,
        metrics: [
          { key: 'val auc', value: 0, timestamp: 1, step: 1 },
          { key: 'val auc', value: auc, timestamp: 1, step: 2 },
        ],
        params: [{ key: 'lr', value: lr }],
        tags: [{ key: 'team.name', value: team }],
      });
      return runId;
    };
    const deep = await make('deep', 0.9, '0.1', 'Red');
    await make('shallow', 0.5, '0.01', 'blue');
    await make('broken', 'NaN', '0.1', 'blue');
    await mlflow.post('/runs/update', { run_id: deep, status: 'FINISHED', end_time: 5 });
    const dataset = { name: 'pcam', digest: 'd1', source_type: 'local', source: '/x' };
    const tags = [{ key: 'mlflow.data.context', value: 'training' }];
    await mlflow.post('/runs/log-inputs', { run_id: deep, datasets: [{ dataset, tags }] });
    const search = async (filter: string, orderBy: string[] = ['run_name']) => {
      const body = { experiment_ids: [experimentId], filter, order_by: orderBy };
      const { runs } = await mlflow.post('/runs/search', body);
      return runs.map(({ info }: Found) => info.run_name);
    };
    expect(await search('metrics.`val auc` > 0.4')).toEqual(['deep', 'shallow']);
    expect(await search('metrics."val auc" >= 0.9 and params.lr = "0.1"')).toEqual(['deep']);
    expect(await search('metrics.`val auc` < 2')).toEqual(['deep', 'shallow']);
    expect(await search("tags.team.name ilike 'r%'")).toEqual(['deep']);
    expect(await search("tags.`team.name` != 'blue'")).toEqual(['deep']);
    expect(await search('tags.none IS NULL', ['run_name desc'])).toEqual(['shallow', 'deep', 'broken']);
    expect(await search('params.lr IS NOT NULL')).toHaveLength(3);
    expect(await search("status = 'FINISHED'")).toEqual(['deep']);
    expect(await search('attributes.end_time = 5')).toEqual(['deep']);
    expect(await search(`run_id IN ('${deep}', 'other')`)).toEqual(['deep']);
    expect(await search(`run_id NOT IN ('${deep}')`)).toEqual(['broken', 'shallow']);
    expect(await search("user_id = 'ada' AND \"Run name\" LIKE 'sh%'")).toEqual(['shallow']);
    expect(await search("datasets.name = 'pcam' and dataset.context = 'training'")).toEqual(['deep']);
    expect(await search("datasets.context = 'test'")).toEqual([]);
    expect(await search('', ['metrics.`val auc` DESC'])).toEqual(['deep', 'shallow', 'broken']);
    expect(await search('', ['metrics.`val auc` ASC'])).toEqual(['shallow', 'deep', 'broken']);
    expect(await search('', ['params.lr', 'run_name'])).toEqual(['shallow', 'broken', 'deep']);
  });

  it('sorts by a number over pages: those that have none come last, and a condition on it leaves them out', async () => {
    const experimentId = await mlflow.createExperiment('sorted');
    const other = await mlflow.createExperiment('not asked for');
    const make = async (name: string, auc?: number | string, experiment = experimentId) => {
      const runId = await mlflow.createRun(experiment, { run_name: name, start_time: 1 });
      if (auc === undefined) return;
      const metrics = [{ key: 'auc', value: auc, timestamp: 1, step: 1 }];
      await mlflow.post('/runs/log-batch', { run_id: runId, metrics });
    };
    for (const [at, auc] of [0.1, 0.2, 0.3, 'Infinity', 'NaN', undefined].entries()) await make(`${at}`, auc);
    await make('elsewhere', 0.25, other);
    const search = async (order: string, body: object = {}) => {
      const ask = { experiment_ids: [experimentId], order_by: [order, 'run_name'], ...body };
      const { runs, next_page_token: token } = await mlflow.post('/runs/search', ask);
      return { names: runs.map(({ info }: Found) => info.run_name).join(' '), token };
    };
    const first = await search('metrics.auc desc', { max_results: 3 });
    const second = await search('metrics.auc desc', { max_results: 3, page_token: first.token });
    expect([first.names, second.names, second.token]).toEqual(['3 2 1', '0 4 5', undefined]);
    expect((await search('metrics.auc')).names).toBe('0 1 2 3 4 5');
    expect((await search('metrics.auc desc', { filter: 'metrics.auc > 0.1' })).names).toBe('3 2 1');
    expect((await search('metrics.auc', { filter: 'metrics.auc != 0.2 and metrics.auc < 7' })).names).toBe(
      '0 2',
    );
    expect((await search('metrics.auc', { filter: 'metrics.loss > 0' })).names).toBe('');
  });

  it('shows of each series the number of the last step, of that the newest, of that the largest, whatever came last', async () => {
    const runId = await mlflow.createRun();
    const log = (...metrics: [step: number, timestamp: number, value: number | string][]) =>
      mlflow.post('/runs/log-batch', {
        run_id: runId,
        metrics: metrics.map(([step, timestamp, value]) => ({ key: 'm', step, timestamp, value })),
      });
    const read = async () => (await mlflow.get('/runs/get', { run_id: runId })).run.data.metrics;
    await log([2, 10, 5], [2, 20, 1], [2, 20, 3], [1, 30, 9]);
    expect(await read()).toEqual([{ key: 'm', step: 2, timestamp: 20, value: 3 }]);
    await log([2, 15, 7], [2, 20, 2], [1, 40, 8]);
    expect(await read()).toEqual([{ key: 'm', step: 2, timestamp: 20, value: 3 }]);
    await log([2, 20, '-Infinity'], [2, 21, '-Infinity']);
    expect(await read()).toEqual([{ key: 'm', step: 2, timestamp: 21, value: '-Infinity' }]);
    await log([3, 1, 'NaN']);
    expect(await read()).toEqual([{ key: 'm', step: 3, timestamp: 1, value: 'NaN' }]);
  });

  it('refuses a filter that it does not understand, and says what', async () => {
    const refuse = async (filter: string) =>
      (await mlflow.refuse('/runs/search', { experiment_ids: ['0'], filter })).message;
    expect(await refuse("metrics.a > 'x'")).toContain('Expected numeric value type for metric');
    expect(await refuse('params.a = 1')).toContain('Expected a quoted string value for parameter');
    expect(await refuse("colours.a = 'x'")).toContain("Invalid entity type 'colours'");
    expect(await refuse("params.a = 'x' OR params.b = 'y'")).toContain('Expected 3 tokens');
    expect(await refuse("params.a > 'x'")).toContain("Invalid comparator '>'");
    expect(await refuse("status IN ('FAILED')")).toContain("Only ['run_id'] attributes support");
    expect(await refuse("params.a LIKE 'x\\'")).toContain('ends in a single');
    const order = { experiment_ids: ['0'], order_by: ['run_name', 'run_name desc'] };
    expect((await mlflow.refuse('/runs/search', order)).message).toContain('duplicate fields');
  });
});

describe('histories', () => {
  const points = [
    { key: 'm', timestamp: 1, step: -2, value: 10 },
    { key: 'm', timestamp: 1, step: 3, value: 11 },
    { key: 'm', timestamp: 1, step: 3, value: 12 },
    { key: 'm', timestamp: 2, step: 3, value: 12 },
  ];
  const log = async (history: object[]) => {
    const runId = await mlflow.createRun();
    await mlflow.post('/runs/log-batch', { run_id: runId, metrics: history });
    return runId;
  };

  it('hold every number of a step once, of one run in pages', async () => {
    const runId = await log([...points, points[3]!]);
    const page = (query: object) =>
      mlflow.get('/metrics/get-history', { run_id: runId, metric_key: 'm', ...query });
    expect((await page({})).metrics).toEqual(points);
    const first = await page({ max_results: 3 });
    expect(first.metrics).toEqual(points.slice(0, 3));
    const rest = await page({ max_results: 3, page_token: first.next_page_token });
    expect(rest).toEqual({ metrics: points.slice(3) });
    const wrong = { run_id: runId, metric_key: 'm', page_token: 'invalid_token' };
    expect((await mlflow.refuseGet('/metrics/get-history', wrong)).code).toBe('INVALID_PARAMETER_VALUE');
  });

  it('of several runs come by run, at most as many as are asked for', async () => {
    const runIds = [await log(points), await log(points)].sort();
    const query = { run_id: runIds, metric_key: 'm' };
    const all = runIds.flatMap((runId) => points.map((point) => ({ ...point, run_id: runId })));
    expect((await mlflow.get(`${AJAX}/get-history-bulk`, query)).metrics).toEqual(all);
    const limited = await mlflow.get(`${AJAX}/get-history-bulk`, { ...query, max_results: 2 });
    expect(limited.metrics).toEqual(all.slice(0, 2));
    const refuse = async (wrong: object) =>
      (await mlflow.refuseGet(`${AJAX}/get-history-bulk`, { ...wrong })).message;
    expect(await refuse({ metric_key: 'm' })).toContain('must specify at least one run_id');
    expect(await refuse({ run_id: Array(101).fill('x'), metric_key: 'm' })).toContain(
      'cannot specify more than',
    );
    expect(await refuse({ run_id: ['x'] })).toContain('must specify a metric_key');
  });

  it('are thinned evenly, with the first and the last of each run', async () => {
    const steps = (count: number) =>
      Array.from({ length: count }, (_, step) => ({ key: 'm', timestamp: 1, step, value: 10 }));
    const [short, long] = [await log(steps(10)), await log(steps(20))];
    const ask = async (query: object) => {
      const { metrics } = await mlflow.get(`${AJAX}/get-history-bulk-interval`, {
        metric_key: 'm',
        ...query,
      });
      return metrics.map(({ run_id: runId, step }: { run_id: string; step: number }) => [runId, step]);
    };
    const of = (runId: string, shown: number[]) => shown.map((step) => [runId, step]);
    expect(await ask({ run_ids: [short], max_results: 5 })).toEqual(of(short, [0, 2, 4, 6, 8, 9]));
    expect(await ask({ run_ids: [short], max_results: 5, start_step: 0, end_step: 4 })).toEqual(
      of(short, [0, 1, 2, 3, 4]),
    );
    expect(await ask({ run_ids: [short, long], max_results: 5 })).toEqual([
      ...of(short, [0, 4, 8, 9]),
      ...of(long, [0, 4, 8, 9, 12, 16, 19]),
    ]);
    const refuse = async (query: object) =>
      (await mlflow.refuseGet(`${AJAX}/get-history-bulk-interval`, { ...query })).message;
    expect(await refuse({ metric_key: 'm' })).toContain("Missing value for required parameter 'run_ids'.");
    const asked = { run_ids: [short], metric_key: 'm' };
    expect(await refuse({ ...asked, max_results: 0 })).toContain('max_results must be between 1 and 2500');
    expect(await refuse({ ...asked, start_step: 1, end_step: 0 })).toContain('end_step must be greater');
    expect(await refuse({ ...asked, start_step: 1 })).toContain('both must be specified');
    expect(await refuse({ run_ids: Array(101).fill('x'), metric_key: 'm' })).toContain('at most 100 run_ids');
  });
});

describe('data sets', () => {
  it('are kept with the runs that read them, and listed by experiment', async () => {
    const experimentId = await mlflow.createExperiment('data');
    const runId = await mlflow.createRun(experimentId);
    const dataset = { name: 'n', digest: 'd', source_type: 's', source: '{}', schema: '{}', profile: '{}' };
    const tags = [
      { key: 'tag1', value: 'value1' },
      { key: 'mlflow.data.context', value: 'training' },
    ];
    await mlflow.post('/runs/log-inputs', { run_id: runId, datasets: [{ dataset, tags }] });
    await mlflow.post('/runs/log-inputs', {
      run_id: runId,
      datasets: [{ dataset: { ...dataset, digest: 'e' } }],
    });
    expect((await mlflow.getRun(runId)).inputs.dataset_inputs).toEqual([
      { dataset, tags },
      { dataset: { ...dataset, digest: 'e' }, tags: [] },
    ]);
    const path = '/mlflow/ajax-api/2.0/mlflow/experiments/search-datasets';
    expect((await mlflow.post(path, { experiment_ids: [experimentId] })).dataset_summaries).toEqual([
      { experiment_id: experimentId, name: 'n', digest: 'd', context: 'training' },
      { experiment_id: experimentId, name: 'n', digest: 'e' },
    ]);
    expect((await mlflow.refuse(path, {})).message).toContain('must specify at least one experiment_id');
    const many = { experiment_ids: Array(21).fill('x') };
    expect((await mlflow.refuse(path, many)).message).toContain('cannot specify more than');
    const inputs = '/runs/log-inputs';
    expect((await mlflow.refuse(inputs, { datasets: [] })).message).toContain("parameter 'run_id'");
    expect((await mlflow.refuse(inputs, { run_id: runId })).message).toContain("parameter 'datasets'");
  });
});
