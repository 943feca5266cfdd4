/** Why analyses of slides wait: from the workers that are alive and what was asked for before, two statements for any number of them. */
import { explainQueuedAnalysis } from '@microtome/domain/slide-analysis/analysis-wait';
import type { SlideAnalysis } from '../../generated/prisma/client.ts';
import { listLiveWorkers } from '../run/run-waits.ts';
import type { Store } from '../store.ts';

/** By the analysis's id; one that does not wait is left out. */
export async function explainAnalysisWaits(
  store: Store,
  analyses: readonly Pick<SlideAnalysis, 'id' | 'status'>[],
): Promise<Map<string, string>> {
  const queued = analyses.filter(({ status }) => status === 'QUEUED').map(({ id }) => id);
  if (queued.length === 0) return new Map();
  const workers = await listLiveWorkers(store);
  const rows = await store.database.prisma.$queryRaw<{ id: string; ahead: number }[]>`
    select id::text, ahead from (
      select id, (row_number() over (order by created_at, id) - 1)::int as ahead
      from slide_analysis where status = 'QUEUED') as waiting
    where id = any(${queued}::uuid[])`;
  return new Map(rows.map(({ id, ahead }) => [id, explainQueuedAnalysis({ workers, ahead })]));
}
