/**
 * Keeps a run's lease while it is trained: renews it, and each renewal tells if the run was taken over or
 * is to be canceled. While the database is down training continues: if another worker has the run afterwards, the
 * first renewal says so, and uncommitted results of this attempt are dropped.
 */
import { DATABASE_PATIENCE_MS, LEASE_RENEWAL_INTERVAL_MS } from '../tunables.ts';

type LeaseLoss = 'fenced' | 'canceled' | 'unreachable';

type Heartbeat = { fenced: true } | { fenced: false; cancelRequested: boolean };

/** `onLoss` is called at most once, and never after `stop`. */
export function keepLease(request: { renew: () => Promise<Heartbeat>; onLoss: (loss: LeaseLoss) => void }): {
  stop(): void;
} {
  let renewedMs = performance.now();
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  const end = (loss: LeaseLoss) => {
    if (isOver) return;
    isOver = true;
    request.onLoss(loss);
  };
  const beat = async () => {
    const startedMs = performance.now();
    const heartbeat = await request.renew().catch(() => null);
    if (heartbeat?.fenced) end('fenced');
    else if (heartbeat?.cancelRequested) end('canceled');
    else if (heartbeat) renewedMs = startedMs;
    else if (performance.now() - renewedMs > DATABASE_PATIENCE_MS) end('unreachable');
    if (!isOver) timer = setTimeout(beat, LEASE_RENEWAL_INTERVAL_MS);
  };
  timer = setTimeout(beat, LEASE_RENEWAL_INTERVAL_MS);
  return {
    stop() {
      isOver = true;
      if (timer) clearTimeout(timer);
    },
  };
}
