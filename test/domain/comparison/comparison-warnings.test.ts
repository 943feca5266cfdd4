/** What a reader must keep in mind of runs that stand side by side. */
import { listComparisonWarnings, type WarnedRun } from '@microtome/domain/comparison/comparison-warnings';
import { listHyperparameterDifferences } from '@microtome/domain/comparison/hyperparameter-differences';
import { expect, test } from 'vitest';

const split = { id: 'one', name: 'Stratified', kind: 'PATIENT' as const, audit: { passed: true } };

function make(name: string, changes: Partial<WarnedRun> = {}): WarnedRun {
  const hyperparameters = { architecture: name, seed: 1 };
  const own = { name, status: 'SUCCEEDED' as const, split, hyperparameters, backend: 'onnx', learning: null };
  return { ...own, unit: 'PATIENT', datasetId: 'idc', task: { id: 'idc', name: 'IDC' }, ...changes };
}

const [shallow, deep] = [make('shallow'), make('deep')];

test('single runs of two networks tell nothing about training noise', () => {
  expect(listComparisonWarnings([shallow, deep])).toEqual([
    'One seed per network says nothing about training noise: repeat with other seeds before you believe a small difference.',
  ]);
});

test('networks with several seeds each show their noise', () => {
  const again = [shallow, deep].map((run) =>
    make(`${run.name} 2`, { hyperparameters: { ...run.hyperparameters, seed: 2 } }),
  );
  expect(listComparisonWarnings([shallow, deep, ...again])).toEqual([
    "Runs 'shallow' and 'shallow 2' differ only in their seed: their differences are training noise.",
    "Runs 'deep' and 'deep 2' differ only in their seed: their differences are training noise.",
  ]);
});

test('unsafe splits come first, those by patch apart from those whose audit failed', () => {
  const byPatch = make('leaky', { split: { ...split, id: 'two', name: 'Random', kind: 'PATCH' } });
  const failed = make('copied', { split: { ...split, id: 'three', name: 'Bad', audit: { passed: false } } });
  const [first, second, third] = listComparisonWarnings([byPatch, failed]);
  expect(first).toMatch(/^Run 'leaky' .* patches of one patient lie on both sides/);
  expect(second).toMatch(/^Run 'copied' .* whose leakage audit failed/);
  expect(third).toMatch(/^These runs are on different splits \('Random', 'Bad'\)/);
});

test('a run that did not learn is named with what decided', () => {
  const learning = { state: 'NOT_LEARNED', title: 'Did not learn', reason: 'AUC is 0.5.' } as const;
  expect(listComparisonWarnings([make('flat', { learning }), deep])[0]).toBe(
    "Run 'flat': Did not learn. AUC is 0.5.",
  );
});

test('other data, no end and another backend are said', () => {
  const warnings = listComparisonWarnings([
    shallow,
    make('elsewhere', { datasetId: 'other', status: 'RUNNING', backend: 'tfjs' }),
  ]);
  expect(warnings).toContain('These runs are on different datasets: their figures cannot be compared.');
  expect(warnings).toContain("Run 'elsewhere' is RUNNING: it has no final figures.");
  expect(warnings).toContain(
    'These runs trained on different backends (onnx, tfjs): speeds cannot be compared.',
  );
});

test('many names are cut short', () => {
  const crowd = Array.from({ length: 8 }, (_, at) =>
    make(`run ${at}`, { hyperparameters: { architecture: 'deep', seed: at } }),
  );
  expect(listComparisonWarnings(crowd)[0]).toMatch(
    /^Runs 'run 0', .*'run 5' and 2 more differ only in their seed/,
  );
});

test('hyperparameters that differ are listed in the order of the first run, with null where a run has none', () => {
  const differences = listHyperparameterDifferences([
    { architecture: 'deep', epochs: 3, augment: { flip: true } },
    { architecture: 'deep', epochs: 5, augment: { flip: true }, dropout: 0.2 },
  ]);
  expect(differences).toEqual([
    { key: 'epochs', values: [3, 5] },
    { key: 'dropout', values: [null, 0.2] },
  ]);
});
