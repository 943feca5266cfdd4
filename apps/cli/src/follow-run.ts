/** Follows a run to its end and prints its epochs as they arrive over the subscription. */
import { FOLLOW_RUN, type RunFact } from './demo-documents.ts';
import { printEpoch, printRunProgress } from './demo-report.ts';
import type { GraphqlClient } from './graphql-client.ts';

const SETTLED = new Set(['SUCCEEDED', 'FAILED', 'CANCELED']);

export async function followRun(
  client: GraphqlClient,
  run: { id: string; architecture: string },
): Promise<void> {
  let lastSeq = 0;
  for await (const { runEvents: fact } of client.follow<RunFact>(FOLLOW_RUN, () => ({
    runId: run.id,
    after: lastSeq,
  }))) {
    if (fact.__typename === 'RunProgress') {
      printRunProgress(run.architecture, fact);
      continue;
    }
    lastSeq = fact.seq;
    if (fact.kind === 'EPOCH') printEpoch(run.architecture, fact.payload, fact.metrics);
    if (fact.kind === 'STATUS' && SETTLED.has(String(fact.payload.status))) return;
  }
}
