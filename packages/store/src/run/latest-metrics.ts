/** The newest number of each named series, for lists of runs. */
import type { Store } from '../store.ts';

export type LatestMetric = { runId: string; name: string; epoch: number; value: number };

/** One row for each run and name that has a number. */
export async function listLatestMetrics(
  store: Store,
  { runIds, names }: { runIds: readonly string[]; names: readonly string[] },
): Promise<LatestMetric[]> {
  return store.database.prisma.$queryRaw<LatestMetric[]>`
    select distinct on (run_id, name) run_id::text as "runId", name, epoch, value
    from metric
    where run_id = any(${[...runIds]}::uuid[]) and name = any(${[...names]}::text[])
    order by run_id, name, epoch desc`;
}
