/** Runs of a sweep that wait for something that is not there, by what is missing. */
import type { SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { Notice } from '../../../ui/notice.tsx';

export function SweepWaits({ sweep }: { sweep: SweepPageFragment }) {
  const counts = new Map<string, number>();
  for (const { run } of sweep.ranking) {
    if (!run.wait?.needsAttention || (run.status !== 'QUEUED' && run.status !== 'RUNNING')) continue;
    const { sentence } = run.wait;
    counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  }
  return [...counts].map(([sentence, count]) => (
    <Notice
      key={sentence}
      tone="caution"
      className="mb-5"
      title={count === 1 ? 'One run waits' : `${count} runs wait`}
    >
      {sentence}
    </Notice>
  ));
}
