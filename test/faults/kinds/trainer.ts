/** The trainer: the process that computes. */
import {
  NEXT_EPOCH,
  NEXT_EPOCH_OF_ANOTHER_ATTEMPT,
  untilLaterAttemptAdds,
  untilNextEpoch,
  waitForProcess,
} from './fault.ts';
import { listSignalFaults } from './signal-faults.ts';

export const trainerFaults = listSignalFaults({
  subject: 'trainer',
  find: async (target) => ({ pids: [await waitForProcess(target, 'trainer')] }),
  ended: { recoveredBy: NEXT_EPOCH_OF_ANOTHER_ATTEMPT, promisedSeconds: 10, until: untilLaterAttemptAdds },
  continued: { recoveredBy: NEXT_EPOCH, until: untilNextEpoch },
});
