/**
 * Which processes may send webhooks into private networks: each that may shares this lock for as long as it is connected, so that one that
 * may not knows whether to leave a delivery to others.
 */
import type { Store } from '../store.ts';

/** For the listener of a process that may. */
export const PRIVATE_REACH = 'microtome webhooks to private networks';

/** Whether any process that is connected now may. */
export async function mayOthersReachPrivate({ database: { prisma } }: Store): Promise<boolean> {
  // Held for this statement at most.
  const [row] = await prisma.$queryRaw<{ isAlone: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtext(${PRIVATE_REACH})) as "isAlone"`;
  return row?.isAlone === false;
}
