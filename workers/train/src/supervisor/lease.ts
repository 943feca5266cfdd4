/**
 * Keeps a run's lease while it is trained: renews it, and hears in the same breath that the run was taken over or that
 * it is to be canceled. While the database is away the training goes on: if another worker has the run afterwards, the
 * first renewal says so, and what this attempt did not commit is dropped.
 */
import { DATABASE_PATIENCE_MS, LEASE_RENEWAL_INTERVAL_MS } from '../tunables.ts';

type LeaseLoss = 'fenced' | 'canceled' | 'unreachable';

type Heartbeat = { fenced: true } | { fenced: false; cancelRequested: boolean };

/** `onLoss` is called at most once; after `stop` never. */
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
