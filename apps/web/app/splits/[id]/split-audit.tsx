/** The leakage audit of a split: its verdict, what is on two sides, and the baseline that never sees a pixel. */
import { FactList } from '../../../components/fact-list.tsx';
import { formatShare } from '../../../format/format-number.ts';
import type { SplitQuery } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import type { UnitWords } from '../../../unit/unit-words.ts';
import { listLeakageFacts } from './list-leakage-facts.ts';

type Split = NonNullable<SplitQuery['split']>;

type SplitAuditProps = Pick<Split, 'audit' | 'auditProgress'> & { unit: UnitWords };

export function SplitAudit({ audit, auditProgress, unit }: SplitAuditProps) {
  if (!audit) {
    return (
      <Card title="Leakage audit" note="Measured on this split, not assumed.">
        <p role="status" className="mb-3 text-sm text-muted-foreground">
          {describeProgress(auditProgress ?? null)}
        </p>
        <ProgressBar value={auditProgress ?? null} label="Leakage audit" />
      </Card>
    );
  }
  return (
    <Card title="Leakage audit" note="Measured on this split, not assumed.">
      {audit.passed ? (
        <p className="mb-4 font-semibold">Passed: nothing was found on two sides.</p>
      ) : (
        <Notice tone="danger" title="Failed: no run on this split can be promoted" className="mb-4">
          <ul className="list-disc pl-4">
            {audit.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Notice>
      )}
      <FactList facts={listLeakageFacts(audit, unit)} />
      {audit.notes.map((note) => (
        <p key={note} className="mt-3 text-sm text-muted-foreground">
          {note}
        </p>
      ))}
    </Card>
  );
}

function describeProgress(share: number | null): string {
  if (share === null) return 'The audit is about to start. Its verdict will appear here.';
  return `The audit is running: ${formatShare(share)}. Its verdict will appear here.`;
}
