/** Calls of MLflow's protocol, as its clients send them, against an API of a test. */
import type { TestApi } from '../test-api.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client of another language reads them.
type Json = any;
type Reply = { status: number; json: Json; text: string };
type Query = Record<string, string | number | readonly (string | number)[]>;

export type MlflowCalls = {
  post(path: string, body?: object): Promise<Json>;
  patch(path: string, body?: object): Promise<Json>;
  remove(path: string, body?: object): Promise<Json>;
  get(path: string, query?: Query): Promise<Json>;
  /** The refusal's code and sentence, with the HTTP status; throws when nothing is refused. */
  refuse(
    path: string,
    body: object,
    method?: string,
  ): Promise<{ status: number; code: string; message: string }>;
  refuseGet(path: string, query?: Query): Promise<{ status: number; code: string; message: string }>;
  send(path: string, init?: RequestInit): Promise<Response>;
  createExperiment(name: string): Promise<string>;
  createRun(experimentId?: string, body?: object): Promise<string>;
  getRun(runId: string): Promise<Json>;
};

const ROOT = '/mlflow/api/2.0/mlflow';

export function openMlflowCalls(api: Pick<TestApi, 'url'>): MlflowCalls {
  const send = (path: string, init?: RequestInit) =>
    fetch(api.url + (path.startsWith('/mlflow') ? path : ROOT + path), init);
  const call = async (path: string, method: string, body?: object): Promise<Reply> => {
    const init = { method, headers: { 'content-type': 'application/json' } };
    const response = await send(path, body === undefined ? init : { ...init, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, text, json: text === '' ? {} : JSON.parse(text) };
  };
  const succeed = async (path: string, method: string, body?: object): Promise<Json> => {
    const { status, json, text } = await call(path, method, body);
    if (status !== 200) throw new Error(`${method} ${path} answers ${status}: ${text}`);
    return json;
  };
  const refusal = ({ status, json, text }: Reply) => {
    if (status === 200) throw new Error(`Nothing is refused: ${text}`);
    return { status, code: json.error_code as string, message: json.message as string };
  };
  const withQuery = (path: string, query: Query = {}) => {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      [value].flat().map((one) => [name, String(one)] as [string, string]),
    );
    return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
  };
  const calls: MlflowCalls = {
    send,
    post: (path, body = {}) => succeed(path, 'POST', body),
    patch: (path, body = {}) => succeed(path, 'PATCH', body),
    remove: (path, body) => succeed(path, 'DELETE', body),
    get: (path, query) => succeed(withQuery(path, query), 'GET'),
    refuse: async (path, body, method = 'POST') => refusal(await call(path, method, body)),
    refuseGet: async (path, query) => refusal(await call(withQuery(path, query), 'GET')),
    createExperiment: async (name) => (await calls.post('/experiments/create', { name })).experiment_id,
    createRun: async (experimentId = '0', body = {}) =>
      (await calls.post('/runs/create', { experiment_id: experimentId, ...body })).run.info.run_id,
    getRun: async (runId) => (await calls.get('/runs/get', { run_id: runId })).run,
  };
  return calls;
}

/** Texts by key, from the pairs in which the protocol sends them. */
export function byKey(pairs: { key: string; value: unknown }[] = []): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
