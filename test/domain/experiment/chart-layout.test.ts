/** An arrangement of charts: what it takes, what it refuses, and which expressions may run in a member's browser. */
import { type ChartPanel, checkChartLayout } from '@microtome/domain/experiment/chart-layout';
import { checkMetricPattern } from '@microtome/domain/experiment/metric-pattern';
import { describe, expect, it } from 'vitest';

const PLAIN: ChartPanel = {
  key: 'loss',
  title: null,
  names: [],
  pattern: null,
  isLog: false,
  isHidden: false,
};
const ADDED: ChartPanel = { ...PLAIN, key: 'own-1', title: 'Losses', pattern: '^validation\\.' };

describe('an arrangement of charts', () => {
  it('keeps panels in their order and sections once', () => {
    const layout = checkChartLayout({ panels: [ADDED, PLAIN], folded: ['MACHINE', 'MAIN', 'MACHINE'] });
    expect(layout.panels.map(({ key }) => key)).toEqual(['own-1', 'loss']);
    expect(layout.folded).toEqual(['MAIN', 'MACHINE']);
  });

  it.each([
    ["Panel 'loss' stands there twice", [PLAIN, PLAIN]],
    ["Panel 'own-1' has both", [{ ...ADDED, names: ['train.loss'] }]],
    ["Panel 'own-1' is added and has no title", [{ ...ADDED, title: null }]],
    ["Panel 'loss' is a metric's own and has a title", [{ ...PLAIN, title: 'Loss' }]],
    ["Panel 'own-1' has 51 names", [{ ...ADDED, pattern: null, names: Array(51).fill('a') }]],
    ['There are 1001 panels', Array.from({ length: 1_001 }, (_, at) => ({ ...PLAIN, key: `m${at}` }))],
  ])('is refused: %s', (sentence, panels) => {
    expect(() => checkChartLayout({ panels, folded: [] })).toThrow(sentence);
  });
});

describe('an expression for names of metrics', () => {
  it.each([
    '^validation\\.(auc|f1)$',
    'loss',
    '[+*]{2}.*',
    '(train|validation)\\.loss',
    'a?b+c*',
    '(?:macro\\.)?auc',
  ])('takes %s', (pattern) => expect(checkMetricPattern(pattern)).toBe(pattern));

  it.each([
    ['(', 'is no regular expression'],
    ['(a+)+$', 'repeats a group that repeats or chooses'],
    ['((ab)?c)*', 'repeats a group that repeats or chooses'],
    ['(a|a){2,}', 'repeats a group that repeats or chooses'],
    ['(a)\\1', 'refers back'],
    ['(?<n>a)\\k<n>', 'refers back'],
    ['.*.*.*.*x', 'has 4 open repeats'],
  ])('refuses %s', (pattern, sentence) => {
    expect(() => checkMetricPattern(pattern)).toThrow(sentence);
  });
});
