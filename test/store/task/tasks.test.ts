/** Tasks of a dataset of several classes: what the database holds of them, and what a run of one learns and is measured on. */
import { SUBSETS } from '@microtome/domain/split/subset';
import { compareRuns } from '@microtome/store/comparison/compare-runs';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import { createExperiment } from '@microtome/store/experiment/experiments';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { launchRun } from '@microtome/store/run/run-lifecycle';
import { listLabelledPatches, listSubsetPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { createTask, deleteTask, getFirstTask } from '@microtome/store/task/tasks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

let test: TestStore;
let store: Store;
let bench: Bench;

/** Three classes: every third patch of a patient is debris, whatever it was painted as. */
const CLASSES = {
  classNames: ['normal', 'tumour', 'debris'],
  classOf: ({ place, label }: { place: number; label: 0 | 1 }) => (place % 3 === 2 ? 2 : label),
};

beforeAll(async () => {
  test = await createTestStore();
  store = test.store;
  bench = await createBench(store, { ...CLASSES, patchesPerPatient: 16 });
});
afterAll(() => test.close());

const refuse = (statement: string, values: unknown[], sentence: RegExp) =>
  expect(store.database.pool.query(statement, values)).rejects.toThrow(sentence);

describe('a task', () => {
  it('is added by the names of classes, and once', async () => {
    const { datasetId } = bench;
    const task = await createTask(store, { datasetId, positive: ['tumour'], negative: ['normal'] });
    expect(task).toMatchObject({
      position: 1,
      name: 'tumour against normal',
      positiveName: 'tumour',
      sides: ['NEGATIVE', 'POSITIVE', 'LEFT_OUT'],
    });
    const again = { datasetId, positive: ['tumour'], negative: ['normal'], name: 'another' };
    await expect(createTask(store, again)).rejects.toThrow(/has this task already: 'tumour against normal'/);
    const named = { datasetId, positive: ['debris'], name: 'tumour against normal' };
    await expect(createTask(store, named)).rejects.toThrow(/has a task named 'tumour against normal'/);
    await expect(createTask(store, { datasetId, positive: ['fat'] })).rejects.toThrow(/no class 'fat'/);
    await deleteTask(store, task.id);
  });

  it('is held by the database: a side for each class, both sides taken, unchanged, and kept while it is used', async () => {
    const { datasetId } = bench;
    const insert = (sides: string) =>
      `insert into task (id, dataset_id, position, name, positive_name, sides)
       values (gen_random_uuid(), $1, 9, 'x', 'x', '${sides}')`;
    await refuse(insert('{POSITIVE,NEGATIVE}'), [datasetId], /names a side for 2 classes/);
    await refuse(insert('{POSITIVE,POSITIVE,LEFT_OUT}'), [datasetId], /task_sides_check/);
    await refuse(insert('{POSITIVE,NEGATIVE,BOTH}'), [datasetId], /task_sides_check/);
    const first = await getFirstTask(store, datasetId);
    await refuse(`update task set name = 'x' where id = $1`, [first.id], /never change/);
    await expect(deleteTask(store, first.id)).rejects.toThrow(/is the first of its dataset/);
    await refuse('delete from task where id = $1', [first.id], /task/);
    const used = await createTask(store, { datasetId, positive: ['debris'], negative: ['tumour'] });
    const experiment = await createExperiment(store, { datasetId, taskId: used.id, name: 'debris' });
    await expect(deleteTask(store, used.id)).rejects.toThrow(
      /an experiment or an external evaluation has it/,
    );
    await refuse(
      'update experiment set task_id = $1 where id = $2',
      [first.id, experiment.id],
      /never changes/,
    );
    await refuse(`update dataset_class set name = 'x' where dataset_id = $1`, [datasetId], /never change/);
  });

  it('belongs to the dataset of its experiment', async () => {
    const other = await createBench(store, { seed: 2 });
    const stranger = await getFirstTask(store, other.datasetId);
    const request = { datasetId: bench.datasetId, taskId: stranger.id, name: 'strange' };
    await expect(createExperiment(store, request)).rejects.toThrow(/is not one of dataset/);
    await refuse(
      'update experiment set task_id = $1 where id = $2',
      [stranger.id, bench.experimentId],
      /never changes|foreign key/,
    );
  });
});

describe('a run of a task', () => {
  it('has no patch of a class that is left out, in training, predictions or statistics', async () => {
    const { datasetId, split } = bench;
    const task = await createTask(store, { datasetId, positive: ['tumour'], negative: ['normal'] });
    const experiment = await createExperiment(store, { datasetId, taskId: task.id, name: 'without debris' });
    const { sides } = task;
    for (const subset of SUBSETS) {
      const all = await listSubsetPatches(store, { splitId: split.id, subset });
      const taken = await listLabelledPatches(store, { splitId: split.id, subset, sides });
      expect(all.classes).toContain(2);
      expect(taken.classes).not.toContain(2);
      expect(taken.count).toBe(all.classes.filter((position) => position !== 2).length);
      expect([...taken.labels]).toEqual([...taken.classes]);
    }
    const run = await launchTestRun(store, { ...bench, experimentId: experiment.id });
    await finishTestRun(store, run);
    const { scored, patches } = await loadScored(store, { runId: run.id, subset: 'VALIDATION' });
    expect(patches.classes).not.toContain(2);
    expect(scored.labels).toEqual(patches.labels);
  });

  it('is launched only where both sides are on every side of the split', async () => {
    const { datasetId } = bench;
    // A class of one patient cannot be on three sides.
    const classOf = ({ patient, label }: { patient: number; label: 0 | 1 }) => (patient === 0 ? 2 : label);
    const rare = await createBench(store, { ...CLASSES, classOf, patchesPerPatient: 16, seed: 3 });
    expect(rare.datasetId).not.toBe(datasetId);
    const task = await createTask(store, { datasetId: rare.datasetId, positive: ['debris'] });
    const experiment = await createExperiment(store, {
      datasetId: rare.datasetId,
      taskId: task.id,
      name: 'rare',
    });
    const request = { experimentId: experiment.id, splitId: rare.split.id, hyperparameters: {} };
    await expect(launchRun(store, request)).rejects.toThrow(
      /has no patches of a positive class of task 'debris against all'/,
    );
  });

  it('is not compared with one of another task, nor registered under its model', async () => {
    const { datasetId } = bench;
    const task = await createTask(store, { datasetId, positive: ['tumour', 'debris'] });
    const experiment = await createExperiment(store, { datasetId, taskId: task.id, name: 'anything' });
    const ours = await launchTestRun(store, bench);
    const theirs = await launchTestRun(store, { ...bench, experimentId: experiment.id });
    for (const run of [ours, theirs]) await finishTestRun(store, run);
    const model = await createModel(store, { name: 'finder' });
    await registerModelVersion(store, { modelId: model.id, runId: ours.id });
    await expect(registerModelVersion(store, { modelId: model.id, runId: theirs.id })).rejects.toThrow(
      /Model 'finder' is of task 'tumour', and run '.*' of task 'tumour or debris against normal'/,
    );
    await refuse(
      `insert into model_version (id, model_id, number, run_id, split_kind)
       values (gen_random_uuid(), $1, 2, $2, 'PATIENT')`,
      [model.id, theirs.id],
      /A model has one task/,
    );
    const comparison = await compareRuns(store, {
      runIds: [ours.id, theirs.id],
      referenceId: null,
      sharedPatientsOnly: false,
    });
    expect(comparison.warnings).toContainEqual(expect.stringContaining('of different tasks'));
  });
});
