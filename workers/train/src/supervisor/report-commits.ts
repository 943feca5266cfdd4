/**
 * Commits what a trainer reports, in the order in which it was reported; batch progress may be dropped when the database
 * is slower than the steps. Each write is fenced by the attempt: once one of them is refused, or fails, nothing more of
 * this attempt is written.
 */
import { recordBackend, recordEpoch, recordLog, setProgress } from '@microtome/store/run/run-recording';
import type { AttemptKey } from '@microtome/store/run/run-transitions';
import type { Store } from '@microtome/store/store';
import type { TrainerMessage, TrainerProgress } from '../protocol/trainer-messages.ts';

type Fact = Extract<TrainerMessage, { kind: 'started' | 'log' | 'epoch' }>;

export type ReportCommits = {
  addFact(fact: Fact): void;
  addProgress(progress: TrainerProgress): void;
  /** Resolves when everything added so far is written, or nothing more will be. */
  settled(): Promise<void>;
};

/** `onStop` is called once: with null when the run is no longer this attempt's, else with what went wrong. */
export function createReportCommits(request: {
  store: Store;
  key: AttemptKey;
  onStop: (error: unknown) => void;
}): ReportCommits {
  const { store, key, onStop } = request;
  let chain: Promise<void> = Promise.resolve();
  let isStopped = false;
  let waiting: TrainerProgress | null = null;
  const stop = (error: unknown) => {
    if (isStopped) return;
    isStopped = true;
    onStop(error);
  };
  const append = (write: () => Promise<boolean>) => {
    chain = chain.then(async () => {
      if (isStopped) return;
      await write().then((isOurs) => isOurs || stop(null), stop);
    });
  };
  return {
    addFact: (fact) => append(() => writeFact(store, key, fact)),
    addProgress(progress) {
      const isScheduled = waiting !== null;
      waiting = progress;
      if (isScheduled) return;
      append(async () => {
        const latest = waiting;
        waiting = null;
        return latest === null || setProgress(store, { ...key, ...latest });
      });
    },
    settled: () => chain,
  };
}

function writeFact(store: Store, key: AttemptKey, fact: Fact): Promise<boolean> {
  switch (fact.kind) {
    case 'started':
      return recordBackend(store, { ...key, ...fact.environment });
    case 'log':
      return recordLog(store, { ...key, line: fact.line });
    case 'epoch':
      return recordEpoch(store, { ...key, ...fact.report });
  }
}
