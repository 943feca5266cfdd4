/** What the pages of external evaluations work out by themselves: names, the task to ask with, figures next to home. */
import { describe, expect, it } from 'vitest';
import { listExamRows } from '../../apps/web/app/external-evaluations/[id]/home-figures.ts';
import { chooseTask, NO_TASK } from '../../apps/web/external-evaluation/choose-task.ts';
import { nameExam } from '../../apps/web/external-evaluation/name-exam.ts';
import { CATALOGUE } from './metric-catalogue.ts';

describe('an exam on the pages', () => {
  it('is called by its dataset, and by its sites where not all of it was asked', () => {
    const dataset = { name: 'WILDS' };
    expect(nameExam({ dataset, askedSites: [] })).toBe('WILDS');
    expect(nameExam({ dataset, askedSites: ['3'] })).toBe('WILDS, site 3');
    expect(nameExam({ dataset, askedSites: ['0', '3', '4'] })).toBe('WILDS, sites 0, 3 and 4');
  });

  it('is asked with the first task that fits, never with one that does not', () => {
    const tasks = [
      { task: { id: 'a' }, refusal: 'Its sides do not match.' },
      { task: { id: 'b' }, refusal: null },
    ];
    expect(chooseTask({ tasks }, '')).toBe('b');
    expect(chooseTask({ tasks }, 'a')).toBe('b');
    expect(chooseTask({ tasks }, NO_TASK)).toBe(NO_TASK);
    expect(chooseTask({ tasks: tasks.slice(0, 1) }, '')).toBe(NO_TASK);
  });

  it('shows each figure next to the same one at home, calibration last', () => {
    const rows = listExamRows(
      { metrics: { auc: 0.8, calibrationSlope: 0.7 }, intervals: { auc: [0.7, 0.9] } },
      {
        home: { subset: 'TEST', metrics: { auc: 0.9, calibrationSlope: 1 }, intervals: {} },
        catalogue: CATALOGUE,
        positiveClass: 'IDC',
      },
    );
    expect(rows.find(({ name }) => name === 'auc')).toMatchObject({
      label: 'ROC AUC of IDC',
      value: 0.8,
      interval: [0.7, 0.9],
      home: { value: 0.9, interval: null },
    });
    expect(rows.at(-1)).toMatchObject({ name: 'calibrationSlope', value: 0.7, home: { value: 1 } });
  });
});
