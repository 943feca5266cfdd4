/**
 * The same finished runs for both pages, written as rows: a last number of `score` and of thirty of the metric names each,
 * four hyperparameters and a tag; the newest has a series of many points. `score` rises in no order of time.
 */
import pg from 'pg';

export type Shape = { runs: number; names: number; points: number };

/** Of the names, those that one run has. */
const NAMES_OF_RUN = 30;
const START_MS = 1_760_000_000_000;
const INTERVAL_MS = 60_000;

const listRuns = ({ runs }: Shape) => `
  select place, lpad(to_hex(place), 32, '0') as id, (place * 7919 % ${runs})::float8 / ${runs} as score
  from generate_series(1, ${runs}) as place`;

const listNumbers = ({ names, ...shape }: Shape) => `
  select id, 'score' as name, score as value from (${listRuns({ names, ...shape })}) as run
  union all
  select id, 'm.' || lpad(((place * ${NAMES_OF_RUN} + number) % ${names})::text, 3, '0'), score * number
  from (${listRuns({ names, ...shape })}) as run, generate_series(1, ${Math.min(NAMES_OF_RUN, names)}) as number`;

const newestId = ({ runs }: Shape) => runs.toString(16).padStart(32, '0');

/** As its page names it. */
export function nameNewest(shape: Shape, { hasDashes }: { hasDashes: boolean }): string {
  const id = newestId(shape);
  return hasDashes ? id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : id;
}

/** Into ours: triggers keep what they keep. */
export async function seedOurs(databaseUrl: string, experimentId: string, shape: Shape): Promise<void> {
  await execute(databaseUrl, [
    `insert into run (id, experiment_id, origin, name, tags, architecture, hyperparameters, status, seed, created_at, started_at, finished_at)
     select id::uuid, '${experimentId}', 'EXTERNAL', 'run ' || place, array['tag ' || place % 7], 'resnet' || 18 + place % 3,
       jsonb_build_object('learningRate', place % 5, 'batchSize', 2 ^ (place % 6), 'epochs', 20, 'optimizer', 'adam'),
       'SUCCEEDED', place % 10, at, at, at + interval '1 hour'
     from (${listRuns(shape)}) as run, lateral (select to_timestamp((${START_MS} + place * ${INTERVAL_MS}::bigint) / 1000.0) as at) as moment`,
    `insert into external_run (run_id, client, heard_at) select id::uuid, 'bench', now() from (${listRuns(shape)}) as run`,
    `insert into metric (run_id, owner, name, epoch, step, value, at)
     select id::uuid, 'EXTERNAL', name, 0, 20, value, to_timestamp(${START_MS} / 1000) from (${listNumbers(shape)}) as number`,
    `insert into metric (run_id, owner, name, epoch, step, value, at)
     select '${newestId(shape)}'::uuid, 'EXTERNAL', 'long', 0, step, sin(step / 1000.0), to_timestamp((${START_MS} + step) / 1000.0)
     from generate_series(1, ${shape.points}) as step`,
    'vacuum analyze',
  ]);
}

/** Into the tables of MLflow 3, as its own server fills them. */
export async function seedTheirs(databaseUrl: string, experimentId: string, shape: Shape): Promise<void> {
  const point = 'key, value, timestamp, step, is_nan, run_uuid';
  await execute(databaseUrl, [
    `insert into runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
       source_version, lifecycle_stage, artifact_uri, experiment_id)
     select id, 'run ' || place, 'UNKNOWN', '', '', 'ada', 'FINISHED', at, at + 3600000, '', 'active',
       'mlflow-artifacts:/${experimentId}/' || id || '/artifacts', ${Number(experimentId)}
     from (${listRuns(shape)}) as run, lateral (select ${START_MS} + place * ${INTERVAL_MS}::bigint as at) as moment`,
    `insert into params (key, value, run_uuid)
     select key, value, id from (${listRuns(shape)}) as run, lateral (values ('learningRate', (place % 5)::text),
       ('batchSize', (2 ^ (place % 6))::text), ('epochs', '20'), ('optimizer', 'adam')) as param (key, value)`,
    `insert into tags (key, value, run_uuid)
     select 'group', 'tag ' || place % 7, id from (${listRuns(shape)}) as run
     union all select 'mlflow.runName', 'run ' || place, id from (${listRuns(shape)}) as run`,
    `insert into metrics (${point})
     select name, value, ${START_MS}, 20, false, id from (${listNumbers(shape)}) as number`,
    `insert into metrics (${point})
     select 'long', sin(step / 1000.0), ${START_MS} + step, step, false, '${newestId(shape)}'
     from generate_series(1, ${shape.points}) as step`,
    `insert into latest_metrics (${point})
     select distinct on (run_uuid, key) ${point} from metrics order by run_uuid, key, step desc, timestamp desc`,
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
