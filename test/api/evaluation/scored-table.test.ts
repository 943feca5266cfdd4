/**
 * Tables of scores over GraphQL, and the round trip: the predictions of a run, exported and evaluated as a table of another
 * program, give the run's own evaluation again.
 */
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import { evaluateTable } from '@microtome/domain/scored-table/evaluate-table';
import { openTableBytes } from '@microtome/store/import/table/open-table';
import { readScoredTable } from '@microtome/store/scored-table/read-scored-table';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL } from '../../store/scored-table/tables.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

it.each(['csv', 'parquet'])('a run is evaluated again from its predictions as %s', async (format) => {
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

const EVALUATE = `query ($table: ScoredTableInput!) { evaluateTable(table: $table) { unit { kind by } positiveName
  negativeName rows layout notes draws comparedSide pairing json
  sides { side rows positives patients models { name threshold thresholdFrom figures(names: ["auc", "calibrationSlope"]) {
    metric title value low high } sites { site rows patients figures(names: ["auc"]) { value } }
    patients(first: 2) { key rows positives accuracy auc } } }
  pairs { a b sentence metrics { name difference low high pValue adjustedP acrossPairsP kind verdict } tests { signFlipP }
    differing(first: 1) { key rows accuracyA accuracyB } } } }`;

type Asked = { evaluateTable: { json: { pairs: object[] }; sides: { models: { figures: object[] }[] }[] } };

it('a table is evaluated over GraphQL, and nothing of it is kept', async () => {
  const { evaluateTable: found } = await api.ask<Asked>(EVALUATE, {
    table: { name: 'scores.csv', text: SMALL },
  });
  expect(found).toMatchObject({
    ...{ unit: { kind: 'PATIENT', by: 'by patient' }, positiveName: 'tumor', negativeName: 'normal' },
    ...{
      rows: 20,
      draws: 2000,
      comparedSide: 'ALL',
      pairing: 'The two models are tested against each other.',
    },
    sides: [
      {
        ...{ side: 'ALL', rows: 20, positives: 9, patients: 6 },
        models: [
          {
            ...{ name: 'deep', threshold: 0.5 },
            figures: [
              { metric: 'auc', value: expect.closeTo(0.9393939393939393, 12) },
              { metric: 'calibrationSlope' },
            ],
            sites: [
              { site: 'A', rows: 10, patients: 3, figures: [{ value: expect.closeTo(0.92, 12) }] },
              { site: 'B' },
            ],
            patients: [{ rows: 3 }, {}],
          },
          { name: 'wide' },
        ],
      },
    ],
    pairs: [{ a: 'deep', b: 'wide', differing: [{ rows: expect.any(Number) }] }],
  });
  expect(found.json.pairs).toHaveLength(1);
});

it('is read as it is told, and refused in a sentence', async () => {
  const ask = (table: object) =>
    api.ask<Asked>(EVALUATE, { table: { name: 'scores.csv', text: SMALL, ...table } });
  const told = await ask({
    ...{ columns: { site: '', label: 'label' }, unit: 'NONE', positive: ['normal'], threshold: 0.3 },
    scores: [{ column: 'wide', threshold: 0.7 }, { column: 'deep' }],
  });
  expect(told.evaluateTable).toMatchObject({
    ...{ unit: { kind: 'NONE' }, positiveName: 'normal' },
    sides: [
      {
        patients: 0,
        models: [
          { name: 'wide', threshold: 0.7, sites: [], patients: [] },
          { name: 'deep', threshold: 0.3 },
        ],
      },
    ],
    pairs: [{ sentence: expect.stringContaining('without an interval') }],
  });
  await expect(ask({ text: 'patient,score\na,0.5\n' })).rejects.toThrow('No column holds labels');
  await expect(ask({ scores: [{ column: 'deep', threshold: 3 }] })).rejects.toThrow(
    "The threshold of 'deep' is 3",
  );
  await expect(ask({ text: 'x'.repeat(16 * 1024 * 1024 + 1) })).rejects.toThrow(/table/);
});
