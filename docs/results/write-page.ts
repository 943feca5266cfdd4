/** The results page as Markdown, from what the runs have stored. */
import { basename } from 'node:path';
import { listMainMetrics, titleShortly } from '@microtome/domain/metrics/metric';
import { readFigure, readObject } from '../../apps/cli/src/graphql/json-fields.ts';
import type { ResultRunFragment, ResultSplitFragment } from '../generated/graphql.ts';
import { describeContext } from './describe-context.ts';
import { count, type Figure, showSigned, table } from './page-words.ts';
import { PUBLISHED_BY_PATIENT, type PublishedResult } from './published.ts';
import { BASELINE, type Results } from './train-networks.ts';

/** No network was ever shown to do better on these slides by patient, so more is taken for a mistake. */
export const BELIEVABLE_BALANCED_ACCURACY = 0.9;
const METRICS = listMainMetrics(3);
const HEADS = METRICS.map(titleShortly);
const SHOWN_SETTINGS = [
  'batchSize',
  'optimizer',
  'learningRateSchedule',
  'augmentFlips',
  'classWeighting',
  'seed',
];

export function writePage(results: Results, pictureFile: string): string {
  return [
    '# Results on real patches',
    '',
    ...describeData(results),
    '## Split by patient',
    '',
    ...describeByPatient(results),
    `![AUC of every network on TEST, split by patient and by patch](${pictureFile})`,
    '',
    '## With neighbours',
    '',
    ...describeContext(results),
    '## What a leak would have made of it',
    '',
    ...describeLeak(results),
    '## Published, split by patient',
    '',
    ...describePublished(),
  ].join('\n');
}

/** A metric of an opened TEST with its interval by patient. */
export function readTestFigure(run: ResultRunFragment, name: string): Figure {
  const test = run.evaluations.find(({ subset }) => subset === 'TEST');
  const { value, interval } = test ? readFigure(test, name) : { value: null, interval: null };
  if (value === null || !interval) throw new Error(`The run "${run.name}" has no ${name} of TEST.`);
  return { value, low: interval[0], high: interval[1] };
}

function describeData({ request, dataset, largestPatient, byPatient }: Results): string[] {
  const [first] = byPatient.runs;
  const ofFirst = readObject(first!.hyperparameters);
  const settings = SHOWN_SETTINGS.map((name) => `\`${name}\` ${String(ofFirst[name])}`).join(', ');
  const networks = byPatient.runs.filter(({ architecture }) => architecture !== BASELINE);
  return [
    `Made by \`npm run results -- --dataset ${basename(request.datasetPath)} --epochs ${request.epochs} --max-patches ${request.maxPatches} --seeds ${request.seeds}\``,
    'from stored runs. Real patches of the public IDC set; positive class = IDC.',
    '',
    `- **Data**: ${count(dataset.patchCount)} patches of ${dataset.patientCount} patients, ` +
      `${percent(dataset.positiveCount / dataset.patchCount)} positive; at most ${largestPatient} patches of one patient ` +
      `${describeCap(request.maxPatches, dataset.patchCount)}. Digest \`${dataset.digest.slice(0, 12)}\`.`,
    `- **Settings**, the same for every network: ${request.epochs} epochs, ${settings}, ` +
      `\`learningRate\` ${String(readObject(networks[0]?.hyperparameters).learningRate)}; \`${BASELINE}\`, which is a logistic regression, ` +
      `${String(ofFirst.learningRate)} (most of its parameters are given, not learned). The rest are the defaults. Nothing was tuned.`,
    '- **Honesty**: epoch and threshold were chosen on VALIDATION, TEST was opened once for each run, intervals (95 %) are by',
    '  patient. One seed a network, but with neighbours: differences as small as between two seeds say nothing.',
    `- **Machine**: ${first!.device ?? 'unknown'}, backend \`${first!.backend ?? 'unknown'}\`. Hours are by the clock, whatever else it did.`,
    '',
  ];
}

/** Where a cap took patches of large patients away, their slides have holes, and neighbours say less. */
function describeCap(maxPatches: number, patchCount: number): string {
  if (patchCount < 0.9 * maxPatches) return '(all patches of the set)';
  return `(the import was capped at ${count(maxPatches)} patches, large patients giving way first)`;
}

