/** What each tracker is asked, by the same client: how its runs are made, how a batch is written for it, and its questions. */
import type { HttpClient } from './http-client.ts';
import { COMPARED_RUNS, LONG_POINTS, listNewestRunIds } from './tracked-runs.ts';

export type Point = { name: string; value: number; step: number; atMs: number };

/** One way to record numbers. */
export type Writer = {
  name: string;
  startRuns(http: HttpClient, count: number): Promise<string[]>;
  write(http: HttpClient, runId: string, points: readonly Point[]): Promise<unknown>;
};

type Question = 'search' | 'history' | 'compare';

/** One way to ask; each question fails where its answer is not whole. */
export type Asker = { name: string; ask: Record<Question, (http: HttpClient) => Promise<unknown>> };

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
    write: (http, runId, points) => {
      const metrics = points.map((point) => ({
        key: point.name,
        value: point.value,
        step: point.step,
        timestamp: point.atMs,
      }));
      return http.send('POST', call('runs/log-batch'), JSON.stringify({ run_id: runId, metrics }));
    },
  };
}

/** By the route for numbers alone; runs are made as by MLflow's clients. */
export function writeByRoute(name: string, url: string, experimentId: string): Writer {
  return {
    ...writeByMlflow(name, `${url}/mlflow`, experimentId),
    write: (http, runId, points) => {
      const metrics = points.map((point) => ({
        name: point.name,
        value: point.value,
        step: point.step,
        at: point.atMs,
      }));
      return http.send('POST', `${url}/runs/${runId}/metrics`, JSON.stringify(metrics));
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
      search: async (http) =>
        expectCount(
          JSON.parse(await http.send('POST', `${root}/api/2.0/mlflow/runs/search`, writeSearch())).runs,
          PAGE,
        ),
      history: async (http) =>
        expectCount(
          JSON.parse(await http.send('GET', `${root}/api/2.0/mlflow/metrics/get-history?${history}`)).metrics,
          LONG_POINTS,
        ),
      compare: async (http) => {
        const path = `ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${curves.join('&')}`;
        const { metrics } = JSON.parse(await http.send('GET', `${root}/${path}`));
        expectCount(metrics, COMPARED_RUNS * CURVE_POINTS);
      },
    },
  };
}

/** By GraphQL: the same page; a history as a chart takes it, thinned on the server with its extremes; the same curves. */
export function askByGraphql(name: string, url: string): Asker {
  const compared = listNewestRunIds(COMPARED_RUNS, true);
  const nextThreshold = createThresholds();
  const ask = async (http: HttpClient, query: string, variables: object = {}) => {
    const answer = JSON.parse(
      await http.send('POST', `${url}/graphql`, JSON.stringify({ query, variables })),
    );
    if (answer.errors) throw new Error(`${name} refused a question: ${answer.errors[0].message}`);
    return answer.data;
  };
  const SERIES = `query Curves($runIds: [ID!]!, $names: [String!]!, $points: Int!) {
    series(runIds: $runIds, names: $names, points: $points) { runId pointCount points { step value } } }`;
  return {
    name,
    ask: {
      search: async (http) => {
        const { runs } = await ask(
          http,
          `query Search($line: String!) { runs(query: $line, sort: "last(auc) desc", first: ${PAGE}) { edges { node { id name status startedAt
             auc: figure(of: "last(auc)") accuracy: figure(of: "last(accuracy)") recall: figure(of: "last(recall)")
             precision: figure(of: "last(precision)") seconds: figure(of: "last(seconds)") hyperparameters } } } }`,
          { line: `last(auc) > ${nextThreshold()}` },
        );
        expectCount(runs.edges, PAGE);
      },
      history: async (http) => {
        const { series } = await ask(http, SERIES, { runIds: [compared[0]], names: ['long'], points: 1_000 });
        if (series[0].pointCount !== LONG_POINTS) throw new Error(`${name} knows ${series[0].pointCount}.`);
      },
      compare: async (http) => {
        const { series } = await ask(http, SERIES, {
          runIds: compared,
          names: ['loss'],
          points: CURVE_POINTS,
        });
        expectCount(
          series.flatMap(({ points }: { points: unknown[] }) => points),
          COMPARED_RUNS * CURVE_POINTS,
        );
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
