/**
 * Hostile input by accounts: every input by one that is drawn, over GraphQL, every route, MLflow's protocol and WebSocket. Nothing is
 * INTERNAL, no answer holds a text of a project that the asker is not in, and what is hidden is answered as what is not there.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRoutes } from '../api/http/route-list.ts';
import { connectRaw } from '../api/socket/raw-client.ts';
import { readFuzzing } from '../env.ts';
import { type AccountBench, type Asker, openAccountBench } from './account-bench.ts';
import { findLeak, type Heard, UNHEARD } from './find-leak.ts';
import { recordInputs } from './fuzz-record.ts';
import { drawOperations, type Operation } from './graphql-operations.ts';
import { drawRequests, sendRequest } from './http-requests.ts';
import { drawMlflowRequests } from './mlflow-requests.ts';

const { runs, seed } = readFuzzing();
const TIMEOUT_MS = 120_000 + 400 * runs;
const LONGEST_ANSWER_MS = 30_000;
/** A subscription that has begun and hears of nothing is left then. */
const LONGEST_SILENCE_MS = 200;
const INTERNAL_CLOSE_CODE = 4500;
const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;
const SAFE = /^(GET|HEAD|OPTIONS) /;
/** MLflow's calls that only look are sent by POST too. */
const LOOKS = /\/(search|get|list)\b/;
const schema = buildSchema(readFileSync('apps/api/schema.graphql', 'utf8'));

let opened: AccountBench;
beforeAll(async () => {
  opened = await openAccountBench();
});
afterAll(() => opened.bench.close());

type Outcomes = Record<string, { answered: number; refused: number }>;
type Input = { input: string; isChange: boolean; ask(input: string): Promise<Heard> };

/** A name that was taken in one project may be in another one since: who sees that one is told so rightly. */
function forgetNames(input: string): void {
  for (const { twins } of opened.askers) {
    for (const value of twins.keys()) if (!ID.test(value) && input.includes(value)) twins.delete(value);
  }
}

function judge(outcomes: Outcomes) {
  return async (asker: Asker, asked: Input): Promise<void> => {
    const { answer, leak } = await findLeak(asker, asked);
    const errors = opened.takeErrors();
    const isFault = answer.status >= 500 || answer.text.includes('"INTERNAL"') || errors.length > 0;
    outcomes[asker.name] ??= { answered: 0, refused: 0 };
    const isRefused = answer.status === UNHEARD || answer.status >= 400 || answer.text.includes('"errors":');
    outcomes[asker.name]![isRefused ? 'refused' : 'answered']++;
    if (asked.isChange && !isRefused) forgetNames(asked.input);
    if (!isFault && leak === null) return;
    const what = isFault ? `${answer.status} ${answer.text.slice(0, 1_000)}` : leak;
    throw new Error([asker.name, asked.input.slice(0, 3_000), what, ...errors].join('\n'));
  };
}

/** Each asks for something, and who sees something is answered. */
function checkOutcomes(outcomes: Outcomes): void {
  expect(Object.keys(outcomes)).toHaveLength(opened.askers.length);
  for (const [name, { answered, refused }] of Object.entries(outcomes)) {
    expect(refused, name).toBeGreaterThan(0);
    if (name !== 'NOBODY') expect(answered, name).toBeGreaterThan(0);
  }
  console.info(`accounts: seed ${seed}, ${JSON.stringify(outcomes)}`);
}

