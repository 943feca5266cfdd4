import { expect, it } from 'vitest';
import { listPoints } from '../../../apps/web/app/runs/relations/list-points.ts';

it('leaves out runs that lack the number or a value, and writes values that are no plain ones', () => {
  const runs = [
    { id: '1', name: 'whole', values: { 'test.auc': 0.9, lr: 0.01, layers: [8, 16] } },
    { id: '2', name: 'without a number', values: { 'test.auc': null, lr: 0.01, layers: [8] } },
    { id: '3', name: 'without a value', values: { 'test.auc': 0.8, lr: 0.01 } },
    { id: '4', name: 'not a number', values: { 'test.auc': 'NaN', lr: 0.01, layers: 1 } },
    { id: '5', name: 'off is a value', values: { 'test.auc': 0.7, lr: 0, layers: false } },
  ];
  expect(listPoints(runs, { fields: ['lr', 'layers'], of: 'test.auc' })).toEqual([
    { id: '1', name: 'whole', metric: 0.9, values: [0.01, '[8,16]'] },
    { id: '5', name: 'off is a value', metric: 0.7, values: [0, false] },
  ]);
});
