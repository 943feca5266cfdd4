/** The dashboard's server. */
import { type FaultTarget, hold, waitForProcess } from './fault.ts';
import { listSignalFaults } from './signal-faults.ts';

const LOOK_INTERVAL_MS = 100;
const recoveredBy = 'it serves its first page';

export const dashboardFaults = listSignalFaults({
  subject: 'dashboard',
  find: async (target) => ({ pids: [await waitForProcess(target, 'web')] }),
  ended: { recoveredBy, until: untilItServes },
  continued: { recoveredBy, until: untilItServes },
  whyNot: ({ hasWeb }) => (hasWeb ? null : 'the dashboard was not started (--web)'),
});

async function untilItServes({ bench, signal }: FaultTarget): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(bench.webUrl, { signal: AbortSignal.timeout(20_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await hold(LOOK_INTERVAL_MS);
  }
}
