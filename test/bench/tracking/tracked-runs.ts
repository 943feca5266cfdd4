/**
 * The same runs in both databases, written as rows: 20,000 with a last number of each of five series, ten hyperparameters or
 * fewer and two tags; the newest hundred have a hundred points of `loss`, and the newest of all 100,000 of `long`.
 */
import pg from 'pg';

export const RUN_COUNT = 20_000;
export const LONG_POINTS = 100_000;
export const COMPARED_RUNS = 100;
const COMPARED_POINTS = 100;

/** `auc` is above 0.9 in one run of ten, in no order of time. The id of a run, as a number, is its place. */
const RUNS = `
  select place, lpad(to_hex(place), 32, '0') as id, (place * 7919 % ${RUN_COUNT})::float8 / ${RUN_COUNT} as auc
  from generate_series(1, ${RUN_COUNT}) as place`;
const SERIES = `
  values ('auc', 1.0), ('accuracy', 0.9), ('recall', 0.8), ('precision', 0.7), ('seconds', 60.0)`;
const PARAMS = `
  values ('optimizer', 'adam'), ('epochs', '20'), ('batch_size', '64'), ('augment', 'True'), ('model', 'resnet18')`;
const LONG_RUN = `lpad(to_hex(${RUN_COUNT}), 32, '0')`;
const START_MS = 1_760_000_000_000;
const INTERVAL_MS = 60_000;

/** Ids of the newest runs, the newest first, as each tracker writes them. */
export function listNewestRunIds(count: number, hasDashes: boolean): string[] {
  return Array.from({ length: count }, (_, at) => {
    const id = (RUN_COUNT - at).toString(16).padStart(32, '0');
    return hasDashes ? id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : id;
  });
}

/** Into ours: triggers keep what they keep. */
export async function seedOurs(databaseUrl: string, experimentId: string): Promise<void> {
  await execute(databaseUrl, [
    `insert into run (id, experiment_id, origin, name, architecture, hyperparameters, status, created_at, started_at, finished_at)
     select id::uuid, '${experimentId}', 'EXTERNAL', 'run ' || place, '',
       (select jsonb_object_agg(key, value) from (${PARAMS}) as param (key, value)) || jsonb_build_object('lr', (place % 5)::text),
       'SUCCEEDED', at, at, at + interval '1 hour'
     from (${RUNS}) as run, lateral (select to_timestamp((${START_MS} + place * ${INTERVAL_MS}::bigint) / 1000.0) as at) as moment`,
    `insert into external_run (run_id, client, heard_at) select id::uuid, 'mlflow', now() from (${RUNS}) as run`,
    `insert into run_label (run_id, key, value)
     select id::uuid, key, 'ada' from (${RUNS}) as run, (values ('mlflow.user'), ('group')) as tag (key)`,
    `insert into metric (run_id, owner, name, epoch, step, value, at)
     select id::uuid, 'EXTERNAL', name, 0, 20, auc * factor, to_timestamp(${START_MS} / 1000)
     from (${RUNS}) as run, (${SERIES}) as series (name, factor)`,
    `insert into metric (run_id, owner, name, epoch, step, value, at)
     select id::uuid, 'EXTERNAL', 'loss', 0, step, 1.0 / step, to_timestamp((${START_MS} + step) / 1000.0)
     from (${RUNS}) as run, generate_series(1, ${COMPARED_POINTS}) as step where place > ${RUN_COUNT - COMPARED_RUNS}`,
    `insert into metric (run_id, owner, name, epoch, step, value, at)
     select ${LONG_RUN}::uuid, 'EXTERNAL', 'long', 0, step, sin(step), to_timestamp((${START_MS} + step) / 1000.0)
     from generate_series(1, ${LONG_POINTS}) as step`,
    'vacuum analyze',
  ]);
}

/** Into the tables of MLflow 3, as its own server fills them. */
export async function seedTheirs(databaseUrl: string, experimentId: string): Promise<void> {
  const point = 'key, value, timestamp, step, is_nan, run_uuid';
  await execute(databaseUrl, [
    `insert into runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
       source_version, lifecycle_stage, artifact_uri, experiment_id)
     select id, 'run ' || place, 'UNKNOWN', '', '', 'ada', 'FINISHED', at, at + 3600000, '', 'active',
       'mlflow-artifacts:/${experimentId}/' || id || '/artifacts', ${Number(experimentId)}
     from (${RUNS}) as run, lateral (select ${START_MS} + place * ${INTERVAL_MS}::bigint as at) as moment`,
    `insert into params (key, value, run_uuid)
     select key, value, id from (${RUNS}) as run, (${PARAMS}) as param (key, value)
     union all select 'lr', (place % 5)::text, id from (${RUNS}) as run`,
    `insert into tags (key, value, run_uuid)
     select key, 'ada', id from (${RUNS}) as run, (values ('mlflow.user'), ('group')) as tag (key)
     union all select 'mlflow.runName', 'run ' || place, id from (${RUNS}) as run`,
    `insert into metrics (${point})
     select name, auc * factor, ${START_MS}, 20, false, id from (${RUNS}) as run, (${SERIES}) as series (name, factor)`,
    `insert into metrics (${point})
     select 'loss', 1.0 / step, ${START_MS} + step, step, false, id
     from (${RUNS}) as run, generate_series(1, ${COMPARED_POINTS}) as step where place > ${RUN_COUNT - COMPARED_RUNS}`,
    `insert into metrics (${point})
     select 'long', sin(step), ${START_MS} + step, step, false, ${LONG_RUN} from generate_series(1, ${LONG_POINTS}) as step`,
    `insert into latest_metrics (${point})
     select distinct on (run_uuid, key) ${point} from metrics order by run_uuid, key, step desc, timestamp desc
     on conflict do nothing`,
    'vacuum analyze',
  ]);
}

async function execute(databaseUrl: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
