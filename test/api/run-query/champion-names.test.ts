/** A model of one name in two projects: whose champion a question is about. */
import { createProject } from '@microtome/store/access/projects';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { promoteModelVersion } from '@microtome/store/model/promotions';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const LENIENT = {
  requireColourBaseline: false,
  maximumEce: 1,
  minimumTestPatients: 0,
  maximumTestOpenings: 1000,
};
const COUNT = 'query ($query: String!) { runs(query: $query) { totalCount } }';
type Found = { runs: { totalCount: number } };

let api: TestApi;
let champion: { id: string; name: string };
let rival: { id: string; name: string };
beforeAll(async () => {
  api = await startTestApi();
  const { store } = api;
  const bench = await createBench(store);
  champion = await finishRun(store, bench, { skill: 3, seed: 3 });
  rival = await finishRun(store, bench, { skill: 1, seed: 4 });
  for (const { id: runId } of [champion, rival]) await openTest(store, { runId, reason: 'A finalist.' });
  const { id: modelId } = await createModel(store, { name: 'idc', policy: LENIENT });
  const { id: versionId } = await registerModelVersion(store, { modelId, runId: champion.id });
  await promoteModelVersion(store, { versionId, reason: 'The better one.' });
});
afterAll(() => api.close());

it('a champion whose name another project has too is named with its project', async () => {
  const { id: projectId } = await createProject(api.store, 'ward');
  await createModel(api.store, { name: 'idc', createdBy: 'Ada', projectId });
  const count = async (model: string) =>
    (await api.ask<Found>(COUNT, { query: `test.auc < champion(${model}, test.auc)` })).runs.totalCount;
  expect(await api.fail(COUNT, { query: 'test.auc < champion(idc, test.auc)' })).toEqual({
    code: 'BAD_INPUT',
    message: "More than one project has a model 'idc': name its project too, as in 'PROJECT/idc'.",
  });
  const { value } = await api.store.database.prisma.runFigure.findFirstOrThrow({
    where: { runId: champion.id, subset: 'TEST', name: 'auc' },
  });
  const { runs: below } = await api.ask<Found>(COUNT, { query: `test.auc < ${value}` });
  expect(below.totalCount).toBe(1);
  expect(await count('"default/idc"')).toBe(1);
  const compared =
    'query ($ids: [ID!]!, $model: String) { compareRuns(runIds: $ids, championOf: $model) { reference { name } } }';
  const ids = [rival.id];
  expect(await api.fail(compared, { ids, model: 'ward/idc' })).toEqual({
    code: 'NOT_FOUND',
    message: "There is no champion of a model 'ward/idc'.",
  });
  expect(await api.ask(compared, { ids, model: 'default/idc' })).toEqual({
    compareRuns: { reference: { name: champion.name } },
  });
});
