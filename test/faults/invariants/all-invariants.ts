/** Every invariant, in the order in which they are checked: those of the record first, the sweep before the files that it leaves. */
import { apiTellsTheTruth } from './answers.ts';
import { everyEpochOnce } from './epochs.ts';
import { eventsAreNumbered } from './event-numbers.ts';
import { filesAreWhole, nothingIsOrphaned } from './files.ts';
import type { Invariant } from './invariant.ts';
import { numbersAreTheSame } from './numbers.ts';
import { processesAreInOrder } from './processes.ts';
import { jobsFitRuns } from './queue.ts';
import { statusesAreLegal } from './statuses.ts';
import { subscribersAreComplete } from './subscribers.ts';

export const allInvariants: readonly Invariant[] = [
  everyEpochOnce,
  eventsAreNumbered,
  statusesAreLegal,
  numbersAreTheSame,
  subscribersAreComplete,
  apiTellsTheTruth,
  processesAreInOrder,
  jobsFitRuns,
  nothingIsOrphaned,
  filesAreWhole,
];
