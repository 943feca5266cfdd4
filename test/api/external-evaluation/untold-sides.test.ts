/** Two datasets that know no more than `0` and `1`: a person says whether both mean the same, and may call it off again. */
import { getFirstTask } from '@microtome/store/task/tasks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import { EVALUATE } from './exam-worker.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it('asks a person where the names of the classes do not tell, and records the answer', async () => {
  const bench = await createBench(api.store, { seed: 61, dataset: { classNames: ['0', '1'], name: 'PCam' } });
  const { id: runId } = await finishRun(api.store, bench, { seed: 3 });
  const { datasetId: chest } = await insertDataset(api.store, {
    patients: 3,
    patientKeys: ['c1', 'c2', 'c3'],
    patchesPerPatient: 12,
    patchSizePx: 16,
    seed: 62,
    name: 'Chest',
    classNames: ['0', '1'],
  });
  const { id: task } = await getFirstTask(api.store, chest);
  const doubt =
    "'PCam' has '1' against '0', 'Chest' has '1' against '0': these names do not tell whether both mean the same.";
  const { checkExam } = await api.ask<{ checkExam: object }>(
    'query ($input: ExamInput!) { checkExam(input: $input) { tasks { refusal doubt } } }',
    { input: { runId, datasetId: chest } },
  );
  expect(checkExam).toEqual({ tasks: [{ refusal: null, doubt }] });
  const input = { runId, datasetId: chest, taskId: task };
  expect((await api.fail(EVALUATE, { input })).message).toBe(
    `${doubt} Confirm it (confirmSides), or give a task whose names tell.`,
  );
  const CONFIRM =
    'mutation ($input: EvaluateModelInput!) { evaluateModel(input: $input) { id status sidesConfirmed } }';
  const { evaluateModel } = await api.ask<{ evaluateModel: { id: string } }>(CONFIRM, {
    input: { ...input, confirmSides: true },
  });
  expect(evaluateModel).toMatchObject({ status: 'QUEUED', sidesConfirmed: true });
  const CANCEL =
    'mutation ($id: ID!) { cancelExternalEvaluation(id: $id) { status cancelRequestedAt finishedAt } }';
  expect(await api.ask(CANCEL, { id: evaluateModel.id })).toMatchObject({
    cancelExternalEvaluation: { status: 'CANCELED', finishedAt: expect.any(String) },
  });
  expect(await api.fail(CANCEL, { id: evaluateModel.id })).toMatchObject({ code: 'CONFLICT' });
});
