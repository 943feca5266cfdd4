/** A report's text in its parts: panels where their blocks are, errors where they stand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReport, REPORT_PANELS_MAX } from '@microtome/domain/report/parse-report';
import { PANEL_MEANINGS, REPORT_PANEL_KINDS, writePanelBlock } from '@microtome/domain/report/report-panel';
import { describe, expect, it } from 'vitest';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/reports.md'), 'utf8');

const issueOf = (...lines: string[]) => {
  const block = parseReport(lines.join('\n')).find(({ kind }) => kind === 'ISSUE');
  return block?.kind === 'ISSUE' ? block.issue : null;
};

describe('a report', () => {
  it('is text and panels in their order, each with its line', () => {
    const body = [
      '# Deep',
      '',
      '```table',
      'columns: seed',
      '```',
      '',
      'So far.',
      '~~~chart',
      'metrics: a.b',
      '~~~',
      '',
      '',
    ];
    expect(parseReport(body.join('\r\n'))).toMatchObject([
      { kind: 'TEXT', line: 1, text: '# Deep\n' },
      { kind: 'PANEL', line: 3, panel: { kind: 'TABLE', limit: 20, runs: null } },
      { kind: 'TEXT', line: 6, text: '\nSo far.' },
      { kind: 'PANEL', line: 8, panel: { kind: 'CHART', metrics: ['a.b'], isLog: false } },
    ]);
    expect(parseReport('')).toEqual([]);
  });

  it('leaves other code alone, also what shows a panel within it', () => {
    for (const body of [
      '```js\nlet a\n```',
      '````\n```chart\nmetrics: a\n```\n````',
      '~~~\n```chart\n~~~',
      'a ```chart',
      '    ```chart',
      '```charts\n```',
    ]) {
      expect(parseReport(body).map(({ kind }) => kind)).toEqual(['TEXT']);
    }
    // A fence of another kind, or with a word behind it, does not end the block.
    expect(issueOf('```chart', '```js', '```')).toMatchObject({ line: 2, column: 1 });
    expect(parseReport('```table\ncolumns: seed')).toMatchObject([{ kind: 'PANEL', line: 1 }]);
  });

  it('reads what a panel says', () => {
    const [panel] = parseReport(
      [
        '```table',
        '# which',
        'title: Best of all',
        ' Runs: architecture = deep and lr < 1e-3',
        'columns: lr,  at(train.loss, best), low(test.auc) ',
        'sort: validation.auc desc',
        'limit: 5',
        '```',
      ].join('\n'),
    );
    expect(panel).toMatchObject({
      panel: {
        title: 'Best of all',
        runs: { kind: 'AND' },
        columns: [{ text: 'lr' }, { text: 'at(train.loss, best)' }, { text: 'low(test.auc)' }],
        sort: [{ direction: 'DESC' }],
        limit: 5,
      },
    });
    expect(parseReport('```comparison\nreference: deep, seed 1\nshared: yes\n```')).toMatchObject([
      { panel: { reference: 'deep, seed 1', sharedPatientsOnly: true, limit: 2 } },
    ]);
  });

  it('tells what is wrong by line and column of the whole text', () => {
    expect(
      issueOf('text', '```table', 'runs: architecture = deep and wrong > 1', 'columns: seed', '```'),
    ).toEqual({
      line: 3,
      column: 31,
      sentence: expect.stringMatching(/^'wrong' is no field of runs/),
    });
    expect(issueOf('```table', 'columns: seed, nothing', '```')).toMatchObject({ line: 2, column: 16 });
    expect(issueOf('```chart', 'metrics: a', '  scale: cubic', '```')).toEqual({
      line: 3,
      column: 10,
      sentence: "'cubic' is none of linear, log.",
    });
    expect(issueOf('```chart', 'metrics: a', 'limit: 17', '```')?.sentence).toBe(
      "'17' is no number from 1 to 16.",
    );
    expect(issueOf('```chart', 'metrics: a', 'metrics: b', '```')?.sentence).toBe(
      "'metrics' stands there twice.",
    );
    expect(issueOf('```chart', 'columns: seed', '```')?.sentence).toMatch(
      /^A chart has no 'columns': it takes title, runs/,
    );
    expect(issueOf('x', '```chart', 'runs:', '```')).toMatchObject({
      line: 2,
      sentence: expect.stringMatching(/^A chart needs a line 'metrics'/),
    });
    expect(issueOf('```chart', 'metrics', '```')?.sentence).toMatch(/^'metrics' is no line of a panel/);
    expect(issueOf('```table', 'columns: seed,', '```')).toMatchObject({ line: 2 });
  });

  it('has as many panels as a page can show', () => {
    const body = Array.from({ length: REPORT_PANELS_MAX + 1 }, () => '```chart\nmetrics: a\n```').join(
      '\n\n',
    );
    expect(() => parseReport(body)).toThrow(`has ${REPORT_PANELS_MAX + 1} panels`);
  });

  it.each(REPORT_PANEL_KINDS)('understands the block that the menu inserts: %s', (kind) => {
    expect(parseReport(`before\n\n${writePanelBlock(kind)}\n\nafter`)).toMatchObject([
      { kind: 'TEXT' },
      { kind: 'PANEL', panel: { kind } },
      { kind: 'TEXT' },
    ]);
    for (const { key } of PANEL_MEANINGS[kind].lines) expect(PAGE).toContain(`| \`${key}\` |`);
    expect(new Set(PANEL_MEANINGS[kind].lines.map(({ key }) => key)).size).toBe(
      PANEL_MEANINGS[kind].lines.length,
    );
  });
});
