/** What the demo prints. On a terminal, progress replaces itself in one line; elsewhere it is left out. */
import { listMainMetrics, titleShortly } from '@microtome/domain/metrics/metric';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { countUnits, explainUnit, nameIndependent, nameUnit } from '@microtome/domain/unit/unit-words';
import type {
  DemoComparisonFragment,
  DemoDatasetFragment,
  DemoEvaluationFragment,
  DemoImportFragment,
  DemoPromotionFragment,
  DemoRunFragment,
  DemoSplitFragment,
} from '../../generated/graphql.ts';
import { readFigure } from '../graphql/json-fields.ts';

/** The dataset with the task that the demo takes. */
export type DemoDataset = DemoDatasetFragment & { task: DemoDatasetFragment['tasks'][number] };

/** In the lines of epochs and of pairs, and in that of TEST. */
const HEADLINES = listMainMetrics(2);
const MAIN_METRICS = listMainMetrics(5);

const isTerminal = Boolean(process.stdout.isTTY);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const figure = (value: number | null | undefined) => (value == null ? '–' : value.toFixed(3));

function printTransient(line: string): void {
  if (isTerminal) process.stdout.write(`\r\x1b[2K${line}`);
}

function printLine(line: string): void {
  if (isTerminal) process.stdout.write('\r\x1b[2K');
  console.log(line);
}

export function printImportProgress(state: DemoImportFragment): void {
  const rate = state.filesPerSecond ? `, ${Math.round(state.filesPerSecond)} a second` : '';
  const left = state.secondsLeft ? `, ${Math.ceil(state.secondsLeft)} s left` : '';
  printTransient(`  ${state.phase}: ${state.filesDone} of ${state.filesTotal} files${rate}${left}`);
}

export function printDataset(dataset: DemoDataset, reused: boolean): void {
  const { name, positiveName, positiveCount, patchCount } = dataset.task;
  const { kind: unit } = dataset.unit;
  const share = percent(positiveCount / patchCount);
  printLine(
    `  ${dataset.name}: ${countUnits(unit, dataset.patientCount)}, ${dataset.patchCount} patches (${share} ${positiveName}), ` +
      `${dataset.stripCount} edge strips left out, ${dataset.refusedCount} files refused${reused ? '; the same bytes were imported before' : ''}`,
  );
  printLine(`  task: ${name}`);
  const warning = explainUnit(unit);
  if (warning) printLine(`  ${warning}`);
}

export function printSplit(split: DemoSplitFragment, { task, unit }: DemoDataset): void {
  console.log(`\nSplit ${nameUnit(unit.kind).by}, seed ${split.seed}, digest ${split.digest.slice(0, 16)}…`);
  for (const row of split.subsets) {
    console.log(
      `  ${row.subset.padEnd(10)} ${countUnits(unit.kind, row.patients).padStart(13)} ${String(row.patches).padStart(7)} patches ` +
        `${percent(row.positiveShare).padStart(7)} ${task.positiveName}`,
    );
  }
}

export function printWait(architecture: string, sentence: string): void {
  printLine(`  ${architecture.padEnd(8)} waits: ${sentence}`);
}

export function printRunProgress(
  architecture: string,
  progress: {
    phase: string;
    epoch: number;
    epochs: number;
    batch: number;
    batches: number;
    patchesPerSecond: number | null;
    secondsLeft: number | null;
  },
): void {
  const rate = progress.patchesPerSecond ? `${Math.round(progress.patchesPerSecond)} patches/s` : '';
  const left = progress.secondsLeft ? `${Math.ceil(progress.secondsLeft)} s left` : '';
  printTransient(
    `  ${architecture.padEnd(8)} ${progress.phase} epoch ${progress.epoch}/${progress.epochs} batch ${progress.batch}/${progress.batches} ${rate} ${left}`,
  );
}

