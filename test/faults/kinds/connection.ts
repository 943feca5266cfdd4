/** The way to the database: cut, reset, silent, slow. Recovery counts from when it is mended. */
import { drawBetween, type Fault, type FaultTarget, hold, NEXT_EPOCH, untilNextEpoch } from './fault.ts';

type Spoiling = {
  act: string;
  /** How long, in ms. */
  least: number;
  most: number;
  spoil(proxy: FaultTarget['bench']['proxy']): void;
  /** In place of mending alone. */
  end?(proxy: FaultTarget['bench']['proxy']): void;
  /** Mending does not end it: the platform has to notice. */
  isForGood?: boolean;
};

const SPOILINGS: Spoiling[] = [
  { act: 'refused and broken for seconds', least: 500, most: 4_000, spoil: (proxy) => proxy.cut() },
  { act: 'refused and broken beyond the lease', least: 17_000, most: 19_000, spoil: (proxy) => proxy.cut() },
  { act: 'every connection reset', least: 0, most: 0, spoil: (proxy) => proxy.reset() },
  { act: 'silent for seconds, then all arrives', least: 1_000, most: 6_000, spoil: (proxy) => proxy.stall() },
  {
    act: 'silent for seconds, then reset',
    least: 1_000,
    most: 6_000,
    spoil: (proxy) => proxy.stall(),
    end: (proxy) => proxy.reset(),
  },
  { act: 'silent beyond the lease', least: 17_000, most: 19_000, spoil: (proxy) => proxy.stall() },
  {
    act: 'silent for good; new connections work',
    least: 0,
    most: 0,
    spoil: (proxy) => proxy.silence(),
    isForGood: true,
  },
  { act: 'slow: 150 ms a packet', least: 3_000, most: 6_000, spoil: (proxy) => proxy.slowDown(150) },
];

export const connectionFaults: Fault[] = SPOILINGS.map(
  ({ act, least, most, spoil, end, isForGood = false }) => ({
    subject: 'way to the database',
    act,
    recoveredBy: isForGood ? NEXT_EPOCH : `${NEXT_EPOCH} (from when it is back)`,
    promisedSeconds: isForGood ? undefined : 10,
    lastsSeconds: most / 1000 + 3,
    async inject(target) {
      const { proxy } = target.bench;
      spoil(proxy);
      await hold(drawBetween(target.random, least, most));
      end?.(proxy);
      proxy.mend();
      return { sinceMs: performance.now(), recovered: untilNextEpoch(target) };
    },
  }),
);
