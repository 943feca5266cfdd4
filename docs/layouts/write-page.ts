/** The layouts page as Markdown: what each layout tells, what each sample was taken for, and what was learned on two. */

import { countNoun } from '@microtome/domain/count-noun';
import { titleShortly } from '@microtome/domain/metrics/metric';
import { listLayouts } from '@microtome/domain/source/layout/layouts';
import { countUnits } from '@microtome/domain/unit/unit-words';
import { readFigure } from '../../apps/cli/src/graphql/json-fields.ts';
import type { Imported } from './import-samples.ts';
import type { LayoutDataset, LayoutRun, SplitRuns } from './train-on-layouts.ts';

export type LayoutsPage = {
  imported: readonly Imported[];
  epochs: number;
  pcam: { dataset: LayoutDataset; trained: SplitRuns[] };
  centres: { dataset: LayoutDataset; trained: SplitRuns[] };
};

const CLASSES_SHOWN = 4;
const SENTENCE_MAX = 260;

export function writePage({ imported, epochs, pcam, centres }: LayoutsPage): string {
  return [
    '# Layouts',
    '',
    'Made by `npm run layouts`. How files of public sets, and of everybody who follows them, are laid out; what their',
    'names and tables tell; and what a real import of each found.',
    '',
    '## What is known',
    '',
    ...describeLayouts(),
    '## One command each',
    '',
    'Real pictures where they were at hand. Where only the list of a set was, its real names with drawn pictures: what',
    'is counted is then as in the set, what is seen is not.',
    '',
    ...describeImports(imported),
    '## PatchCamelyon from HDF5, from import to TEST',
    '',
    ...describePcam(pcam, epochs),
    '## Leave one centre out',
    '',
    ...describeCentres(centres, epochs),
  ].join('\n');
}

function describeLayouts(): string[] {
  const rows = listLayouts().map(({ name, title, pattern, table }) => [
    `\`${name}\``,
    title,
    pattern,
    table ? `${table.fileName}${table.isNeeded ? '' : ' (if it is there)'}` : 'none',
  ]);
  return [...writeTable(['layout', 'set', 'path', 'table'], rows), ''];
}

function describeImports(imported: readonly Imported[]): string[] {
  const rows = imported.map(({ sample, report, sentence }) => {
    const command = ['npm run import --', sample.shownPath, ...sample.options].join(' ');
    const found = report ? describeReport(report) : [showSentence(sentence ?? '', sample), '', ''];
    return [`${sample.title} (${sample.pictures})<br>\`${command}\``, ...found];
  });
  return [...writeTable(['sample and command', 'found', 'classes', 'left out'], rows), ''];
}

function describeReport(report: NonNullable<Imported['report']>): [string, string, string] {
  const { classes, patchCount, unit, patients, patchSizePx, refusedByCode, changedByCode } = report;
  const shown = classes.slice(0, CLASSES_SHOWN).map((one) => `${one.name} ${count(one.patchCount)}`);
  const more = classes.length - shown.length;
  if (more > 0) shown.push(`${more} more`);
  const left = [...Object.entries(refusedByCode), ...Object.entries(changedByCode)];
  return [
    `${countNoun(patchCount, 'patch')} of ${patchSizePx} px, ${countUnits(unit, patients.length)}; ` +
      `split by ${unit.toLowerCase()}`,
    shown.join(', ') || 'none',
    left.map(([code, files]) => `${code} ${count(files ?? 0)}`).join(', ') || 'nothing',
  ];
}

function describePcam({ dataset, trained }: LayoutsPage['pcam'], epochs: number): string[] {
  const [only] = trained;
  const sides = only!.split.subsets.map(({ subset, patches }) => `${subset} ${count(patches)}`).join(', ');
  const rows = only!.runs.map((run) => [
    run.architecture,
    ...describeTest(run),
    run.evaluations.find(({ subset }) => subset === 'VALIDATION')?.learning.title ?? '',
  ]);
  return [
    `The publisher's split, as the containers give it: ${sides}. Nothing in them tells patients or slides ` +
      `(${countUnits(dataset.unit.kind, 0)}), so the split is ${only!.split.unsafe ? 'unsafe' : 'safe'}, its runs can be ` +
      'compared and never promoted, and there are no intervals. ' +
      `${epochs} epochs on a few hundred patches: the table shows the way, not what these networks can do.`,
    '',
    ...writeTable(['network', ...FIGURES.map(({ title }) => title), 'VALIDATION says'], rows),
    '',
  ];
}

function describeCentres({ dataset, trained }: LayoutsPage['centres'], epochs: number): string[] {
  const rows = trained.flatMap(({ split, runs }) =>
    runs.map((run) => [
      listSites(split, 'TEST'),
      listSites(split, 'VALIDATION'),
      ...describeTest(run),
      run.evaluations.find(({ subset }) => subset === 'TEST')?.threshold.toFixed(3) ?? '',
    ]),
  );
  return [
    `Five centres drawn in the exact shape of CAMELYON17-WILDS (${count(dataset.patientCount)} patients), each with a ` +
      `scanner that tints what it sees. One split a centre, which is TEST and seen by nothing before; ${epochs} epochs of ` +
      'the shallow network. The threshold was chosen on VALIDATION, at a centre that is not TEST, and carried unchanged: ' +
      'where AUC is high and balanced accuracy is not, the ranking travelled and the threshold did not.',
    '',
    ...writeTable(['TEST', 'VALIDATION', ...FIGURES.map(({ title }) => title), 'threshold'], rows),
    '',
  ];
}

/** The metric that ranks, and the one that depends on the threshold. */
const FIGURES = (['auc', 'balancedAccuracy'] as const).map((name) => ({ name, title: titleShortly(name) }));

function describeTest(run: LayoutRun): string[] {
  const test = run.evaluations.find(({ subset }) => subset === 'TEST');
  return FIGURES.map(({ name }) => {
    const { value, interval } = test ? readFigure(test, name) : { value: null, interval: null };
    if (value === null) return 'undefined';
    const ends = interval ? ` [${interval.map((end) => end.toFixed(3)).join(', ')}]` : '';
    return `${value.toFixed(3)}${ends}`;
  });
}

function listSites({ sites }: SplitRuns['split'], wanted: string): string {
  const names = sites.filter(({ subset }) => subset === wanted).map(({ site }) => site);
  return names.join(', ') || 'none';
}

/** With the path as the command has it, not as it is on the machine that made the page. */
function showSentence(sentence: string, { shownPath }: Imported['sample']): string {
  const shown = sentence.replaceAll(/\/\S*\/(?=\w)/g, (path) =>
    sentence.includes(`${path}${shownPath}`) ? '' : path,
  );
  return cutSentence(shown);
}

function cutSentence(sentence: string): string {
  return sentence.length > SENTENCE_MAX ? `${sentence.slice(0, SENTENCE_MAX)}…` : sentence;
}

function writeTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const writeRow = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [writeRow(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(writeRow)];
}

function count(value: number): string {
  return value.toLocaleString('en');
}
