/** A process that follows runs over many WebSockets and notes when it hears of each epoch. */
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Heard, LoadPlan } from './subscriber-load.ts';

const FOLLOW = `subscription ($runId: ID!, $after: Int!) { runEvents(runId: $runId, after: $after) { __typename
  ... on RunEvent { seq kind attempt at payload metrics { name value } } ... on RunProgress { batch batches } } }`;
const LATEST_MS = 60_000;
/** Subscribers that come at once: a crowd beyond what one address may open at a time is refused. */
const WAVE = 100;

type Order = { url: string; runIds: string[]; plan: LoadPlan };
type Fact = { runEvents: { seq?: number; kind?: string; payload?: { epoch?: number } } };
type Subscriber = { heard: Heard; begun: Promise<void> };

process.once('disconnect', () => process.exit());
process.once('message', async ({ url, runIds, plan }: Order) => {
  const subscribers: Subscriber[] = [];
  for (let at = 0; at < plan.subscribers; at += plan.perSocket) {
    const closings: string[] = [];
    const client = connect(url, closings);
    for (let of = at; of < Math.min(at + plan.perSocket, plan.subscribers); of++) {
      const run = of % plan.runs;
      subscribers.push(follow(client, { run, runId: runIds[run]!, closings }));
    }
    if (subscribers.length % WAVE < plan.perSocket) await Promise.all(subscribers.map(({ begun }) => begun));
  }
  await Promise.all(subscribers.map(({ begun }) => begun));
  process.send!('ready');
  process.once('message', async ({ lastEpoch }: { lastEpoch: number }) => {
    const latest = Date.now() + LATEST_MS;
    const isComplete = () => subscribers.every(({ heard }) => heard.epochs.at(-1) === lastEpoch);
    while (!isComplete() && Date.now() < latest) await new Promise((resolve) => setTimeout(resolve, 50));
    process.send!(subscribers.map(({ heard }) => heard));
  });
});

function connect(url: string, closings: string[]): Client {
  return createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    on: { closed: (event) => void closings.push(JSON.stringify(event)) },
  });
}

function follow(
  client: Client,
  { run, runId, closings }: { run: number; runId: string; closings: string[] },
): Subscriber {
  const heard: Heard = { run, epochs: [], atMs: [], closings };
  let lastSeq = 0;
  const variables = {
    runId,
    get after() {
      return lastSeq;
    },
  };
  const begun = new Promise<void>((resolve) => {
    client.subscribe<Fact>(
      { query: FOLLOW, variables },
      {
        next({ data }) {
          const fact = data?.runEvents;
          if (fact?.seq === undefined) return;
          lastSeq = fact.seq;
          resolve();
          if (fact.kind !== 'EPOCH' || fact.payload?.epoch === undefined) return;
          heard.epochs.push(fact.payload.epoch);
          heard.atMs.push(Date.now());
        },
        error: (error) => void closings.push(JSON.stringify(error)),
        complete: () => void closings.push('complete'),
      },
    );
  });
  return { heard, begun };
}
