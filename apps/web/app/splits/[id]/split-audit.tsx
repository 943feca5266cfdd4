/** The leakage audit of a split: its verdict, what crosses the sides, and the rule that never sees a pixel. */
import { FactList } from '../../../components/fact-list.tsx';
import type { SplitQuery } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { listLeakageFacts } from './list-leakage-facts.ts';

type Split = NonNullable<SplitQuery['split']>;

export function SplitAudit({ audit }: { audit: Split['audit'] }) {
  if (!audit) {
    return (
      <Card title="Leakage audit" note="Measured on this split, not assumed.">
        <p role="status" className="text-sm text-muted-foreground">
          The audit is running. Its verdict appears here by itself.
        </p>
      </Card>
    );
  }
  return (
    <Card title="Leakage audit" note="Measured on this split, not assumed.">
      {audit.passed ? (
        <p className="mb-4 font-semibold">Passed: nothing was found to cross the sides.</p>
      ) : (
        <Notice tone="danger" title="Failed: no run on this split can be promoted" className="mb-4">
          <ul className="list-disc pl-4">
            {audit.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Notice>
      )}
      <FactList facts={listLeakageFacts(audit)} />
      {audit.notes.map((note) => (
        <p key={note} className="mt-3 text-sm text-muted-foreground">
          {note}
        </p>
      ))}
    </Card>
  );
}
