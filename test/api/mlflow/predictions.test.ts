/** A file of predictions that an MLflow client logs on a run of a split: taken as the run's predictions, with the file or not at all. */
import { listLabelledPatches } from '@microtome/store/split/subset-patches';
import { getTaskOfRun } from '@microtome/store/task/tasks';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import { type MlflowCalls, openMlflowCalls } from './mlflow-calls.ts';

type Row = { patch: number; probability: number };

let api: TestApi;
let bench: Bench;
let mlflow: MlflowCalls;
let experimentId: string;
beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  mlflow = openMlflowCalls(api);
  experimentId = await mlflow.createExperiment('predicting');
});
afterAll(() => api.close());

const tiedRun = () =>
  mlflow.createRun(experimentId, { tags: [{ key: 'microtome.split', value: bench.split.id }] });

async function predict(runId: string): Promise<Row[]> {
  const { sides } = await getTaskOfRun(api.store, runId);
  const parts = await Promise.all(
    (['VALIDATION', 'TEST'] as const).map((subset) =>
      listLabelledPatches(api.store, { splitId: bench.split.id, subset, sides }),
    ),
  );
  return parts.flatMap(({ indexes, labels }) =>
    [...indexes].map((patch, at) => ({
      patch,
      probability: labels[at] ? 0.8 - (at % 7) / 20 : 0.2 + (at % 5) / 20,
    })),
  );
}

const asCsv = (rows: readonly Row[]) =>
  ['patch,probability', ...rows.map(({ patch, probability }) => `${patch},${probability}`)].join('\n');

const asParquet = (rows: readonly Row[]) =>
  Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'patch', data: rows.map(({ patch }) => patch), type: 'INT32' },
        { name: 'probability', data: rows.map(({ probability }) => probability), type: 'DOUBLE' },
      ],
    }),
  );

async function log(runId: string, { path, body }: { path: string; body: string | Buffer }) {
  const address = `/mlflow/api/2.0/mlflow-artifacts/artifacts/${experimentId}/${runId}/artifacts/${path}`;
  const response = await mlflow.send(address, {
    method: 'PUT',
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return {
    status: response.status,
    ...((await response.json()) as { error_code?: string; message?: string }),
  };
}

const readEvaluations = (runId: string) =>
  api.store.database.prisma.evaluation.findMany({ where: { runId } });
const listFiles = async (runId: string) =>
  (await mlflow.get('/artifacts/list', { run_id: runId })).files.map(({ path }: { path: string }) => path);

describe('predictions of a run on a split', () => {
  it.each(['parquet', 'csv'])(
    'come as predictions.%s, evaluate VALIDATION and leave TEST sealed',
    async (format) => {
      const runId = await tiedRun();
      const rows = await predict(runId);
      const body = format === 'csv' ? asCsv(rows) : asParquet(rows);
      const file = { path: `predictions.${format}`, body };
      expect(await log(runId, file)).toEqual({ status: 200 });
      const [evaluation, ...others] = await readEvaluations(runId);
      expect(evaluation).toMatchObject({ subset: 'VALIDATION', metrics: { auc: expect.any(Number) } });
      expect(others).toEqual([]);
      const sealed = await (await api.get(`/runs/${runId}/predictions.csv`)).text();
      expect(sealed).toContain(',VALIDATION,');
      expect(sealed).not.toContain(',TEST,');
      expect(await listFiles(runId)).toEqual([`predictions.${format}`]);
      // A client that had no answer sends the file again; another one is refused.
      expect(await log(runId, file)).toEqual({ status: 200 });
      const turned = rows.map(({ patch, probability }) => ({ patch, probability: 1 - probability }));
      expect(await log(runId, { ...file, body: asCsv(turned) })).toMatchObject({
        ...{ status: 409, error_code: 'INVALID_STATE' },
        message: expect.stringContaining('has its predictions: they are uploaded once'),
      });
      expect(await readEvaluations(runId)).toEqual([evaluation]);
    },
  );

  it('that are wrong are refused in the words of MLflow, and no file is kept', async () => {
    const runId = await tiedRun();
    const rows = await predict(runId);
    const faults: [body: string | Buffer, sentence: string][] = [
      [asCsv(rows.slice(1)), 'has no prediction: every one of them needs one'],
      ['id,score\n1,0.5\n', "The predictions have no column 'patch'"],
      [asCsv([...rows, { patch: rows[0]!.patch, probability: 0.5 }]), 'is predicted twice'],
      ['', 'predictions.csv is an empty table'],
      [asParquet(rows).subarray(0, 40), 'predictions.csv cannot be read as Parquet'],
    ];
    for (const [body, sentence] of faults) {
      expect(await log(runId, { path: 'predictions.csv', body })).toMatchObject({
        ...{ status: 400, error_code: 'INVALID_PARAMETER_VALUE' },
        message: expect.stringContaining(sentence),
      });
    }
    expect(await listFiles(runId)).toEqual([]);
    expect(await readEvaluations(runId)).toEqual([]);
    expect(await log(runId, { path: 'predictions.csv', body: asCsv(rows) })).toEqual({ status: 200 });
  });

  it('are a file and nothing more without a split, and below the top', async () => {
    const untied = await mlflow.createRun(experimentId);
    expect(await log(untied, { path: 'predictions.csv', body: 'anything' })).toEqual({ status: 200 });
    const tied = await tiedRun();
    expect(await log(tied, { path: 'eval/predictions.csv', body: 'anything' })).toEqual({ status: 200 });
    expect(await readEvaluations(tied)).toEqual([]);
  });
});
