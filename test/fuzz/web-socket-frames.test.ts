import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../api/test-api.ts';
import { readFuzzing } from '../env.ts';
import { recordInputs, recordMemory } from './fuzz-record.ts';
import { measureKeptBytes } from './kept-bytes.ts';
import { frameSequences, sendFrames } from './web-socket-frames.ts';

const { runs, seed } = readFuzzing();
// A sequence of frames is many inputs, and takes as long.
const SEQUENCES = Math.ceil(runs / 2);
const LONGEST_MS = 84 * runs;
const KEPT_BYTES_MAX = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000 + LONGEST_MS;

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it(
  'hostile frames and messages crash nothing, are never INTERNAL, and leave nothing behind',
  async ({ task }) => {
    recordInputs(task, SEQUENCES);
    const heard = new Set<string>();
    const before = measureKeptBytes();
    await fc.assert(
      fc.asyncProperty(frameSequences, async (sequence) => {
        const answer = await sendFrames(api.port, sequence);
        expect(answer.includes('INTERNAL')).toBe(false);
        for (const type of ['next', 'error']) if (answer.includes(`"type":"${type}"`)) heard.add(type);
      }),
      { numRuns: SEQUENCES, seed, interruptAfterTimeLimit: LONGEST_MS },
    );
    // What was sent did reach operations.
    expect([...heard].sort()).toEqual(['error', 'next']);
    expect((await api.get('/readyz')).status).toBe(200);
    const readMetrics = async () => (await api.get('/metrics')).text();
    await expect.poll(readMetrics, { timeout: 20_000 }).toMatch(/^microtome_sockets 0$/m);
    expect(await readMetrics()).toMatch(/^microtome_subscriptions 0$/m);
    await expect.poll(() => api.listener.countSubscribers(), { timeout: 20_000 }).toBe(0);
    expect(api.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    // Kept, the lines of thousands of requests would look like memory that is lost.
    api.logged.length = 0;
    const after = measureKeptBytes();
    recordMemory(task, { before, after });
    expect(after - before).toBeLessThan(KEPT_BYTES_MAX);
  },
  TIMEOUT_MS,
);
