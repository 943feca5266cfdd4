/** The starter, which holds all others: when it ends they end, and who runs the machine starts it again. */
import { NEXT_EPOCH, NEXT_EPOCH_OF_ANOTHER_ATTEMPT, untilLaterAttemptAdds, untilNextEpoch } from './fault.ts';
import { listSignalFaults } from './signal-faults.ts';

export const starterFaults = listSignalFaults({
  subject: 'starter',
  find: async ({ bench: { starter }, say }) => ({
    pids: [starter.pid()],
    async afterEnd() {
      await starter.ended();
      say('starting the platform again');
      await starter.start();
    },
  }),
  ended: {
    recoveredBy: `${NEXT_EPOCH_OF_ANOTHER_ATTEMPT} (from the platform's readiness)`,
    until: untilLaterAttemptAdds,
  },
  continued: { recoveredBy: NEXT_EPOCH, until: untilNextEpoch },
});
