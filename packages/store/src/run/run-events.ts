/** The numbered facts of a run. The database numbers them without gaps and never changes them. */
import type { Prisma, RunEvent } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';

export type RunEventKind = 'STATUS' | 'EPOCH' | 'EVALUATION' | 'LOG';

export type NewRunEvent = {
  runId: string;
  attempt: number;
  kind: RunEventKind;
  payload: Prisma.InputJsonObject;
};

/** Events with a number above `afterSeq`, in order, at most `limit`. */
export async function listEvents(
  store: Store,
  { runId, afterSeq, limit }: { runId: string; afterSeq: number; limit: number },
): Promise<RunEvent[]> {
  return store.database.prisma.runEvent.findMany({
    where: { runId, seq: { gt: afterSeq } },
    orderBy: { seq: 'asc' },
    take: limit,
  });
}

/** Writes an event in the transaction of the change that it tells of. */
export async function insertRunEvent(tx: Transaction, event: NewRunEvent): Promise<void> {
  await tx.runEvent.createMany({ data: [event] });
}
