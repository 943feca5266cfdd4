/** The run of each experiment that stands best on VALIDATION, in one statement for many experiments. */
import { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/**
 * By AUC, among finished runs on safe splits that are not archived: figures of unsafe ones flatter. An experiment without
 * one is left out.
 */
export async function findBestRuns(
  { database: { prisma } }: Store,
  experimentIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await prisma.$queryRaw<{ experimentId: string; runId: string }[]>(Prisma.sql`
    select distinct on (run.experiment_id) run.experiment_id as "experimentId", run.id as "runId"
    from run join run_figure figure on figure.run_id = run.id and figure.subset = 'VALIDATION' and figure.name = 'auc'
    join split on split.id = run.split_id and split.kind <> 'PATCH' and (split.audit->>'passed')::boolean is not false
    where run.experiment_id = any(${[...experimentIds]}::uuid[]) and run.status = 'SUCCEEDED' and run.archived_at is null
    order by run.experiment_id, figure.value desc, run.created_at, run.id`);
  return new Map(rows.map(({ experimentId, runId }) => [experimentId, runId]));
}
