import { openExternalExperiment } from '@microtome/store/experiment/external-experiments';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '../../test-store.ts';

let test: TestStore;
beforeAll(async () => {
  test = await createTestStore();
});
afterAll(() => test.close());

it('an experiment of a project that is not there is refused by its id', async () => {
  const projectId = crypto.randomUUID();
  await expect(openExternalExperiment(test.store, 'from elsewhere', projectId)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `There is no project '${projectId}'.`,
  });
  expect(await test.store.database.prisma.experiment.count()).toBe(0);
});
