/**
 * What is read follows a dataset's unit and task: no page, paper, card or verdict speaks of patients, or of IDC, of its own
 * accord. The words come from domain/unit/unit-words.ts and from the task; the texts below may say them, each for a reason.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from '@babel/parser';
import { type Node, traverseFast } from '@babel/types';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const READ = [
  'apps/web',
  'apps/api/src/comparison',
  'apps/api/src/model-card',
  'apps/cli/src/demo',
  'packages/domain/src/audit',
  'packages/domain/src/comparison',
  'packages/domain/src/evaluation',
  'packages/domain/src/promotion',
  'packages/domain/src/split',
  'packages/domain/src/statistics',
  'workers/train/src/prediction',
];
const SPEAKS = /\b([Pp]atients?|IDC)\b/;
/** Without a space and not a heading: the key of a record, a file, columns that are a contract. */
const KEY = /^(?![A-Z]\w*$)\S*$/;
/** That patients are unknown is what has to be said. */
const UNKNOWN = /patients? (are )?unknown/i;

/** Where a text begins so it may say it, for the reason above it. */
const MAY_SAY: readonly [file: string, ...begins: string[]][] = [
  // It is about what a source tells of patients.
  ['apps/web/app/datasets/import/', ''],
  ['apps/web/app/splits/audit/', ''],
  ['apps/web/app/evaluate/', ''],
  ['apps/web/split/list-options.tsx', ''],
  ['apps/web/app/datasets/[id]/dataset-facts.tsx', 'Patients'],
  ['apps/web/app/splits/[id]/list-leakage-facts.ts', 'Patients'],
  ['apps/api/src/model-card/card-origin.ts', 'IDC', 'A patient is a'],
  ['apps/api/src/model-card/card-record.ts', 'Identity of patients'],
  ['packages/domain/src/promotion/promotion-gate.ts', 'Its dataset tells patients.'],
  // It is about all datasets, before one is chosen.
  ['apps/web/app/compare/compare-view.tsx', 'What differs'],
  ['apps/web/app/layout.tsx', 'Experiment tracking'],
  ['apps/web/app/list-steps.ts', 'Split by patient', 'No patient'],
  ['apps/web/app/splits/splits-view.tsx', 'What is used', 'Import a dataset first'],
  [
    'packages/domain/src/promotion/promotion-policy.ts',
    'Fewer TEST patients',
    'Asks for an external evaluation',
  ],
  // The published lists are of IDC's patients.
  ['apps/web/app/splits/[id]/split-facts.tsx', 'patients of the published lists'],
  ['apps/web/split/name-strategy.ts', 'The published lists'],
  ['packages/domain/src/split/cruz-roa-2014.ts', ''],
  // Columns that are a contract.
  ['workers/train/src/prediction/predict.ts', 'Columns:'],
  // Nobody reads it: what must be true of code.
  ['packages/domain/src/audit/no-pixel-baseline.ts', 'a patient with'],
  ['packages/domain/src/split/patient-stratified-split.ts', 'a random index', 'a placed patient'],
];

it('no text that is read says patient or IDC where the unit or the task has a word of its own', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...READ], {
    cwd: root,
    encoding: 'utf8',
  });
  const found = files
    .split('\n')
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('/generated/'))
    .flatMap((file) => findTexts(file).map((text) => ({ file, text })))
    .filter(({ text }) => SPEAKS.test(text) && !KEY.test(text) && !UNKNOWN.test(text));
  const maySay = ({ file, text }: (typeof found)[number]) =>
    MAY_SAY.some(
      ([place, ...begins]) => file.startsWith(place) && begins.some((one) => text.startsWith(one)),
    );
  const strays = found.filter((one) => !maySay(one));
  expect(strays.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
});

/** Every literal, part of a template and text of a page, on one line. */
function findTexts(file: string): string[] {
  const texts: string[] = [];
  const plugins = ['typescript' as const, ...(file.endsWith('x') ? ['jsx' as const] : [])];
  const tree = parse(readFileSync(root + file, 'utf8'), { sourceType: 'module', plugins });
  traverseFast(tree, (node: Node) => {
    if (node.type === 'StringLiteral' || node.type === 'JSXText') texts.push(node.value);
    if (node.type === 'TemplateElement') texts.push(node.value.cooked ?? '');
  });
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}
