/** Why the analysis of a slide has not begun, in a sentence: workers take slides in the order in which they were asked for, in turns with runs. */
import { type LiveWorker, NO_WORKER_SENTENCE } from '../run/run-wait.ts';

type WaitFacts = {
  workers: readonly Pick<LiveWorker, 'isBusy'>[];
  /** Slides that were asked for before and wait too. */
  ahead: number;
};

export function explainQueuedAnalysis({ workers, ahead }: WaitFacts): string {
  if (workers.length === 0) return NO_WORKER_SENTENCE;
  const first = ahead === 1 ? 'one slide comes first' : `${ahead} slides come first`;
  if (workers.some(({ isBusy }) => !isBusy))
    return ahead === 0 ? 'A worker is free and takes it within moments.' : `A worker is free; ${first}.`;
  const busy = workers.length === 1 ? 'The worker is busy' : `All ${workers.length} workers are busy`;
  return `${busy}; ${ahead === 0 ? 'it is the next slide' : first}. Slides and runs take turns.`;
}
