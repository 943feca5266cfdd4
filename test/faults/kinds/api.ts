/** The API, and with it every subscription. */
import { ALL_HEAR, untilAllHear, waitForProcess } from './fault.ts';
import { listSignalFaults } from './signal-faults.ts';

export const apiFaults = listSignalFaults({
  subject: 'API',
  find: async (target) => ({ pids: [await waitForProcess(target, 'api')] }),
  ended: { recoveredBy: ALL_HEAR, until: untilAllHear },
  continued: { recoveredBy: ALL_HEAR, until: untilAllHear },
});
