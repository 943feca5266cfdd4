/** Clocks that jump, one process at a time. Leases live by the database's clock, so no attempt may be lost to it. */
import { randomBytes } from 'node:crypto';
import type { ClockOwner } from '../platform/clock.ts';
import { signalProcess } from '../platform/processes.ts';
import {
  ALL_HEAR,
  type Fault,
  type FaultTarget,
  hold,
  NEXT_EPOCH,
  untilAllHear,
  untilNextEpoch,
  waitForProcess,
} from './fault.ts';

const HOUR_MS = 3_600_000;
const HELD_MS = 2_000;
const OWNERS: [owner: ClockOwner, subject: string][] = [
  ['train', 'clock of the supervisor'],
  ['trainer', 'clock of the trainer'],
  ['api', 'clock of the API'],
];

/** Files whose row is still to come look old to it, and its sweep runs when it starts. */
const sweepAhead: Fault = {
  subject: 'clock of the API',
  act: 'an hour ahead while it is started again and sweeps',
  recoveredBy: ALL_HEAR,
  lastsSeconds: 6,
  async inject(target) {
    const { bench, accuse } = target;
    const { hash } = await bench.store.artifacts.put(randomBytes(64), 'application/octet-stream');
    await bench.clocks.shift('api', HOUR_MS);
    signalProcess(await waitForProcess(target, 'api'), 'SIGKILL');
    const sinceMs = performance.now();
    const recovered = untilAllHear(target).then(async () => {
      const tookMs = performance.now() - sinceMs;
      await hold(HELD_MS);
      if (!(await bench.store.artifacts.has(hash))) accuse('A file whose row was still to come was swept.');
      await bench.clocks.reset();
      return tookMs;
    });
    return { sinceMs, recovered };
  },
};

export const clockFaults: Fault[] = [
  ...OWNERS.flatMap(([owner, subject]) =>
    [HOUR_MS, -HOUR_MS].map((shiftMs) => ({
      subject,
      act: `an hour ${shiftMs > 0 ? 'ahead' : 'back'}, and right again`,
      recoveredBy: `${NEXT_EPOCH}, in the same attempt`,
      lastsSeconds: 4,
      async inject(target: FaultTarget) {
        const { bench, run, before } = target;
        await bench.clocks.shift(owner, shiftMs);
        const sinceMs = performance.now();
        const recovered = untilNextEpoch(target).then(async () => {
          await hold(HELD_MS);
          await bench.clocks.reset();
          const { attempt } = await run.look();
          if (attempt !== before.attempt) {
            target.accuse(`The attempt ${before.attempt} was given up because a clock jumped.`);
          }
        });
        return { sinceMs, recovered };
      },
    })),
  ),
  sweepAhead,
];
