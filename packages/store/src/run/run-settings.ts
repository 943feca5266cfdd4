/** Runs of one setting: the same experiment, split and hyperparameters, another seed. Their differences are training noise. */
import { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

export type RunSetting = {
  runId: string;
  /** Seeds of the setting, rising; the run's own is among them. */
  seeds: bigint[];
  /** Seeds whose run SUCCEEDED: the figures below are theirs, AUC on VALIDATION. */
  finished: number;
  mean: number | null;
  /** Between seeds, divisor n - 1; null below two. */
  standardDeviation: number | null;
};

/** What runs of one setting share, as SQL; an index begins with it. */
export const SETTING_KEY = Prisma.sql`run.split_id, md5((run.hyperparameters - 'seed')::text), run.experiment_id`;

/** The setting of each run, in one statement. A seed that ran twice counts once, by its newest finished run. */
export async function listRunSettings(store: Store, runIds: readonly string[]): Promise<RunSetting[]> {
  return store.database.prisma.$queryRaw<RunSetting[]>`
    with asked as materialized (
      select id, split_id, experiment_id, md5((hyperparameters - 'seed')::text) as setting
      from run where id = any(${[...runIds]}::uuid[]) and split_id is not null
    ), sibling as (
      select distinct on (asked.id, run.seed) asked.id, run.seed, (evaluation.metrics ->> 'auc')::float8 as auc
      -- Setting by setting, by its index: joined at once, the key would be computed for every run that there is.
      from asked cross join lateral (select * from run
        where run.split_id = asked.split_id and md5((run.hyperparameters - 'seed')::text) = asked.setting
          and run.experiment_id = asked.experiment_id and run.seed is not null
          and (run.archived_at is null or run.id = asked.id) offset 0) as run
      left join evaluation on evaluation.run_id = run.id and evaluation.subset = 'VALIDATION'
      order by asked.id, run.seed, evaluation.metrics ->> 'auc' is null, run.created_at desc
    )
    select id::text as "runId", array_agg(seed order by seed) as seeds, count(auc)::int as finished,
      avg(auc) as mean, stddev_samp(auc) as "standardDeviation"
    from sibling group by id`;
}
