/** The supervisor: the worker's process, which holds the lease and commits. */
import { NEXT_EPOCH, untilNextEpoch, untilTakenAgain, waitForProcess } from './fault.ts';
import { listSignalFaults } from './signal-faults.ts';

export const supervisorFaults = listSignalFaults({
  subject: 'supervisor',
  find: async (target) => ({ pids: [await waitForProcess(target, 'supervisor')] }),
  ended: { recoveredBy: 'a worker has the run again', promisedSeconds: 25, until: untilTakenAgain },
  // Until the lease has run out.
  killedSeconds: 20,
  continued: { recoveredBy: NEXT_EPOCH, until: untilNextEpoch },
});
