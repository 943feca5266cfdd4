/** The short share of `npm run faults`: the same faults on the same platform, one of each that is short, for two minutes. */
import { describe, expect, it } from 'vitest';
import { allFaults, nameFault } from './kinds/all-faults.ts';
import type { Fault } from './kinds/fault.ts';
import { listBreaks } from './report/sitting-result.ts';
import { holdSitting } from './sitting.ts';

const SEED = 20_261_128;
const MINUTES = 2;
/** Faults that wait for a lease to run out are left to the long command. */
const LONGEST_SECONDS = 10;
const BUSY_MACHINE_MS = 600_000;

/** One a subject, so that two minutes see as many as possible. */
const briefFaults: Fault[] = [...Map.groupBy(allFaults, ({ subject }) => subject).values()].flatMap(
  (faults) => faults.find(({ lastsSeconds }) => lastsSeconds <= LONGEST_SECONDS) ?? [],
);

// The processes of the platform are told apart by what Linux says of them.
describe.skipIf(process.platform !== 'linux')('the platform under fire', () => {
  it(
    'loses nothing, doubles nothing and comes back',
    async () => {
      const lines: string[] = [];
      const result = await holdSitting({
        seed: SEED,
        minutes: MINUTES,
        runSeeds: 1,
        hasWeb: false,
        faults: briefFaults,
        signal: new AbortController().signal,
        print: (line) => lines.push(line),
      });
      expect(listBreaks(result), lines.join('\n')).toEqual([]);
      expect(result.acts.length).toBeGreaterThan(0);
      expect(result.acts.map(({ recoveredSeconds }) => recoveredSeconds)).not.toContain(null);
    },
    BUSY_MACHINE_MS,
  );

  it('names every fault differently', () => {
    const names = allFaults.map(nameFault);
    expect(new Set(names).size).toBe(names.length);
  });
});
