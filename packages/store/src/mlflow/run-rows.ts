/** Runs as MLflow clients read them: a page of them in one statement a kind of thing that belongs to them. */
import { toTextByKey } from '@microtome/domain/mlflow/entry-rules';
import { RUN_NAME_TAG, USER_TAG } from '@microtome/domain/mlflow/mlflow-words';
import { Prisma, type RunDatasetInput, type RunModelLink } from '../../generated/prisma/client.ts';
import { listLabels } from '../external-run/run-labels.ts';
import { selectRows } from '../run-query/select-rows.ts';
import type { Store } from '../store.ts';
import { getRunUri } from './artifact-places.ts';
import { listExperimentsById } from './mlflow-experiments.ts';
import { readParams, UNKNOWN_USER } from './mlflow-runs.ts';
import type { ScopedStore } from './mlflow-scope.ts';
import { toMilliseconds } from './search-sql.ts';

export type MetricRow = { runId: string; name: string; value: number; step: number; atMs: number };

/** What clients read of the row of a run, which has many columns more. */
const READ_COLUMNS = {
  id: true,
  // By it the hyperparameters are read as they were told.
  origin: true,
  name: true,
  status: true,
  experimentId: true,
  hyperparameters: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
  archivedAt: true,
} satisfies Prisma.RunSelect;

export type MlflowRunRow = {
  run: Prisma.RunGetPayload<{ select: typeof READ_COLUMNS }>;
  /** The id that clients use. */
  experimentId: string;
  artifactUri: string;
  userId: string;
  tags: Record<string, string>;
  params: Record<string, string>;
  /** Of each series the value of its last step. */
  metrics: MetricRow[];
  inputs: RunDatasetInput[];
  links: RunModelLink[];
};

/** In the order of the ids; those that are not there are left out. */
export async function readRunRows(store: ScopedStore, runIds: readonly string[]): Promise<MlflowRunRow[]> {
  if (runIds.length === 0) return [];
  const { prisma } = store.database;
  const where = { runId: { in: [...runIds] } };
  const [runs, labels, metrics, inputs, links] = await Promise.all([
    prisma.run.findMany({ where: { id: { in: [...runIds] } }, select: READ_COLUMNS }),
    listLabels(store, runIds),
    readLatest(store, runIds),
    prisma.runDatasetInput.findMany({ where, orderBy: { createdAt: 'asc' } }),
    prisma.runModelLink.findMany({ where, orderBy: { modelId: 'asc' } }),
  ]);
  const experimentIds = [...new Set(runs.map(({ experimentId }) => experimentId))];
  const experiments = await listExperimentsById(store, experimentIds);
  const runsById = new Map(runs.map((run) => [run.id, run]));
  const of = <Row extends { runId: string }>(rows: readonly Row[]) => Map.groupBy(rows, ({ runId }) => runId);
  const [labelsOf, metricsOf, inputsOf, linksOf] = [of(labels), of(metrics), of(inputs), of(links)];
  return runIds.flatMap((runId) => {
    const run = runsById.get(runId);
    const experiment = run && experiments.get(run.experimentId);
    if (!run || !experiment) return [];
    const tags = toTextByKey(labelsOf.get(runId) ?? []);
    return [
      {
        run,
        tags: { ...tags, [RUN_NAME_TAG]: run.name },
        experimentId: experiment.experimentId,
        artifactUri: getRunUri(experiment, runId),
        userId: tags[USER_TAG] ?? UNKNOWN_USER,
        params: readParams(run),
        metrics: metricsOf.get(runId) ?? [],
        inputs: inputsOf.get(runId) ?? [],
        links: linksOf.get(runId) ?? [],
      },
    ];
  });
}

/** The newest step counts, of it the newest moment, of that the largest value: as with MLflow. */
async function readLatest(store: Store, runIds: readonly string[]): Promise<MetricRow[]> {
  return selectRows<MetricRow>(
    store,
    Prisma.sql`select summary.run_id::text as "runId", summary.name, latest.value, latest.step,
      ${toMilliseconds(Prisma.sql`latest.at`)} as "atMs"
    from metric_summary summary cross join lateral (
      select value, step, at from metric
      where run_id = summary.run_id and name = summary.name and owner = summary.owner
        and epoch = summary.last_epoch and step = summary.last_step
      order by at desc, value desc limit 1
    ) latest
    where summary.run_id = any(${[...runIds]}::uuid[]) order by summary.run_id, summary.name`,
  );
}
