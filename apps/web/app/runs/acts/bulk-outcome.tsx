/** What became of an act on many runs: how many were changed, and why the others were not. */
import { countNoun } from '../../../format/count-noun.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import type { BulkOutcome } from './use-bulk-act.ts';

const SHOWN_REASONS = 8;

export function BulkOutcomeNote({ outcome, onClose }: { outcome: BulkOutcome | null; onClose: () => void }) {
  if (!outcome || (outcome.refused.length === 0 && outcome.error === null)) return null;
  const { count, refused, error } = outcome;
  const others = refused.length - SHOWN_REASONS;
  return (
    <Notice tone="caution" className="mb-2">
      <p>
        {countNoun(count, 'run')} changed, {countNoun(refused.length, 'run')} left as they were.
      </p>
      {error !== null && <p>{error}</p>}
      <ul className="mt-1 list-disc pl-5 text-xs">
        {refused.slice(0, SHOWN_REASONS).map(({ runId, reason }) => (
          <li key={runId}>{reason}</li>
        ))}
        {others > 0 && <li>and {countNoun(others, 'run')} more</li>}
      </ul>
      <Button size="sm" className="mt-2" onClick={onClose}>
        Close
      </Button>
    </Notice>
  );
}
