/** Values of any fields of named runs, and the list of the fields that there are. */
import { parseRunField } from '@microtome/domain/run-query/parse-query';
import { printRunField } from '@microtome/domain/run-query/print-query';
import { listRunFields } from '@microtome/store/run-query/run-fields';
import { listRunValues } from '@microtome/store/run-query/run-figures';
import { describe, expect, it } from 'vitest';
import type { SeededRun } from '../../fixtures/seeded/seeded-runs.ts';
import { openSeededBench } from './seeded-bench.ts';

const { store, runs } = await openSeededBench({ count: 30, epochs: 3 });

const aucOf = (run: SeededRun) => run.figures.VALIDATION?.auc?.value ?? null;

describe('values of named runs', () => {
  it('are of their own type, and null where a run has none', async () => {
    const names = [
      'name',
      'learningRate',
      'augmentFlips',
      'validation.auc',
      'last(train.loss)',
      'tags',
      'createdAt',
    ];
    const fields = names.map(parseRunField);
    const values = await listRunValues(store, { runIds: runs.map(({ id }) => id), fields });
    for (const run of runs) {
      const read = (name: string) => values.get(`${run.id} ${name}`);
      expect(read('name')).toBe(run.name);
      expect(read('learningRate')).toBe(run.hyperparameters.learningRate ?? null);
      expect(read('augmentFlips')).toBe(run.hyperparameters.augmentFlips ?? null);
      expect(read('validation.auc')).toBe(aucOf(run));
      expect(read('last(train.loss)')).toBe(run.series['train.loss']?.at(-1) ?? null);
      expect(read('tags')).toEqual(run.tags);
      expect(Date.parse(read('createdAt') as string)).toBe(Date.parse(run.createdAt));
    }
  });
});

describe('the fields of runs', () => {
  it('are those of every run, and what the runs brought; of other projects nothing', async () => {
    const list = async (projectIds: string[] | null) =>
      (await listRunFields(store, { projectIds })).map(printRunField);
    const all = await list(null);
    expect(new Set(all).size).toBe(all.length);
    for (const name of ['name', 'learningRate', 'test.auc', 'best(train.loss)', 'last(train.loss)'])
      expect(all).toContain(name);
    const hidden = await list([]);
    expect(hidden).toContain('learningRate');
    expect(hidden).not.toContain('best(train.loss)');
  });
});
