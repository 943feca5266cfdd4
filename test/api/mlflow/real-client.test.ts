/**
 * A stock MLflow client from PyPI, told nothing but the address: autologging of scikit-learn (and of Keras, where the Python has
 * it), files, data sets, logged and registered models. It runs where MLFLOW_PYTHON names a Python with mlflow and scikit-learn.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { readInheritedEnv, readMlflow } from '../../env.ts';
import { startTestApi } from '../test-api.ts';

const { python } = readMlflow();
const LIMIT_MS = 600_000;

if (!python) console.info('MLFLOW_PYTHON names no Python with mlflow: skipped.');

it.skipIf(!python)(
  'records a run from beginning to end, and finds it again',
  async () => {
    const api = await startTestApi();
    const env = {
      ...readInheritedEnv(),
      MLFLOW_TRACKING_URI: `${api.url}/mlflow`,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
    };
    const { stdout } = await promisify(execFile)(python!, ['test/api/mlflow/real-client.py'], { env });
    const seen = JSON.parse(stdout.slice(stdout.indexOf('{"sklearn"')));
    expect(seen.sklearn).toMatchObject({
      status: 'FINISHED',
      C: '0.5',
      datasets: 1,
      models: 1,
      note: 'kept',
    });
    expect(seen.sklearn.accuracy).toBeGreaterThan(0.7);
    expect(seen).toMatchObject({ loaded: true, found: [seen.sklearn.run] });
    if (seen.keras) expect(seen.keras.epochs).toBe(3);
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
    await api.close();
  },
  LIMIT_MS,
);
