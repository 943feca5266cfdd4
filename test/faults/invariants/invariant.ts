/** What must hold whatever was done to the platform. */
import type { TrainingRecord } from '../../fixtures/training-record.ts';
import type { FaultBench } from '../platform/fault-bench.ts';
import type { Subscriber } from '../platform/subscriber.ts';

export type Evidence = {
  bench: Pick<FaultBench, 'home' | 'store' | 'api' | 'hasWeb'>;
  /** The run that was hit. */
  runId: string;
  subscribers: readonly Subscriber[];
  /** What a run of the same seed left that nothing was done to. */
  untouched: TrainingRecord;
};

export type Break = {
  sentence: string;
  epochsLost?: number;
  epochsDoubled?: number;
};

export type Invariant = {
  name: string;
  /** `always`: at any moment. `settled`: when the run has ended and nothing else is trained. */
  holds: 'always' | 'settled';
  /** How long it may take to hold, where that is more than a few seconds. */
  settlesWithinMs?: number;
  /** What contradicts it; none when it holds. */
  check(evidence: Evidence): Promise<Break[]>;
};
