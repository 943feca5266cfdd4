/** Operations drawn from the schema, over HTTP and WebSocket, against an API that has something of every kind. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema, isInputObjectType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectRaw } from '../api/socket/raw-client.ts';
import { readFuzzing } from '../env.ts';
import { type FuzzBench, openFuzzBench } from './fuzz-bench.ts';
import { recordInputs, recordMemory } from './fuzz-record.ts';
import { drawEach, drawOperations, type Operation } from './graphql-operations.ts';
import { measureKeptBytes } from './kept-bytes.ts';

const { runs, seed } = readFuzzing();
const LONGEST_ANSWER_MS = 30_000;
/** A subscription that has begun and hears of nothing is left then. */
const LONGEST_SILENCE_MS = 200;
const KEPT_BYTES_MAX = 64 * 1024 * 1024;
const TIMEOUT_MS = 120_000 + 200 * runs;
const INTERNAL_CLOSE_CODE = 4500;
const schema = buildSchema(readFileSync('apps/api/schema.graphql', 'utf8'));

let bench: FuzzBench;
beforeAll(async () => {
  bench = await openFuzzBench();
});
afterAll(() => bench.close());

type Outcome = 'data' | 'refused' | 'silent';

async function ask(operation: Operation): Promise<Outcome> {
  const { text, isFault } = await (operation.kind === 'subscription' ? follow(operation) : post(operation));
  const errors = bench.takeErrors();
  if (isFault || text.includes('"INTERNAL"') || errors.length > 0) {
    throw new Error(`${operation.root}\n${operation.body}\n${text}\n${errors.join('\n')}`);
  }
  if (text === '') return 'silent';
  const answer = JSON.parse(text) as { data?: Record<string, unknown> | null };
  return answer.data == null ? 'refused' : 'data';
}

async function post({ body }: Operation): Promise<{ text: string; isFault: boolean }> {
  const response = await fetch(`${bench.api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  });
  return { text: await response.text(), isFault: response.status >= 500 };
}

/** What is heard first of it; nothing where nothing comes. */
async function follow({ body }: Operation): Promise<{ text: string; isFault: boolean }> {
  const client = await connectRaw(bench.api.port);
  const silence = new Promise((resolve) => setTimeout(resolve, LONGEST_SILENCE_MS));
  client.socket.send(`{"type":"subscribe","id":"1","payload":${body}}`);
  client.subscribe('it has begun', '{ __typename }');
  await Promise.race([client.wait(1, ({ id }) => id !== undefined), client.closed]);
  await bench.changeRun();
  await Promise.race([client.wait(1, ({ id }) => id === '1'), client.closed, silence]);
  client.socket.close();
  const { code } = await client.closed;
  const heard = client.messages.find(({ id }) => id === '1')?.payload;
  const text = heard === undefined ? '' : JSON.stringify(Array.isArray(heard) ? { errors: heard } : heard);
  return { text, isFault: code === INTERNAL_CLOSE_CODE };
}

/** As the schema itself names them. */
function listCoordinates(): string[] {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => {
      if (isInputObjectType(type)) return Object.keys(type.getFields()).map((name) => `${type.name}.${name}`);
      if (!isObjectType(type)) return [];
      return Object.values(type.getFields()).flatMap((field) =>
        field.args.map((argument) => `${type.name}.${field.name}(${argument.name}:)`),
      );
    });
}

it(
  'a hostile value in every argument and input field is answered with data or a sentence',
  async ({ task }) => {
    const each = drawEach(schema, bench.known);
    recordInputs(task, each.length);
    const hostile = new Set<string>();
    const roots = new Set<string>();
    for (const operations of each) {
      const [operation] = fc.sample(operations, { numRuns: 1, seed });
      await ask(operation!);
      roots.add(operation!.root);
      for (const coordinate of operation!.hostile) hostile.add(coordinate);
    }
    expect(listCoordinates().filter((coordinate) => !hostile.has(coordinate))).toEqual([]);
    const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const rootFields = rootTypes.flatMap((type) =>
      Object.keys(type!.getFields()).map((name) => `${type!.name}.${name}`),
    );
    expect(rootFields.filter((root) => !roots.has(root))).toEqual([]);
  },
  TIMEOUT_MS,
);

it(
  'every root field, with hostile arguments, answers with data or a sentence, and keeps no memory',
  async ({ task }) => {
    recordInputs(task, runs);
    const operations = drawOperations(schema, bench.known);
    const answered: Record<Outcome, number> = { data: 0, refused: 0, silent: 0 };
    const hold = async (numRuns: number, from: number) =>
      fc.assert(
        fc.asyncProperty(operations, async (operation) => {
          answered[await ask(operation)]++;
        }),
        // The whole input is in the message: it would take long to find a smaller one.
        { numRuns, seed: from, endOnFailure: true },
      );
    await hold(Math.min(50, runs), seed + 1);
    const before = measureKeptBytes();
    await hold(runs, seed);
    const after = measureKeptBytes();
    recordMemory(task, { before, after });
    expect(after - before).toBeLessThan(KEPT_BYTES_MAX);
    // What was sent did reach resolvers, and was refused where it is hostile.
    expect(answered.data).toBeGreaterThan(runs / 10);
    expect(answered.refused).toBeGreaterThan(runs / 10);
    console.info(`graphql: seed ${seed}, ${JSON.stringify(answered)}`);
  },
  TIMEOUT_MS,
);
