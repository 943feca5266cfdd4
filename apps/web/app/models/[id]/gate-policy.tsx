/** The policy that the gate applies, as the model holds it. */
import { FactList } from '../../../components/fact-list.tsx';
import { Card } from '../../../ui/card.tsx';
import { listAuditFacts } from '../../splits/[id]/list-audit-facts.ts';

export function GatePolicy({ policy }: { policy: unknown }) {
  const facts = listAuditFacts(policy);
  if (facts.length === 0) return null;
  return (
    <Card title="Gate policy" note="What the quality rules ask for. Safety rules are always on.">
      <FactList facts={facts} />
    </Card>
  );
}
