/** What a process that is killed while programs record numbers leaves behind: whole batches, and all that it had answered. */
import { createExternalExperiment } from '@microtome/store/experiment/external-experiments';
import { startExternalRun } from '@microtome/store/external-run/external-runs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '../../test-store.ts';
import { type ApiProcess, startApi } from '../api-process.ts';

const CLIENTS = 10;
const POINTS = 500;
/** So many answers are waited for, then nothing is closed. */
const ANSWERS = 15;

let place: TestStore;
let api: ApiProcess;

beforeAll(async () => {
  place = await createTestStore();
  api = await startApi(place);
});
afterAll(async () => {
  await api.kill();
  await place.close();
});

it('leaves each batch whole or not at all, and whole where it was answered', async () => {
  const { store } = place;
  const { id: experimentId } = await createExternalExperiment(store, { name: 'killed' });
  const { id: runId } = await startExternalRun(store, { experimentId });
  const url = `${new URL(api.url).origin}/runs/${runId}/metrics`;
  const answered: string[] = [];
  let isKilled = false;
  const record = async (client: number) => {
    for (let sent = 0; !isKilled; sent++) {
      const name = `batch ${client} ${sent}`;
      const points = Array.from({ length: POINTS }, (_, step) => ({ name, step, value: step / 7 }));
      const headers = { 'content-type': 'application/json', 'idempotency-key': name };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(points) });
      if (!response.ok) throw new Error(`${name} was answered with ${response.status}.`);
      answered.push(name);
      if (answered.length < ANSWERS || isKilled) continue;
      isKilled = true;
      await api.kill();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: CLIENTS }, (_, client) => record(client)));
  expect(isKilled, JSON.stringify(ends)).toBe(true);
  const { rows } = await store.database.pool.query<{
    name: string;
    points: number;
    summed: number;
    keys: number;
  }>(
    `select name, count(*)::int as points, (select point_count from metric_summary as summary
       where summary.run_id = metric.run_id and summary.name = metric.name) as summed,
       (select count(*)::int from logged_batch where logged_batch.run_id = metric.run_id and key = name) as keys
     from metric where run_id = $1 group by run_id, name`,
    [runId],
  );
  expect(
    rows.filter(({ points, summed, keys }) => points !== POINTS || summed !== POINTS || keys !== 1),
  ).toEqual([]);
  const kept = rows.map(({ name }) => name);
  expect(answered.filter((name) => !kept.includes(name))).toEqual([]);
});
