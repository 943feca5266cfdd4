/** Which charts there are, in which order and section, by what the runs have and what was arranged. */
import { describe, expect, it } from 'vitest';
import { listThinned, refinePanels } from '../../../apps/web/charts/panels/finer-panels.ts';
import { groupSources, nameSetting } from '../../../apps/web/charts/panels/group-sources.ts';
import {
  addPanel,
  changePanel,
  foldSection,
  type Layout,
  movePanel,
  removePanel,
} from '../../../apps/web/charts/panels/layout-edits.ts';
import { readPanelDraft } from '../../../apps/web/charts/panels/panel-draft.ts';
import { type CurveSource, plotPanels } from '../../../apps/web/charts/panels/plot-panels.ts';
import { CATALOGUE } from '../metric-catalogue.ts';

const NAMING = { catalogue: CATALOGUE, positiveClass: 'IDC', units: 'patients' };
const NOTHING: Layout = { panels: [], folded: [] };
const NAMES = ['train.loss', 'validation.loss', 'validation.auc', 'validation.brier', 'seconds', 'mine'];

function source(id: string, run: CurveSource['run'], names = NAMES): CurveSource {
  const points = [
    { epoch: 1, value: 0.5 },
    { epoch: 9, value: 0.7 },
  ];
  return { id, run, curves: names.map((name) => ({ name, points, isThinned: name === 'validation.auc' })) };
}

const pair = ['A', 'B'].map((name, tone) => source(name, { name, tone, bestEpoch: 9 }));

function plot(layout: Layout, sources: readonly CurveSource[] = [source('a', null)], withTraining = true) {
  return plotPanels({ sources, naming: NAMING, layout, withTraining });
}

const keysOf = (sections: ReturnType<typeof plot>) =>
  sections.map(({ section, panels }) => [section, ...panels.map(({ key }) => key)]);

