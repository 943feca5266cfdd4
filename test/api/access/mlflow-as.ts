/** Calls of MLflow's protocol by each of those who are known to an API with accounts, and what a client records by them. */
import { expect } from 'vitest';
import { CALLS_ROOT } from '../../../apps/api/src/mlflow/mlflow-calls.ts';
import type { AccessBench, Who } from './access-bench.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client of another language reads them.
export type Json = any;
export type Recorded = { experimentId: string; runId: string; modelId: string };
type Asker = Who | { token: string };

/** What the others must not see. */
export const NAME = 'what the others must not see';
export const FILE_STORE = '/mlflow/api/2.0/mlflow-artifacts/artifacts';

export function openMlflowAs(bench: AccessBench) {
  async function send(
    who: Asker,
    path: string,
    {
      method = 'POST',
      body,
      headers = {},
    }: { method?: string; body?: object | string; headers?: object } = {},
  ): Promise<{ status: number; text: string; json: Json }> {
    const token = typeof who === 'string' ? bench.tokens[who] : who.token;
    const isRead = method === 'GET';
    const query = isRead && body ? `?${new URLSearchParams(flatten(body as object))}` : '';
    const response = await fetch(bench.api.url + path + query, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      ...(isRead || body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : {} };
  }

  /** As a query; what is no text is left out. */
  const flatten = (body: object) =>
    Object.entries(body).flatMap(([key, value]) =>
      [value].flat().flatMap((one) => (typeof one === 'string' ? [[key, one] as [string, string]] : [])),
    );
  const call = (who: Asker, path: string, body: object, headers = {}) =>
    send(who, `/mlflow${CALLS_ROOT}${path}`, { body, headers });

  async function succeed(...args: Parameters<typeof call>): Promise<Json> {
    const { status, text, json } = await call(...args);
    expect(status, `${args[1]}: ${text}`).toBe(200);
    return json;
  }

  /** An experiment with a run that logged something, a logged model and a registered one with a version. */
  async function record(who: Asker, name: string): Promise<Recorded> {
    const { experiment_id: experimentId } = await succeed(who, '/experiments/create', { name });
    const { run } = await succeed(who, '/runs/create', { experiment_id: experimentId, run_name: name });
    const runId: string = run.info.run_id;
    const point = { run_id: runId, key: 'loss', value: 0.5, timestamp: 1, step: 0 };
    await succeed(who, '/runs/log-metric', point);
    await succeed(who, '/runs/log-inputs', {
      run_id: runId,
      datasets: [{ dataset: { name, digest: 'd', source_type: 's', source: 's' } }],
    });
    const { model } = await succeed(who, '/logged-models', { experiment_id: experimentId, name: 'net' });
    await succeed(who, '/registered-models/create', { name });
    await succeed(who, '/model-versions/create', {
      name,
      source: `mlflow-artifacts:/${experimentId}/${runId}/artifacts`,
    });
    const file = `${FILE_STORE}/${experimentId}/${runId}/artifacts/kept.txt`;
    expect((await send(who, file, { method: 'PUT', body: NAME })).status).toBe(200);
    return { experimentId, runId, modelId: model.info.model_id };
  }
  return { send, call, succeed, record };
}
