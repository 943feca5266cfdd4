/** The three signals that a process of the platform may get, as faults of that process. */
import { signalProcess } from '../platform/processes.ts';
import { drawBetween, type Fault, type FaultTarget, hold } from './fault.ts';

const SECONDS = 6;
const STOPPED_MS = { least: 2_000, most: 5_000 };

type Ending = Pick<Fault, 'recoveredBy' | 'promisedSeconds'> & {
  /** Resolves when the platform is over the end of the process. */
  until(target: FaultTarget): Promise<unknown>;
};

type Found = {
  /** What is signalled: the process, and with SIGSTOP whatever freezes with it. */
  pids: number[];
  /** Done after SIGKILL or SIGTERM, before recovery is measured. */
  afterEnd?(): Promise<void>;
};

type SignalTarget = {
  subject: string;
  find(target: FaultTarget): Promise<Found>;
  /** After SIGKILL and SIGTERM. */
  ended: Ending;
  /** After it was stopped and continued. */
  continued: Ending;
  whyNot?: Fault['whyNot'];
  /** How long recovery from SIGKILL takes, where that is long. */
  killedSeconds?: number;
};

export function listSignalFaults(of: SignalTarget): Fault[] {
  const end = (signal: 'SIGKILL' | 'SIGTERM'): Fault => ({
    subject: of.subject,
    act: signal,
    recoveredBy: of.ended.recoveredBy,
    promisedSeconds: of.ended.promisedSeconds,
    lastsSeconds: signal === 'SIGKILL' ? (of.killedSeconds ?? SECONDS) : SECONDS,
    whyNot: of.whyNot,
    async inject(target) {
      const { pids, afterEnd } = await of.find(target);
      if (pids[0]) signalProcess(pids[0], signal);
      let sinceMs = performance.now();
      if (afterEnd) {
        await afterEnd();
        sinceMs = performance.now();
      }
      return { sinceMs, recovered: of.ended.until(target) };
    },
  });
  return [
    end('SIGKILL'),
    end('SIGTERM'),
    {
      subject: of.subject,
      act: 'SIGSTOP, then SIGCONT',
      recoveredBy: of.continued.recoveredBy,
      lastsSeconds: SECONDS,
      whyNot: of.whyNot,
      async inject(target) {
        const { pids } = await of.find(target);
        for (const pid of pids) signalProcess(pid, 'SIGSTOP');
        await hold(drawBetween(target.random, STOPPED_MS.least, STOPPED_MS.most));
        for (const pid of pids) signalProcess(pid, 'SIGCONT');
        return { sinceMs: performance.now(), recovered: of.continued.until(target) };
      },
    },
  ];
}
