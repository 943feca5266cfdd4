/** The starter, which holds all others: when it ends they end, and who runs the machine starts it again. */
import { listProcesses, signalProcess } from '../platform/processes.ts';
import {
  type Fault,
  type FaultTarget,
  NEXT_EPOCH,
  NEXT_EPOCH_OF_ANOTHER_ATTEMPT,
  untilLaterAttemptAdds,
  untilNextEpoch,
} from './fault.ts';
import { listSignalFaults } from './signal-faults.ts';

const RECOVERED_BY = `${NEXT_EPOCH_OF_ANOTHER_ATTEMPT} (from the platform's readiness)`;

/** As when the machine loses its power, but for what it had in memory for the disk. */
const everythingKilled: Fault = {
  subject: 'all processes',
  act: 'SIGKILL at once',
  recoveredBy: RECOVERED_BY,
  lastsSeconds: 20,
  async inject(target) {
    const { bench } = target;
    for (const { pid } of await listProcesses(bench.home.dir)) signalProcess(pid, 'SIGKILL');
    await startAgain(target);
    return { sinceMs: performance.now(), recovered: untilLaterAttemptAdds(target) };
  },
};

export const starterFaults: Fault[] = [
  ...listSignalFaults({
    subject: 'starter',
    find: async (target) => ({ pids: [target.bench.starter.pid()], afterEnd: () => startAgain(target) }),
    ended: { recoveredBy: RECOVERED_BY, until: untilLaterAttemptAdds },
    continued: { recoveredBy: NEXT_EPOCH, until: untilNextEpoch },
    killedSeconds: 20,
  }),
  everythingKilled,
];

async function startAgain({ bench: { starter }, say }: FaultTarget): Promise<void> {
  await starter.ended();
  say('starting the platform again');
  await starter.start();
}
