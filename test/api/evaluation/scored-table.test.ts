/** The predictions of a run, exported and evaluated as a table of another program, give the run's own evaluation again. */
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import { evaluateTable } from '@microtome/domain/scored-table/evaluate-table';
import { openTableBytes } from '@microtome/store/import/table/open-table';
import { readScoredTable } from '@microtome/store/scored-table/read-scored-table';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

it.each(['csv', 'parquet'])('as %s', async (format) => {
  const run = await finishRun(api.store, bench);
  await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "A finalist.") { id } }', { id: run.id });
  const file = await api.get(`/runs/${run.id}/predictions.${format}`);
  const table = await openTableBytes(`predictions.${format}`, Buffer.from(await file.arrayBuffer()));
  const read = await readScoredTable(table, {
    ...{ map: [], scores: [], unit: null, positive: [], negative: null, rule: null, pattern: null },
  });
  expect(read.models).toMatchObject([{ column: 'probability' }]);
  const { sides } = evaluateTable(read, {
    ...{ threshold: run.threshold, thresholdRule: 'youden', targetSensitivity: 0.95, reference: null },
    ...{ draws: EVALUATION_DRAWS, seed: EVALUATION_SEED },
  });
  const stored = await api.store.database.prisma.evaluation.findMany({ where: { runId: run.id } });
  expect(stored.map(({ subset }) => subset).toSorted()).toEqual(['TEST', 'VALIDATION']);
  for (const { subset, metrics, intervals } of stored) {
    const found = sides.find(({ side }) => side === subset)!.models[0]!;
    expect(found.metrics).toMatchObject(metrics as object);
    expect(found.intervals).toMatchObject(intervals as object);
  }
});
