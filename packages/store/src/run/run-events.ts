/** The numbered facts of a run. The database numbers them without gaps and never changes them. */
import type { RunFact } from '@microtome/domain/run/run-event';
import type { RunEvent } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';

type NewRunEvent = RunFact & { runId: string; attempt: number };

/** The largest number that fits into its column. */
const SEQ_MAX = 2 ** 31 - 1;

export type EventRange = { runId: string; afterSeq: number; limit: number };

/** Events with a number above `afterSeq`, in order, at most `limit`. */
export async function listEvents(store: Store, range: EventRange): Promise<RunEvent[]> {
  return listEventsOfRanges(store, [range]);
}

/**
 * The events of all ranges in one statement, by run and number. Numbers have no gaps, so the first `limit` above
 * `afterSeq` are those up to their sum.
 */
export async function listEventsOfRanges(store: Store, ranges: readonly EventRange[]): Promise<RunEvent[]> {
  return store.database.prisma.runEvent.findMany({
    where: {
      OR: ranges.map(({ runId, afterSeq, limit }) => ({
        runId,
        seq: { gt: afterSeq, lte: Math.min(afterSeq + limit, SEQ_MAX) },
      })),
    },
    orderBy: [{ runId: 'asc' }, { seq: 'asc' }],
  });
}

/** Writes an event in the transaction of the change that it tells of. */
export async function insertRunEvent(tx: Transaction, event: NewRunEvent): Promise<void> {
  await tx.runEvent.createMany({ data: [event] });
}
