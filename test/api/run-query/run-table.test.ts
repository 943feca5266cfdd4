/** All runs that match as a file: the rows and values that the query `runs` gives, in both formats, and what is refused. */
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawRuns, insertRuns, type SeededRun } from '../../fixtures/seeded/seeded-runs.ts';
import { createBench } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let runs: SeededRun[];

beforeAll(async () => {
  api = await startTestApi();
  const { experiment, dataset, split } = await createBench(api.store);
  const places = [{ experimentId: experiment.id, datasetId: dataset.datasetId, splitId: split.id }];
  // More than a page of them.
  runs = drawRuns({ count: 1_100, seed: 3, places, epochs: 1, endsAt: new Date('2026-10-01T12:00:00Z') });
  await insertRuns(api.store, runs);
});
afterAll(() => api.close());

const fetchTable = (format: string, parameters: [string, string][]) =>
  fetch(`${api.url}/runs.${format}?${new URLSearchParams(parameters)}`);

describe('a table of all runs that match', () => {
  it('has a row for each, in their order, with the fields as columns', async () => {
    const response = await fetchTable('csv', [
      ['column', 'name'],
      ['column', 'learningRate'],
      ['column', 'validation.auc'],
      ['column', 'tags'],
      ['sort', 'createdAt'],
    ]);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="runs.csv"');
    const [head, ...lines] = (await response.text()).trimEnd().split('\n');
    expect(head).toBe('name,learningRate,validation.auc,tags');
    expect(lines).toHaveLength(runs.length);
    for (const [at, run] of runs.entries()) {
      const auc = run.figures.VALIDATION?.auc?.value ?? '';
      expect(lines[at]).toContain(`${run.name},${run.hyperparameters.learningRate ?? ''},${auc},`);
    }
  });

  it('keeps to filter and line, and to the types of the values in Parquet', async () => {
    const response = await fetchTable('parquet', [
      ['column', 'name'],
      ['column', 'learningRate'],
      ['column', 'createdAt'],
      ['filter', JSON.stringify({ architecture: ['deep'], archived: false })],
      ['query', 'status = SUCCEEDED'],
      ['sort', 'learningRate desc, name'],
    ]);
    const rows = await parquetReadObjects({ file: await response.arrayBuffer() });
    const wanted = runs.filter(
      ({ architecture, status, archivedAt }) =>
        architecture === 'deep' && status === 'SUCCEEDED' && !archivedAt,
    );
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(wanted.map(({ name }) => name)));
    const rates = rows.map(({ learningRate }) => learningRate as number);
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
    expect(Number.isNaN(Date.parse(String(rows[0]!.createdAt)))).toBe(false);
  });

  it.each([
    [[['column', 'colour']], "'colour' is no field of runs"],
    [[['filter', '{']], "'filter' is no JSON"],
    [[['filter', '{"colour": 1}']], "'filter' does not fit"],
    [[['query', 'seed >']], 'Column 7'],
    [[['sort', 'tags']], 'no order by this field'],
  ] as [[string, string][], string][])('is refused in one sentence: %j', async (parameters, sentence) => {
    const response = await fetchTable('csv', parameters);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(sentence);
  });
});