describe('panels', () => {
  it('stand in sections, a panel a metric', () => {
    const sections = plot(NOTHING);
    expect(keysOf(sections)).toEqual([
      ['MAIN', 'loss', 'auc', 'mine'],
      ['FURTHER', 'brier'],
      ['MACHINE', 'seconds'],
    ]);
    expect(sections[0]?.panels[0]?.curves.map(({ name, tone }) => [name, tone])).toEqual([
      ['train', 'TRAIN'],
      ['validation', 'VALIDATION'],
    ]);
  });

  it('lay the same metric of every run over each other, with its best epoch', () => {
    const namesOf = (withTraining: boolean) =>
      plot(NOTHING, pair, withTraining)[0]?.panels[0]?.curves.map(({ name, bestPlace }) => [name, bestPlace]);
    expect(namesOf(false)).toEqual([
      ['A', 9],
      ['B', 9],
    ]);
    expect(namesOf(true)?.map(([name]) => name)).toEqual(['A, TRAIN', 'A', 'B, TRAIN', 'B']);
  });

  it('are moved, hidden, logarithmic and folded, whatever other runs have', () => {
    const standing = ['loss', 'auc', 'mine'];
    let layout = movePanel(NOTHING, { standing, key: 'mine', to: 'loss' });
    expect(keysOf(plot(layout))[0]).toEqual(['MAIN', 'mine', 'loss', 'auc']);
    layout = changePanel(layout, {
      standing: ['mine', 'loss', 'auc'],
      key: 'auc',
      change: { isHidden: true },
    });
    expect(plot(layout)[0]?.panels.map(({ isHidden }) => isHidden)).toEqual([false, false, true]);
    // A run without those metrics moves what it has, and forgets none of theirs.
    layout = changePanel(layout, { standing: ['other'], key: 'other', change: { isLog: true } });
    expect(layout.panels.map(({ key }) => key)).toEqual(['other', 'mine', 'loss', 'auc']);
    expect(foldSection(foldSection(layout, 'MAIN' as never), 'MAIN' as never).folded).toEqual([]);
  });

  it('tell TRAIN from VALIDATION by their lines, in an added chart too', () => {
    const linesOf = (panel: ReturnType<typeof plot>[number]['panels'][number] | undefined) =>
      panel?.curves.slice(0, panel.curves.length / 2).map(({ series, line }) => [series?.name, line]);
    const layout = addPanel(
      addPanel(NOTHING, { title: 'Both', names: ['train.loss', 'validation.loss'], pattern: null }),
      { title: 'More', names: ['train.loss', 'validation.auc', 'validation.loss'], pattern: null },
    );
    const [own, main] = plot(layout, pair);
    const both = [
      ['train.loss', 'dashed'],
      ['validation.loss', 'solid'],
    ];
    expect(linesOf(main?.panels.find(({ key }) => key === 'loss'))).toEqual(both);
    expect(linesOf(own?.panels[0])).toEqual(both);
    expect(linesOf(own?.panels[1])).toEqual([
      ['train.loss', 'dotted'],
      ['validation.auc', 'solid'],
      ['validation.loss', 'dashed'],
    ]);
  });

  it('are added by names or an expression, and removed', () => {
    let layout = addPanel(NOTHING, { title: 'All of VALIDATION', names: [], pattern: '^validation\\.' });
    layout = addPanel(layout, { title: 'Mine', names: ['mine'], pattern: null });
    const [own] = plot(layout);
    expect(own?.section).toBe('OWN');
    expect(own?.panels.map(({ title, curves }) => [title, curves.map(({ name }) => name)])).toEqual([
      ['All of VALIDATION', ['validation.auc', 'validation.brier', 'validation.loss']],
      ['Mine', ['mine']],
    ]);
    // Three of one subset are told apart by the colours of runs.
    expect(own?.panels[0]?.curves.map(({ tone }) => tone)).toEqual([0, 1, 2]);
    expect(plot(layout, pair)[0]?.panels[1]?.curves.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(removePanel(layout, 'added-1').panels.map(({ key }) => key)).toEqual(['added-2']);
    expect(
      addPanel(removePanel(layout, 'added-1'), { title: 'x', names: ['x'], pattern: null }).panels[1]?.key,
    ).toBe('added-1');
  });
});

describe('a panel that is typed', () => {
  it.each([
    ['', false, null, 'Give a name.'],
    ['(', true, null, "'(' is no regular expression."],
    ['validation.*auc', true, { title: 'validation.*auc', names: [], pattern: 'validation.*auc' }, undefined],
    [
      'mine, seconds',
      false,
      { title: 'mine, seconds', names: ['mine', 'seconds'], pattern: null },
      undefined,
    ],
  ])('as "%s" is read', (text, isPattern, panel, refusal) => {
    expect(readPanelDraft({ text, isPattern, title: '' }, NAMES)).toMatchObject({
      panel,
      ...(refusal && { refusal }),
    });
  });
});

describe('settings', () => {
  it('are those of runs that differ in seed and split alone, drawn as one', () => {
    expect(nameSetting({ seed: 1, width: 2 })).toBe(nameSetting({ width: 2, seed: 7 }));
    expect(nameSetting({ width: 1 })).not.toBe(nameSetting({ width: 2 }));
    const three = ['deep, seed 1', 'deep, seed 2', 'shallow'].map((name, tone) => ({
      ...source(name, null),
      run: { name, tone },
      setting: name.slice(0, 4),
    }));
    const grouped = groupSources(three);
    expect(grouped.map(({ run }) => run?.name)).toEqual(['deep (2 runs)', 'shallow']);
    expect(grouped[0]?.curves[0]?.band).toHaveLength(2);
  });
});

describe('a part of the axis', () => {
  it('brings the finer numbers of thinned curves, and leaves the others', () => {
    const panels = plot(NOTHING)[0]?.panels ?? [];
    expect(listThinned(panels)).toEqual({ runIds: ['a'], names: ['validation.auc'] });
    const points = [4, 5].map((epoch) => ({ epoch, step: 0, value: 0.6 }));
    const refined = refinePanels(panels, {
      series: [{ runId: 'a', name: 'validation.auc', points }],
      isByStep: false,
      range: { from: 3.5, to: 6 },
    });
    expect(refined[1]?.curves[0]?.points.map(({ epoch }) => epoch)).toEqual([1, 4, 5, 9]);
    expect(refined[0]?.curves[0]?.points).toHaveLength(2);
  });
});