export function printEpoch(
  architecture: string,
  payload: Record<string, unknown>,
  metrics: { name: string; value: number }[],
): void {
  const value = new Map(metrics.map((metric) => [metric.name, metric.value]));
  const show = (subset: string, names: readonly string[]) =>
    names.map((name) => `${titleShortly(name)} ${figure(value.get(`${subset}.${name}`))}`).join(' ');
  printLine(
    `  ${architecture.padEnd(8)} epoch ${String(payload.epoch).padStart(3)}  ${show('train', ['loss'])}  ` +
      `validation: ${show('validation', ['loss', ...HEADLINES])}  ${Math.round(value.get('patchesPerSecond') ?? 0)} patches/s`,
  );
}

export function printOutcome(outcome: {
  dataset: DemoDataset;
  runs: DemoRunFragment[];
  baseline: DemoRunFragment | null;
  comparison: DemoComparisonFragment;
  promotion: DemoPromotionFragment;
  seconds: number;
}): void {
  const { positiveName } = outcome.dataset.task;
  const { kind: unit } = outcome.dataset.unit;
  console.log(
    `\nTEST of ${positiveName}, ${nameIndependent(unit)} that neither run has seen (95 % intervals ${nameUnit(unit).by})`,
  );
  for (const run of outcome.baseline ? [...outcome.runs, outcome.baseline] : outcome.runs) {
    const test = run.evaluations.find((row) => row.subset === 'TEST');
    if (test) console.log(`  ${run.architecture.padEnd(8)} ${describeEvaluation(test)}`);
  }
  for (const { architecture, learning } of [
    ...outcome.runs,
    ...(outcome.baseline ? [outcome.baseline] : []),
  ]) {
    if (learning?.state === 'NOT_LEARNED')
      console.log(`  ${architecture}: ${learning.title}. ${learning.reason}`);
  }
  for (const pair of outcome.comparison.pairs) printPair(pair, { runs: outcome.runs, unit });
  const { warnings, pairs } = outcome.comparison;
  for (const note of [...pairs.flatMap(({ caution }) => caution ?? []), ...warnings])
    console.log(`  Note: ${note}`);
  const { promotion } = outcome;
  console.log(
    `\nPromotion of version ${promotion.promotion.version.number} to ${promotion.promotion.alias}: ${promotion.allowed ? 'allowed' : 'refused'}`,
  );
  for (const reason of promotion.reasons) console.log(`  ${reason}`);
  for (const warning of listWarnings(promotion)) console.log(`  Warning: ${warning}`);
  console.log(`\n${outcome.seconds.toFixed(0)} s in all`);
}

/** What the gate says without refusing for it. */
export function listWarnings({ promotion }: DemoPromotionFragment): string[] {
  return promotion.verdict.rules
    .filter(({ kind, passed }) => kind === 'warning' && !passed)
    .map(({ sentence }) => sentence);
}

function describeEvaluation(evaluation: DemoEvaluationFragment): string {
  return MAIN_METRICS.map((name) => {
    const { value, interval } = readFigure(evaluation, name);
    return `${titleShortly(name)} ${figure(value)}${interval ? ` [${figure(interval[0])}, ${figure(interval[1])}]` : ''}`;
  }).join('  ');
}

function printPair(
  pair: DemoComparisonFragment['pairs'][number],
  { runs, unit }: { runs: DemoRunFragment[]; unit: SplittingUnit },
): void {
  if (pair.refused) {
    console.log(`  Not compared: ${pair.refused}`);
    return;
  }
  for (const metric of pair.metrics.filter(({ name }) => HEADLINES.some((headline) => headline === name))) {
    const p = metric.pValue === null ? '' : `, p ${metric.pValue.toFixed(4)}`;
    console.log(
      `  ${runs[0]?.architecture} − ${runs[1]?.architecture}: ${titleShortly(metric.name)} ${figure(metric.difference)} [${figure(metric.low)}, ${figure(metric.high)}]${p} (${countUnits(unit, pair.patients)}): ${metric.verdict.text}`,
    );
  }
}
