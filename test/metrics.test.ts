/**
 * A metric is described once. Three are added by CONTRIBUTING's playbook (computation and entry, nothing else), and every
 * part of the platform that computes, offers or names metrics is asked for them. No file but the catalogue lists metrics
 * or holds a title of one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from '@babel/parser';
import { type Node, traverseFast } from '@babel/types';
import { METRICS } from '@microtome/domain/metrics/metric';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each of another kind, with its title in reports. */
const PLANTED = [
  { name: 'missRate', title: 'Miss rate of IDC', isLessBetter: true, isCalibration: false },
  { name: 'gini', title: 'Gini of IDC', isLessBetter: false, isCalibration: false },
  { name: 'absoluteError', title: 'Absolute error', isLessBetter: true, isCalibration: true },
];

type Shown = {
  values: Record<string, number>;
  intervals: Record<string, [number, number]>;
  sweep: string;
} & Record<
  | 'differences'
  | 'monitor'
  | 'epoch'
  | 'api'
  | 'report'
  | 'card'
  | 'patientFile'
  | 'page'
  | 'pageOfMeans'
  | 'pageOfRuns'
  | 'curves'
  | 'sweepForm',
  string[]
>;

describe('a metric added by the book', () => {
  let shown: Shown;
  beforeAll(() => {
    const program = [
      '--import',
      `${root}test/fixtures/plant-metrics.ts`,
      `${root}test/fixtures/show-metrics.ts`,
    ];
    shown = JSON.parse(execFileSync(process.execPath, program, { cwd: root, encoding: 'utf8' }));
  });

  it('is measured by an evaluation, over patches and as a mean over patients', () => {
    expect(shown.values).toMatchObject({ missRate: 0.125, absoluteError: 0.3 });
    expect(shown.values.gini).toBeCloseTo(2 * shown.values.auc! - 1, 12);
    expect(shown.values['macro.gini']).toBeGreaterThan(0);
  });

  it('has an interval from the draws of whole patients, whatever its kind', () => {
    const { intervals } = shown;
    for (const place of [0, 1] as const) {
      expect(intervals.gini![place]).toBeCloseTo(2 * intervals.auc![place] - 1, 12);
      expect(intervals.missRate![place]).toBeCloseTo(1 - intervals.sensitivity![1 - place]!, 12);
    }
    expect(intervals.absoluteError![0]).toBeLessThan(shown.values.absoluteError!);
    expect(intervals.absoluteError![1]).toBeGreaterThan(shown.values.absoluteError!);
    for (const { name } of PLANTED) expect(intervals).toHaveProperty([`macro.${name}`]);
  });

  it.each(PLANTED)('$name is known wherever metrics are computed and offered', ({ name }) => {
    expect(shown.differences).toEqual(expect.arrayContaining([name, `macro.${name}`]));
    expect(shown.epoch).toEqual(expect.arrayContaining([name, `macro.${name}`]));
    expect(shown.monitor).toEqual(expect.arrayContaining([`validation.${name}`, `validation.macro.${name}`]));
    expect(shown.api).toEqual(expect.arrayContaining([name, `macro.${name}`]));
    expect(shown.sweep).toContain(name);
    expect(shown.patientFile).toContain(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  });

  it.each(PLANTED)('$name is called by its title wherever metrics are shown', (planted) => {
    const { title, isLessBetter, isCalibration } = planted;
    const withoutClass = title.replace(' of IDC', '');
    const note = isLessBetter ? ' (less is better)' : '';
    expect(shown.report).toContain(title + note);
    expect(shown.card).toContain(title);
    expect(shown.card.indexOf(title) > shown.card.indexOf('Accuracy')).toBe(isCalibration);
    expect(shown.page).toContain(title);
    expect(shown.pageOfMeans).toContain(title);
    expect(shown.pageOfRuns).toContain(title);
    expect(shown.curves).toEqual(
      expect.arrayContaining([`further: ${title}`, `further: ${title}, mean over patients`]),
    );
    expect(shown.sweepForm).toContain(withoutClass + note);
  });
});

describe('the catalogue of metrics', () => {
  const CATALOGUE = 'packages/domain/src/metrics/metric-catalogue.ts';
  const names = new Set(METRICS.flatMap(({ name }) => [name, `validation.${name}`]));
  const titles = new Set(
    METRICS.flatMap(({ title, titleOfClass, shortTitle }) => [title, titleOfClass, shortTitle]).map(fold),
  );
  const sources = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'packages', 'apps', 'workers', 'docs'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
    .split('\n')
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('/generated/') && file !== CATALOGUE);
  const found = sources.map((file) => ({ file, ...findTexts(file) }));

  it('is the only list of metrics', () => {
    const lists = found.flatMap(({ file, lists: ofFile }) =>
      ofFile.filter((list) => list.filter((text) => names.has(text)).length >= LIST_MIN).map(() => file),
    );
    expect(lists.filter((file) => !(file in OTHER_LISTS))).toEqual([]);
  });

  it('is the only place of their titles', () => {
    const written = found.flatMap(({ file, texts }) =>
      texts.filter((text) => titles.has(fold(text)) && !names.has(text)).map((text) => `${file}: ${text}`),
    );
    expect(written.filter((line) => !OTHER_TITLES.has(line))).toEqual([]);
  });

  it('gives every metric a title, a sentence and a place of its own', () => {
    const places = METRICS.flatMap(({ mainPlace }) => mainPlace ?? []).sort((a, b) => a - b);
    expect(places).toEqual(places.map((_, index) => index + 1));
    expect(new Set(METRICS.map(({ titleOfClass }) => titleOfClass)).size).toBe(METRICS.length);
    for (const { name, about } of METRICS) expect(about, name).toMatch(/\.$/);
  });
});

/** So many names side by side are a list of metrics. */
const LIST_MIN = 3;
/** file → why it may have one. */
const OTHER_LISTS: Record<string, string> = {
  'apps/api/src/schema/evaluation/evaluation.ts': 'deprecated fields, which get no new ones',
};
/** Words that are no metric there: the axes of curves, a group of hyperparameters, an output of a network's step. */
const OTHER_TITLES = new Set([
  'apps/web/charts/roc-option.ts: sensitivity',
  'apps/web/charts/pr-option.ts: precision (PPV)',
  'apps/web/app/launch/group-fields.ts: Loss',
]);

function fold(text: string): string {
  return text.trim().toLowerCase();
}

/** The texts of a file, and those that stand side by side in an array. */
function findTexts(file: string): { texts: string[]; lists: string[][] } {
  const texts: string[] = [];
  const lists: string[][] = [];
  const plugins = ['typescript' as const, ...(file.endsWith('x') ? ['jsx' as const] : [])];
  traverseFast(parse(readFileSync(root + file, 'utf8'), { sourceType: 'module', plugins }), (node: Node) => {
    if (node.type === 'StringLiteral') texts.push(node.value);
    if (node.type === 'JSXText') texts.push(node.value);
    if (node.type === 'ArrayExpression') {
      lists.push(node.elements.flatMap((one) => (one?.type === 'StringLiteral' ? [one.value] : [])));
    }
  });
  return { texts, lists };
}