async function post(asker: Asker, body: string): Promise<Heard> {
  const response = await fetch(`${opened.bench.api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...asker.headers },
    body,
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  });
  return { status: response.status, text: await response.text() };
}

/** What is heard first of it. */
async function follow({ headers }: Asker, body: string): Promise<Heard> {
  const client = await connectRaw(opened.bench.api.port, { headers });
  const silence = new Promise((resolve) => setTimeout(resolve, LONGEST_SILENCE_MS));
  client.socket.send(`{"type":"subscribe","id":"1","payload":${body}}`);
  client.subscribe('it has begun', '{ __typename }');
  await Promise.race([client.wait(1, ({ id }) => id !== undefined), client.closed]);
  await opened.changeRuns();
  await Promise.race([client.wait(1, ({ id }) => id === '1'), client.closed, silence]);
  client.socket.close();
  const { code } = await client.closed;
  const heard = client.messages.find(({ id }) => id === '1');
  const payload = heard?.type === 'error' ? { errors: heard.payload } : (heard?.payload ?? {});
  return { status: code === INTERNAL_CLOSE_CODE ? 500 : 200, text: JSON.stringify(payload) };
}

async function hold<T>(
  inputs: (asker: Asker) => fc.Arbitrary<T>,
  check: (asker: Asker, input: T) => Promise<void>,
): Promise<void> {
  // By its place: the asker as a whole would fill the message of what is found.
  const drawn = fc.oneof(...opened.askers.map((asker, at) => inputs(asker).map((input) => ({ at, input }))));
  await fc.assert(
    fc.asyncProperty(drawn, async ({ at, input }) => {
      await opened.keepSession();
      await check(opened.askers[at]!, input);
    }),
    // The whole input is in the message: it would take long to find a smaller one.
    { numRuns: runs, seed, endOnFailure: true },
  );
}

it(
  'operations of GraphQL, over HTTP and WebSocket, by each account tell nothing of another project',
  async ({ task }) => {
    recordInputs(task, runs);
    const outcomes: Outcomes = {};
    const check = judge(outcomes);
    await hold(
      ({ known }) => drawOperations(schema, known),
      (asker, { kind, body }: Operation) =>
        check(asker, {
          input: body,
          isChange: kind === 'mutation',
          ask: (input) => (kind === 'subscription' ? follow(asker, input) : post(asker, input)),
        }),
    );
    checkOutcomes(outcomes);
  },
  TIMEOUT_MS,
);

it(
  'requests to any route by each account tell nothing of another project',
  async ({ task }) => {
    recordInputs(task, runs);
    const outcomes: Outcomes = {};
    const check = judge(outcomes);
    const { port } = opened.bench.api;
    await hold(
      ({ known }) => drawRequests(port, listRoutes(), known),
      (asker, { bytes, ...request }) => {
        const head = Object.entries(asker.headers).map(([name, value]) => `${name}: ${value}\r\n`);
        const plain = Buffer.from(bytes).toString('latin1');
        const input = plain.replace('\r\n', `\r\n${head.join('')}`);
        const ask = async (text: string): Promise<Heard> => {
          const answer = await sendRequest(port, { ...request, bytes: Buffer.from(text, 'latin1') });
          return { status: answer?.status ?? UNHEARD, text: answer?.body.toString() ?? '' };
        };
        return check(asker, { input, isChange: !SAFE.test(input), ask });
      },
    );
    checkOutcomes(outcomes);
  },
  TIMEOUT_MS,
);

it(
  'calls of MLflow’s protocol by each account tell nothing of another project',
  async ({ task }) => {
    recordInputs(task, runs);
    const outcomes: Outcomes = {};
    const check = judge(outcomes);
    await hold(
      ({ mlflow }) => fc.oneof(...mlflow.map(drawMlflowRequests)),
      (asker, { method, path, body }) => {
        const ask = async (text: string): Promise<Heard> => {
          const [place = '', ...rest] = text.split('\n');
          const response = await fetch(opened.bench.api.url + place, {
            method,
            headers: asker.headers,
            ...(body === null ? {} : { body: rest.join('\n') }),
            signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
          });
          return { status: response.status, text: await response.text() };
        };
        return check(asker, {
          input: `${path}\n${body ?? ''}`,
          isChange: method !== 'GET' && !LOOKS.test(path),
          ask,
        });
      },
    );
    checkOutcomes(outcomes);
  },
  TIMEOUT_MS,
);
