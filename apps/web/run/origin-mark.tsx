/** The word by which a run of an external program is told from a worker's. */
import type { RunOrigin } from '../graphql/generated/graphql.ts';
import { Badge } from '../ui/badge.tsx';

export function OriginMark({ origin }: { origin: RunOrigin }) {
  if (origin === 'WORKER') return null;
  return (
    <span title="Recorded by an external program: no worker of this platform trains it">
      <Badge>EXTERNAL</Badge>
    </span>
  );
}
