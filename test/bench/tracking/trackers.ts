/** What each tracker is asked, by the same client: how its runs are made, how a batch is written for it, and its questions. */
import type { Exchange, HttpClient } from './http-client.ts';
import type { Request } from './load.ts';
import { COMPARED_RUNS, LONG_POINTS, listNewestRunIds } from './tracked-runs.ts';

export type Point = { name: string; value: number; step: number; atMs: number };

/** One way to record numbers. */
export type Writer = {
  name: string;
  startRuns(http: HttpClient, count: number): Promise<string[]>;
  write(runId: string, points: readonly Point[]): Exchange;
};

type Question = 'search' | 'history' | 'compare';

/** One way to ask; each question is refused an answer that is not whole. */
export type Asker = { name: string; ask: Record<Question, Request> };

/** A long history is asked for by one client alone: MLflow's server gives up on twenty of them. */
export const QUESTIONS: Record<Question, { about: string; clients: readonly number[] }> = {
  search: { about: 'the 100 best of the runs with auc > 0.90 to 0.94', clients: [1, 20] },
  history: { about: `all ${LONG_POINTS.toLocaleString('en')} numbers of a series`, clients: [1] },
  compare: { about: `a curve of each of ${COMPARED_RUNS} runs`, clients: [1, 20] },
};
const PAGE = 100;
const THRESHOLDS = 400;
const CURVE_POINTS = 100;

/** `root` is where the protocol begins: theirs, or ours at /mlflow. */
export function writeByMlflow(name: string, root: string, experimentId: string): Writer {
  const call = (path: string) => `${root}/api/2.0/mlflow/${path}`;
  return {
    name,
    startRuns: async (http, count) => {
      const runIds: string[] = [];
      const body = JSON.stringify({ experiment_id: experimentId, start_time: Date.now() });
      while (runIds.length < count) {
        const { run } = JSON.parse(await http.send('POST', call('runs/create'), body));
        runIds.push(run.info.run_id);
      }
      return runIds;
    },
    write: (runId, points) => {
      const metrics = points.map((point) => ({
        key: point.name,
        value: point.value,
        step: point.step,
        timestamp: point.atMs,
      }));
      const body = JSON.stringify({ run_id: runId, metrics });
      return { method: 'POST', url: call('runs/log-batch'), body };
    },
  };
}

/** By the route for numbers alone; runs are made as by MLflow's clients. */
export function writeByRoute(name: string, url: string, experimentId: string): Writer {
  return {
    ...writeByMlflow(name, `${url}/mlflow`, experimentId),
    write: (runId, points) => {
      const metrics = points.map((point) => ({
        name: point.name,
        value: point.value,
        step: point.step,
        at: point.atMs,
      }));
      return { method: 'POST', url: `${url}/runs/${runId}/metrics`, body: JSON.stringify(metrics) };
    },
  };
}

export function askByMlflow(
  name: string,
  root: string,
  { experimentId, hasDashes }: { experimentId: string; hasDashes: boolean },
): Asker {
  const compared = listNewestRunIds(COMPARED_RUNS, hasDashes);
  const nextThreshold = createThresholds();
  const writeSearch = () =>
    JSON.stringify({
      experiment_ids: [experimentId],
      filter: `metrics.auc > ${nextThreshold()}`,
      order_by: ['metrics.auc DESC'],
      max_results: PAGE,
    });
  const history = `run_id=${compared[0]}&metric_key=long`;
  const curves = [...compared.map((id) => `run_ids=${id}`), 'metric_key=loss', `max_results=${CURVE_POINTS}`];
  return {
    name,
    ask: {
      search: {
        write: () => ({ method: 'POST', url: `${root}/api/2.0/mlflow/runs/search`, body: writeSearch() }),
        check: (text) => expectCount(JSON.parse(text).runs, PAGE),
      },
      history: {
        write: () => ({ method: 'GET', url: `${root}/api/2.0/mlflow/metrics/get-history?${history}` }),
        check: (text) => expectCount(JSON.parse(text).metrics, LONG_POINTS),
      },
      compare: {
        write: () => ({
          method: 'GET',
          url: `${root}/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${curves.join('&')}`,
        }),
        check: (text) => expectCount(JSON.parse(text).metrics, COMPARED_RUNS * CURVE_POINTS),
      },
    },
  };
}

const SEARCH = `query Search($line: String!) {
  runs(query: $line, sort: "last(auc) desc", first: ${PAGE}) { edges { node { id name status startedAt
    auc: figure(of: "last(auc)") accuracy: figure(of: "last(accuracy)") recall: figure(of: "last(recall)")
    precision: figure(of: "last(precision)") seconds: figure(of: "last(seconds)") hyperparameters } } } }`;
const SERIES = `query Curves($runIds: [ID!]!, $names: [String!]!, $points: Int!) {
  series(runIds: $runIds, names: $names, points: $points) { runId pointCount points { step value } } }`;

/** By GraphQL: the same page; a history as a chart takes it, thinned on the server with its extremes; the same curves. */
export function askByGraphql(name: string, url: string): Asker {
  const compared = listNewestRunIds(COMPARED_RUNS, true);
  const nextThreshold = createThresholds();
  const write = (query: string, variables: object): Exchange => {
    return { method: 'POST', url: `${url}/graphql`, body: JSON.stringify({ query, variables }) };
  };
  const read = (text: string) => {
    const answer = JSON.parse(text);
    if (answer.errors) throw new Error(`${name} refused a question: ${answer.errors[0].message}`);
    return answer.data;
  };
  return {
    name,
    ask: {
      search: {
        write: () => write(SEARCH, { line: `last(auc) > ${nextThreshold()}` }),
        check: (text) => expectCount(read(text).runs.edges, PAGE),
      },
      history: {
        write: () => write(SERIES, { runIds: [compared[0]], names: ['long'], points: 1_000 }),
        check(text) {
          const { pointCount } = read(text).series[0];
          if (pointCount !== LONG_POINTS) throw new Error(`${name} knows ${pointCount}.`);
        },
      },
      compare: {
        write: () => write(SERIES, { runIds: compared, names: ['loss'], points: CURVE_POINTS }),
        check(text) {
          const { series } = read(text);
          const points = series.flatMap((curve: { points: unknown[] }) => curve.points);
          expectCount(points, COMPARED_RUNS * CURVE_POINTS);
        },
      },
    },
  };
}

/** Another one for each question, so that an answer that is kept helps nobody; more runs than a page are above the largest. */
function createThresholds(): () => string {
  let asked = 0;
  return () => (0.9 + (asked++ % THRESHOLDS) / 10_000).toFixed(4);
}

function expectCount(list: unknown, count: number): void {
  const found = Array.isArray(list) ? list.length : 0;
  if (found !== count) throw new Error(`There are ${found} entries in an answer that has ${count}.`);
}
