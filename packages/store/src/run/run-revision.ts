/** How often what is shown of a run has changed, for who keeps what was made of it. */
import { Prisma } from '../../generated/prisma/client.ts';

/**
 * Of a statement that reads `run`. Triggers count its revision in the commit that changes its row, its labels, inputs or links, and the
 * points of a series only grow in number: what is read after this is not older than it.
 */
export const RUN_REVISION = Prisma.sql`(run.revision || '.' ||
  coalesce((select sum(point_count) from metric_summary where metric_summary.run_id = run.id), 0))`;
