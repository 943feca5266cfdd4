/** The API, and with it every subscription. */
import { type FaultTarget, waitForProcess } from './fault.ts';
import { listSignalFaults } from './signal-faults.ts';

const recoveredBy = 'every subscriber has the next event';

export const apiFaults = listSignalFaults({
  subject: 'API',
  find: async (target) => ({ pids: [await waitForProcess(target, 'api')] }),
  ended: { recoveredBy, until: untilAllHear },
  continued: { recoveredBy, until: untilAllHear },
});

async function untilAllHear({ run, subscribers, signal }: FaultTarget): Promise<void> {
  const { lastSeq } = await run.look();
  const next = await run.until((state) => state.lastSeq > lastSeq || state.status === 'SUCCEEDED', signal);
  await Promise.all(subscribers.map((subscriber) => subscriber.waitFor(next.lastSeq, signal)));
}
