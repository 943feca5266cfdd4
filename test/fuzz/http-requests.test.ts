/** Hostile requests to every route, against an API that has something of every kind. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRoutes } from '../api/http/route-list.ts';
import { readFuzzing } from '../env.ts';
import { type FuzzBench, openFuzzBench } from './fuzz-bench.ts';
import { recordInputs, recordMemory } from './fuzz-record.ts';
import { drawRequests, type HttpAnswer, type HttpRequest, sendRequest } from './http-requests.ts';
import { measureKeptBytes } from './kept-bytes.ts';

const { runs, seed } = readFuzzing();
const KEPT_BYTES_MAX = 64 * 1024 * 1024;
const TIMEOUT_MS = 120_000 + 200 * runs;
/** Of what routes write themselves, and of files that were stored. */
const TYPES = new RegExp(
  [
    '^$|^application/(json|x-ndjson|graphql-response\\+json|pdf|octet-stream)$|^image/png$|^text/(csv|plain|markdown|html)$',
    '^application/vnd\\.(apache\\.parquet|microtome\\.[a-z]+)$',
  ].join('|'),
);

let bench: FuzzBench;
beforeAll(async () => {
  bench = await openFuzzBench();
});
afterAll(() => bench.close());

function findFault(answer: HttpAnswer | undefined): string | null {
  // Bytes that are no request at all are answered by closing.
  if (!answer) return null;
  const { status, type, body } = answer;
  if (!(status >= 200 && status < 500)) return `status ${status}`;
  if (!TYPES.test(type)) return `the type '${type}'`;
  if (body.includes('"INTERNAL"')) return 'INTERNAL';
  if (type === 'application/json' && body.length > 0 && status !== 206) {
    try {
      JSON.parse(body.toString());
    } catch {
      return 'JSON that does not parse';
    }
  }
  return null;
}

async function ask(request: HttpRequest): Promise<number> {
  const answer = await sendRequest(bench.api.port, request);
  const errors = bench.takeErrors();
  const fault = findFault(answer) ?? (errors.length > 0 ? 'an error in the log' : null);
  if (!fault) return answer?.status ?? 0;
  const { route, bytes } = request;
  const sent = Buffer.from(bytes).subarray(0, 3_000).toString();
  const told = answer?.body.subarray(0, 1_000).toString();
  throw new Error(`${route}: ${fault}\n${JSON.stringify(sent)}\n${told}\n${errors.join('\n')}`);
}

it('of a client that is gone before its table is sent are no error of the server', async () => {
  const path = `/runs/${bench.known.runId![0]}/patients.csv`;
  const head = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${bench.api.port}\r\ncontent-length: 1\r\n\r\n`;
  // What follows the body is no request: the connection is closed while the first one is at work.
  const bytes = Buffer.from(`${head}x\0\0`);
  await sendRequest(bench.api.port, { route: path, bytes, isCutOff: false });
  const wasSaid = () => bench.api.logged.some(({ msg }) => msg === 'client left' || msg === 'request failed');
  await expect.poll(wasSaid, { timeout: 20_000 }).toBe(true);
  expect(bench.takeErrors()).toEqual([]);
});

it(
  'to any route are answered by what the route gives or by a sentence, and keep no memory',
  async ({ task }) => {
    recordInputs(task, runs);
    const routes = listRoutes();
    expect(routes).toContain('/runs/:runId/predictions.csv');
    expect(routes).toContain('/artifacts/:hash');
    const requests = drawRequests(bench.api.port, routes, bench.known);
    const statuses = new Map<number, number>();
    const given = new Set<string>();
    const hold = async (numRuns: number, from: number) =>
      fc.assert(
        fc.asyncProperty(requests, async (request) => {
          const status = await ask(request);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (status === 200) given.add(request.route);
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
    // What was sent did reach routes, and was refused where it is hostile.
    expect(given.size, JSON.stringify([...statuses])).toBeGreaterThan(5);
    expect(statuses.get(400)).toBeGreaterThan(0);
    console.info(`http: seed ${seed}, by status ${JSON.stringify(Object.fromEntries(statuses))}`);
  },
  TIMEOUT_MS,
);
