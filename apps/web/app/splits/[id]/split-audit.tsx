/** The leakage audit's figures as the API gives them; nothing is drawn where no audit was made. */
import { FactList } from '../../../components/fact-list.tsx';
import { Card } from '../../../ui/card.tsx';
import { listAuditFacts } from './list-audit-facts.ts';

export function SplitAudit({ audit }: { audit: unknown }) {
  const facts = listAuditFacts(audit);
  if (facts.length === 0) return null;
  return (
    <Card title="Leakage audit" note="Measured on this split, not assumed.">
      <FactList facts={facts} />
    </Card>
  );
}
