/**
 * Runs as MLflow clients read them: a page of them, with all that belongs to them, in one statement that each connection
 * prepares once. What a run has several of comes as JSON in its row: rows of their own would cost more to read than to find.
 */
import { RUN_NAME_TAG, type TextByKey, USER_TAG } from '@microtome/domain/mlflow/mlflow-words';
import type { RunStatus } from '@microtome/domain/run/run-status';
import { Prisma, type Run, type RunDatasetInput, type RunModelLink } from '../../generated/prisma/client.ts';
import { keyedTexts } from '../database/column-schemas.ts';
import { selectPrepared } from '../database/select-rows.ts';
import { getRunUri } from './artifact-places.ts';
import { clientsIdSql, EXPERIMENTS_SEEN } from './mlflow-experiments.ts';
import { readParams, UNKNOWN_USER } from './mlflow-runs.ts';
import type { ScopedStore } from './mlflow-scope.ts';
import { toMilliseconds } from './search-sql.ts';

export type MetricRow = { name: string; value: number; step: number; atMs: number };

type DatasetInput = Omit<RunDatasetInput, 'runId' | 'createdAt'>;
type ModelLink = Omit<RunModelLink, 'runId'>;

export type MlflowRunRow = {
  id: string;
  name: string;
  status: RunStatus;
  isDeleted: boolean;
  /** When it was made, of one that has not begun. */
  startedAtMs: number;
  finishedAtMs: number | null;
  /** The id that clients use. */
  experimentId: string;
  artifactUri: string;
  userId: string;
  tags: Record<string, string>;
  params: Record<string, string>;
  /** Of each series the latest number. */
  metrics: MetricRow[];
  inputs: DatasetInput[];
  links: ModelLink[];
};

/** JSON has no NaN and no infinities: the database writes their names. */
type KeptMetric = [name: string, value: number | string, step: number, atMs: number];

type KeptRow = Pick<
  MlflowRunRow,
  'id' | 'name' | 'status' | 'isDeleted' | 'startedAtMs' | 'finishedAtMs' | 'experimentId'
> &
  Pick<Run, 'hyperparameters'> & {
    artifactLocation: string | null;
    tags: TextByKey | null;
    metrics: KeptMetric[] | null;
    inputs: (Omit<DatasetInput, 'tags'> & { tags: unknown })[] | null;
    links: ModelLink[] | null;
  };

/** In the order of the ids; those that are not there are left out. */
export async function readRunRows(store: ScopedStore, runIds: readonly string[]): Promise<MlflowRunRow[]> {
  if (runIds.length === 0) return [];
  const rows = await selectPrepared<KeptRow>(store, writeStatement(store, runIds));
  return rows.map(({ artifactLocation, hyperparameters, ...kept }) => {
    const tags = kept.tags ?? {};
    return {
      ...kept,
      tags: { ...tags, [RUN_NAME_TAG]: kept.name },
      artifactUri: getRunUri({ experimentId: kept.experimentId, artifactLocation }, kept.id),
      userId: tags[USER_TAG] ?? UNKNOWN_USER,
      params: readParams({ hyperparameters }),
      metrics: kept.metrics?.map(readMetric) ?? [],
      inputs: kept.inputs?.map((input) => ({ ...input, tags: keyedTexts.parse(input.tags) })) ?? [],
      links: kept.links ?? [],
    };
  });
}

function readMetric([name, value, step, atMs]: KeptMetric): MetricRow {
  return { name, value: Number(value), step, atMs };
}

function writeStatement(store: ScopedStore, runIds: readonly string[]): Prisma.Sql {
  const ids = Prisma.sql`${[...runIds]}::uuid[]`;
  return Prisma.sql`
    select run.id::text as id, run.name, run.status, run.hyperparameters, run.archived_at is not null as "isDeleted",
      ${toMilliseconds(Prisma.sql`coalesce(run.started_at, run.created_at)`)} as "startedAtMs",
      ${toMilliseconds(Prisma.sql`run.finished_at`)} as "finishedAtMs",
      ${clientsIdSql(store)} as "experimentId", seen.artifact_location as "artifactLocation", ${TAGS} as tags,
      ${METRICS} as metrics, inputs, links
    from unnest(${ids}) with ordinality as wanted (run_id, place) join run on run.id = wanted.run_id
      join (${EXPERIMENTS_SEEN}) on experiment.id = run.experiment_id
      left join (${INPUTS} where run_id = any(${ids}) group by run_id) as read_by on read_by.run_id = run.id
      left join (${LINKS} where run_id = any(${ids}) group by run_id) as linked on linked.run_id = run.id
    order by wanted.place`;
}

const TAGS = Prisma.sql`(select json_object_agg(key, value order by key)
  from run_label where run_label.run_id = run.id)`;
const METRICS = Prisma.sql`(select json_agg(json_build_array(name, last_value, last_step,
    ${toMilliseconds(Prisma.sql`last_at`)}) order by name)
  from metric_summary where metric_summary.run_id = run.id)`;
// Few runs have these: they are looked for once, not run by run.
const INPUTS = Prisma.sql`select run_id, json_agg(json_build_object('name', name, 'digest', digest, 'sourceType', source_type,
    'source', source, 'schema', schema, 'profile', profile, 'tags', tags) order by created_at) as inputs
  from run_dataset_input`;
const LINKS = Prisma.sql`select run_id, json_agg(json_build_object('modelId', model_id, 'kind', kind, 'step', step)
    order by model_id) as links
  from run_model_link`;
