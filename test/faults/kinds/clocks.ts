/** Clocks that jump, one process at a time. Leases live by the database's clock, so no attempt may be lost to it. */
import type { ClockOwner } from '../platform/clock.ts';
import { type Fault, hold, NEXT_EPOCH, untilNextEpoch } from './fault.ts';

const HOUR_MS = 3_600_000;
const HELD_MS = 2_000;
const OWNERS: [owner: ClockOwner, subject: string][] = [
  ['train', 'clock of the supervisor'],
  ['trainer', 'clock of the trainer'],
  ['api', 'clock of the API'],
];

export const clockFaults: Fault[] = OWNERS.flatMap(([owner, subject]) =>
  [HOUR_MS, -HOUR_MS].map((shiftMs) => ({
    subject,
    act: `an hour ${shiftMs > 0 ? 'ahead' : 'back'}, and right again`,
    recoveredBy: `${NEXT_EPOCH}, in the same attempt`,
    lastsSeconds: 4,
    async inject(target) {
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
);
