/**
 * Commits what a trainer reports, in the order in which it was reported; batch progress may be dropped when the database
 * is slower than the steps. While the database is down the trainer goes on and its reports wait here. Each write is
 * fenced by the attempt: once one of them is refused, or fails, nothing more of this attempt is written.
 */
import { outlastDatabaseFaults } from '@microtome/store/database/database-faults';
import { recordBackend, recordEpoch, recordLog, setProgress } from '@microtome/store/run/run-recording';
import type { AttemptKey } from '@microtome/store/run/run-transitions';
import type { Store } from '@microtome/store/store';
import type { TrainerMessage, TrainerProgress } from '../protocol/trainer-messages.ts';

const BEFORE_THE_FIRST: TrainerProgress = {
  phase: 'preparing',
  epoch: 1,
  epochs: 1,
  batch: 0,
  batches: 0,
  patchesPerSecond: null,
  secondsLeft: null,
  loss: null,
};

type Fact = Extract<TrainerMessage, { kind: 'started' | 'log' | 'epoch' }>;

type ReportCommits = {
  addFact(fact: Fact): void;
  addProgress(progress: TrainerProgress): void;
  /** The trainer waits for something outside (the reason, as a sentence), or goes on (null). */
  setWaiting(reason: string | null): void;
  /** Resolves when everything added so far is written, or nothing more will be. */
  settled(): Promise<void>;
};

/** `onStop` is called once: with null when the run is no longer this attempt's, else with what went wrong. */
export function createReportCommits(request: {
  store: Store;
  key: AttemptKey;
  /** Aborted when a database that is away is not waited for any longer. */
  signal: AbortSignal;
  onStop: (error: unknown) => void;
}): ReportCommits {
  const { store, key, signal, onStop } = request;
  let chain: Promise<void> = Promise.resolve();
  let isStopped = false;
  let latest: TrainerProgress = BEFORE_THE_FIRST;
  let waitingFor: string | null = null;
  let isScheduled = false;
  const stop = (error: unknown) => {
    if (isStopped) return;
    isStopped = true;
    onStop(error);
  };
  const append = (write: () => Promise<boolean>) => {
    chain = chain.then(async () => {
      if (isStopped) return;
      await outlastDatabaseFaults(write, signal).then((isOurs) => isOurs || stop(null), stop);
    });
  };
  const scheduleProgress = () => {
    if (isScheduled) return;
    isScheduled = true;
    append(() => {
      isScheduled = false;
      return setProgress(store, { ...key, ...latest, waitingFor });
    });
  };
  return {
    addFact: (fact) => append(() => writeFact(store, key, fact)),
    addProgress(progress) {
      latest = progress;
      scheduleProgress();
    },
    setWaiting(reason) {
      waitingFor = reason;
      scheduleProgress();
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
