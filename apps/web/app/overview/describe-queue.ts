/** How long the queue is, in words. */
import { countNoun } from '../../format/count-noun.ts';
import { formatDuration } from '../../format/format-time.ts';

type Queue = { runCount: number; secondsLeft?: number | null; unknownRunCount: number };

/** "3 running or queued; the last ends in about 12 min"; undefined where there is none. */
export function describeQueue(queue: Queue | undefined, totalCount: number): string | undefined {
  if (totalCount === 0) return undefined;
  const counted = `${totalCount} running or queued`;
  if (queue?.secondsLeft == null || queue.unknownRunCount === queue.runCount) return counted;
  const end =
    queue.secondsLeft < 1
      ? 'the last is about to end'
      : `the last ends in about ${formatDuration(queue.secondsLeft)}`;
  if (queue.unknownRunCount === 0) return `${counted}; ${end}`;
  return `${counted}; ${end}, without ${countNoun(queue.unknownRunCount, 'run')} of unknown length`;
}
