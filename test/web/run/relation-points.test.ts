import { expect, it } from 'vitest';
import { listPoints } from '../../../apps/web/app/runs/relations/list-points.ts';
import { LIGHT_PALETTE } from '../../../apps/web/charts/chart-palette.ts';
import { buildSettingOption } from '../../../apps/web/charts/setting-option.ts';

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

it('writes words on the axis of words, and numbers rounded on that of numbers', () => {
  const draw = (values: unknown[]) => {
    const points = values.map((value, at) => ({ name: `run ${at}`, values: [value], metric: at / 10 }));
    const request = { palette: LIGHT_PALETTE, keys: ['x'], points, metric: 'AUC', smallerIsBetter: false };
    return buildSettingOption(request).xAxis as {
      type: string;
      axisLabel: { formatter?: (n: number) => string };
    };
  };
  expect(draw(['deep', 'shallow'])).toMatchObject({ type: 'category', data: ['deep', 'shallow'] });
  expect(draw(['deep', 'shallow']).axisLabel.formatter).toBeUndefined();
  expect(draw([1, 2]).axisLabel.formatter?.(1)).toBe('1');
});
