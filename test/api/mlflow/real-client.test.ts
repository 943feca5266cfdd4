/**
 * A stock MLflow client from PyPI, told nothing but the address: autologging of scikit-learn and of Keras, files, data sets, logged
 * and registered models. It runs where MLFLOW_PYTHON names a Python with mlflow and scikit-learn; Keras, where that has it too.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readInheritedEnv, readMlflow } from '../../env.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const { python } = readMlflow();
const LIMIT_MS = 600_000;

let api: TestApi;

beforeAll(async () => {
  if (python) api = await startTestApi();
});
afterAll(() => api?.close());

if (!python) console.info('MLFLOW_PYTHON names no Python with mlflow: skipped.');

it.skipIf(!python)(
  'records a run from beginning to end, and finds it again',
  async () => {
    const seen = await runProgram('real-client.py', '{"sklearn"');
    expect(seen.sklearn).toMatchObject({
      status: 'FINISHED',
      C: '0.5',
      datasets: 1,
      models: 1,
      note: 'kept',
    });
    expect(seen.sklearn.accuracy).toBeGreaterThan(0.7);
    expect(seen).toMatchObject({ loaded: true, found: [seen.sklearn.run] });
    const run = await api.store.database.prisma.run.findUniqueOrThrow({
      where: { id: seen.sklearn.run },
      include: { experiment: true },
    });
    expect(run).toMatchObject({
      origin: 'EXTERNAL',
      status: 'SUCCEEDED',
      experiment: { name: 'from python' },
    });
    expect(api.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  },
  LIMIT_MS,
);

it.skipIf(!python)(
  'has what autologging of Keras records: every epoch, hyperparameters, data, and the model, which is loaded again',
  async ({ skip }) => {
    const seen = await runProgram('real-keras.py', '{"keras"');
    if (seen.keras === null) skip('MLFLOW_PYTHON names a Python without Keras: skipped.');
    const steps = [0, 1, 2];
    expect(seen).toMatchObject({
      ...{ status: 'FINISHED', batchSize: '8', summary: true, same: true, datasets: 1 },
      steps: { loss: steps, accuracy: steps, val_loss: steps },
    });
    expect(seen.rate).toBeCloseTo(0.01);
    const { run } = await api.ask<{ run: { status: string; metrics: { name: string; points: object[] }[] } }>(
      'query ($id: ID!) { run(id: $id) { status metrics(names: ["loss"]) { name points { step value } } } }',
      { id: seen.run },
    );
    expect(run.status).toBe('SUCCEEDED');
    expect(run.metrics[0]!.points.at(-1)).toEqual({ step: 2, value: seen.last });
    expect(api.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  },
  LIMIT_MS,
);

async function runProgram(name: string, begin: string) {
  const env = {
    ...readInheritedEnv(),
    MLFLOW_TRACKING_URI: `${api.url}/mlflow`,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
  };
  const { stdout } = await promisify(execFile)(python!, [`test/api/mlflow/${name}`], { env });
  return JSON.parse(stdout.slice(stdout.indexOf(begin)));
}