function describeByPatient({ byPatient, comparison, request }: Results): string[] {
  const { split, runs } = byPatient;
  const rows = runs.map((run) => {
    const isDoubted = readTestFigure(run, 'balancedAccuracy').value > BELIEVABLE_BALANCED_ACCURACY;
    const cells = METRICS.map((name) => {
      const doubt = name === 'balancedAccuracy' && isDoubted ? ' **not believed**' : '';
      return show(readTestFigure(run, name)) + doubt;
    });
    return [run.architecture, ...cells, ...METRICS.map((name) => showDifference(comparison, run, name))];
  });
  const doubts = rows.some((row) => row.some((cell) => cell.includes('not believed')));
  return [
    describeSplit(split),
    '',
    'TEST, and the paired difference to `colour-baseline` on the same patches (intervals from whole patients drawn again).',
    '',
    ...table(['network', ...HEADS, ...HEADS.map((head) => `Δ ${head}`)], rows),
    '',
    `No balanced accuracy above ${BELIEVABLE_BALANCED_ACCURACY.toFixed(2)} is believed on a split by patient until it has been hunted down; ` +
      (doubts ? '**one above is marked, and has not been yet**.' : 'none is above it here.'),
    '',
    'What it cost:',
    '',
    ...table(
      [
        'network',
        'parameters',
        'TRAIN patches x epochs',
        'best epoch',
        'training, hours',
        'with evaluation, hours',
      ],
      runs.map((run) => [
        run.architecture,
        count(run.parameters ?? 0),
        `${count(countPatches(split, 'TRAIN'))} x ${run.epochsDone}${run.epochsDone < request.epochs ? ' (stopped early)' : ''}`,
        String(run.bestEpoch ?? '–'),
        hours(total(run, 'dataSeconds') + total(run, 'stepSeconds')),
        hours(total(run, 'seconds')),
      ]),
    ),
    '',
  ];
}

function describeLeak({ random, byPatient }: Results): string[] {
  const rows = random.runs.map((run, index) => {
    const honest = byPatient.runs[index]!;
    const cells = METRICS.map((name) => show(readTestFigure(run, name)));
    const gains = METRICS.map((name) => showGain(readTestFigure(run, name), readTestFigure(honest, name)));
    return [run.architecture, ...cells, ...gains];
  });
  const rule = random.split.audit?.noPixelBaseline;
  return [
    'The same networks, settings and patches on `RANDOM_PATCH`, the split of most tutorials: patches of one patient are on',
    `every side. ${describeSplit(random.split)} These figures are what one would have claimed; no such run can be promoted.`,
    '',
    ...table(['network', ...HEADS, ...HEADS.map((head) => `flattered: ${head}`)], rows),
    '',
    'Flattered: the figure here less the figure by patient, with the interval of a difference between two independent figures',
    '(MOVER, Zou & Donner 2008); the two TESTs are not the same patches.',
    '',
    ...(rule?.auc == null
      ? []
      : [
          `A rule that never looks at a pixel, but asks the ${rule.neighbours} nearest TRAIN patches of the same patient, reaches AUC ` +
            `${rule.auc.toFixed(3)} and balanced accuracy ${rule.balancedAccuracy?.toFixed(3) ?? '–'} on this split, and has nothing to say on the one by patient.`,
          '',
        ]),
  ];
}

function describePublished(): string[] {
  const show = (value: number | null | undefined) => value?.toFixed(3) ?? '–';
  const row = ({ work, method, note, ...figures }: PublishedResult) => [
    work,
    method,
    ...METRICS.map((name) => show(figures[name])),
    note,
  ];
  return [
    'Other patients of the same set, so not in the tables above. F1 depends on the share of positives.',
    '',
    ...table(['work', 'method', ...HEADS, 'on'], PUBLISHED_BY_PATIENT.map(row)),
    '',
  ];
}

function describeSplit({ strategy, seed, digest, subsets }: ResultSplitFragment): string {
  const sides = subsets.map(({ subset, patients, patches }) =>
    strategy === 'RANDOM_PATCH'
      ? `${subset} ${count(patches)}`
      : `${subset} ${patients} patients, ${count(patches)} patches`,
  );
  return `\`${strategy}\`, seed ${seed}, digest \`${digest.slice(0, 12)}\`: ${sides.join('; ')}.`;
}

function showDifference({ pairs }: Results['comparison'], run: ResultRunFragment, name: string): string {
  const pair = pairs.find(({ a, b }) => a.id === run.id || b.id === run.id);
  if (run.architecture === BASELINE || !pair) return '–';
  if (pair.refused) return pair.refused;
  const metric = pair.metrics.find((row) => row.name === name);
  if (metric?.difference == null || metric.low === null || metric.high === null) return '–';
  const { difference, low, high } = metric;
  // The pair says a − b; here the baseline is always taken off.
  return pair.a.id === run.id
    ? showSigned({ value: difference, low, high })
    : showSigned({ value: -difference, low: -high, high: -low });
}

/** The method of variance estimates recovery: an interval of a − b from the intervals of a and of b. */
function showGain(a: Figure, b: Figure): string {
  const value = a.value - b.value;
  const low = value - Math.hypot(a.value - a.low, b.high - b.value);
  const high = value + Math.hypot(a.high - a.value, b.value - b.low);
  return showSigned({ value, low, high });
}

function total(run: ResultRunFragment, name: string): number {
  const points = run.metrics.find((series) => series.name === name)?.points ?? [];
  return points.reduce((sum, { value }) => sum + (value ?? 0), 0);
}

function countPatches({ subsets }: ResultSplitFragment, wanted: string): number {
  return subsets.find(({ subset }) => subset === wanted)?.patches ?? 0;
}

function show({ value, low, high }: Figure): string {
  return `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

function hours(seconds: number): string {
  return (seconds / 3600).toFixed(3);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
