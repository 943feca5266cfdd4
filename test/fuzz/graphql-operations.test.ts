/** Operations drawn from the schema, over HTTP, against an API that has something of every kind. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFuzzing } from '../env.ts';
import { type FuzzBench, measureKeptBytes, openFuzzBench } from './fuzz-bench.ts';
import { recordInputs } from './fuzz-record.ts';
import { drawOperations, type Operation } from './graphql-operations.ts';

const { runs, seed } = readFuzzing();
const LONGEST_ANSWER_MS = 30_000;
const KEPT_BYTES_MAX = 64 * 1024 * 1024;
const TIMEOUT_MS = 120_000 + 200 * runs;

let bench: FuzzBench;
beforeAll(async () => {
  bench = await openFuzzBench();
});
afterAll(() => bench.close());

async function ask(operation: Operation): Promise<{ hasData: boolean }> {
  const response = await fetch(`${bench.api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: operation.body,
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  });
  const text = await response.text();
  const errors = bench.takeErrors();
  const fault = text.includes('"INTERNAL"') || response.status >= 500 || errors.length > 0;
  if (fault) throw new Error(`${operation.root}\n${operation.body}\n${text}\n${errors.join('\n')}`);
  const answer = JSON.parse(text) as { data?: Record<string, unknown> | null };
  return { hasData: answer.data != null };
}

it(
  'every root field, with hostile arguments, answers with data or a sentence, and keeps no memory',
  async ({ task }) => {
    recordInputs(task, runs);
    const schema = buildSchema(readFileSync('apps/api/schema.graphql', 'utf8'));
    const operations = drawOperations(schema, bench.known);
    const answered = { data: 0, refused: 0 };
    const hold = async (numRuns: number, from: number) =>
      fc.assert(
        fc.asyncProperty(operations, async (operation) => {
          answered[(await ask(operation)).hasData ? 'data' : 'refused']++;
        }),
        // The whole input is in the message: it would take long to find a smaller one.
        { numRuns, seed: from, endOnFailure: true },
      );
    await hold(Math.min(50, runs), seed + 1);
    const before = measureKeptBytes();
    await hold(runs, seed);
    expect(measureKeptBytes() - before).toBeLessThan(KEPT_BYTES_MAX);
    // What was sent did reach resolvers, and was refused where it is hostile.
    expect(answered.data).toBeGreaterThan(runs / 10);
    expect(answered.refused).toBeGreaterThan(runs / 10);
    console.info(`graphql: seed ${seed}, ${answered.data} with data, ${answered.refused} refused`);
  },
  TIMEOUT_MS,
);
