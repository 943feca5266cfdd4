/** Follows a run to its end and prints its epochs as they arrive over the subscription. */
import { FollowRunDocument } from '../../generated/graphql.ts';
import type { GraphqlClient } from '../graphql/graphql-client.ts';
import { readObject } from '../graphql/json-fields.ts';
import { printEpoch, printRunProgress } from './demo-report.ts';

const SETTLED = new Set(['SUCCEEDED', 'FAILED', 'CANCELED']);

export async function followRun(
  client: GraphqlClient,
  run: { id: string; architecture: string },
): Promise<void> {
  let lastSeq = 0;
  const position = () => ({ runId: run.id, after: lastSeq });
  for await (const { runEvents: fact } of client.follow(FollowRunDocument, position)) {
    if (fact.__typename === 'RunProgress') {
      printRunProgress(run.architecture, fact);
      continue;
    }
    lastSeq = fact.seq;
    const payload = readObject(fact.payload);
    if (fact.kind === 'EPOCH') printEpoch(run.architecture, payload, fact.metrics);
    if (fact.kind === 'STATUS' && SETTLED.has(String(payload.status))) return;
  }
}
