/** What demo and reproduce print while the run that they launched waits. */
import { requestCancel } from '@microtome/store/run/run-lifecycle';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { followRun } from '../../apps/cli/src/demo/follow-run.ts';
import { createGraphqlClient } from '../../apps/cli/src/graphql/graphql-client.ts';
import { startTestApi, type TestApi } from '../api/test-api.ts';
import { createBench, launchTestRun } from '../fixtures/run.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it('a command says once what the run waits for, and ends with the run', async () => {
  const run = await launchTestRun(api.store, await createBench(api.store));
  const client = createGraphqlClient(api.url);
  const said = new Promise<string>((resolve) => {
    vi.spyOn(console, 'log').mockImplementation((line: string) => resolve(line));
  });
  const followed = followRun(client, { id: run.id, architecture: 'shallow' });
  expect(await said).toMatch(/^ {2}shallow {2}waits: No worker is running\. Start one with 'npm run worker'/);
  await requestCancel(api.store, run.id);
  await followed;
  expect(console.log).toHaveBeenCalledTimes(1);
  await client.close();
});
