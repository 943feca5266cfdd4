/** Periodic work: each duty runs at once and then at its interval, until closed. */
import { setTimeout as delay } from 'node:timers/promises';

export type Duty = {
  name: string;
  intervalMs: number;
  /** Resolves to how many things it did. */
  perform(): Promise<number>;
};

/** Receives what was done, and what failed. */
type DutyLog = {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

type Duties = {
  /** Waits for the duty in progress. */
  close(): Promise<void>;
};

/** A failure is logged and the duty tried again at its next turn. */
export function startDuties(duties: readonly Duty[], log: DutyLog): Duties {
  const closing = new AbortController();
  const running = duties.map((duty) => repeatDuty(duty, { log, signal: closing.signal }));
  return {
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}

async function repeatDuty(duty: Duty, { log, signal }: { log: DutyLog; signal: AbortSignal }): Promise<void> {
  while (!signal.aborted) {
    try {
      const found = await duty.perform();
      if (found > 0) log.info({ duty: duty.name, found }, 'duty performed');
    } catch (error) {
      log.error({ duty: duty.name, err: error }, 'duty failed');
    }
    await delay(duty.intervalMs, undefined, { signal }).catch(() => {});
  }
}
