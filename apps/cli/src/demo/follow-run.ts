/** Follows a run to its end and prints its epochs as they arrive over the subscription, and why it waits while it waits. */
import { setTimeout as delay } from 'node:timers/promises';
import { FollowRunDocument, GetRunWaitDocument } from '../../generated/graphql.ts';
import type { GraphqlClient } from '../graphql/graphql-client.ts';
import { readObject } from '../graphql/json-fields.ts';
import { printEpoch, printRunProgress, printWait } from './demo-report.ts';

const SETTLED = new Set(['SUCCEEDED', 'FAILED', 'CANCELED']);
/** The first look comes after a free worker had time to take the run. */
const WAIT_LOOK_MS = 5_000;

export async function followRun(
  client: GraphqlClient,
  run: { id: string; architecture: string },
): Promise<void> {
  const settled = new AbortController();
  const watching = printWaits(client, run, settled.signal);
  try {
    await printEvents(client, run);
  } finally {
    settled.abort();
    await watching;
  }
}

async function printEvents(client: GraphqlClient, run: { id: string; architecture: string }): Promise<void> {
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

/** Each reason once, for as long as the run has not settled: workers come and go without an event of the run. */
async function printWaits(
  client: GraphqlClient,
  run: { id: string; architecture: string },
  signal: AbortSignal,
): Promise<void> {
  let printed = '';
  while (await delay(WAIT_LOOK_MS, true, { signal }).catch(() => false)) {
    // What the API cannot answer now, the next look or the events will tell.
    const answer = await client.request(GetRunWaitDocument, { id: run.id }).catch(() => null);
    const sentence = answer?.run?.wait?.sentence ?? '';
    if (sentence && sentence !== printed && !signal.aborted) printWait(run.architecture, sentence);
    if (answer) printed = sentence;
  }
}
