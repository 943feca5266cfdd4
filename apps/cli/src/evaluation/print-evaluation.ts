/** The statistics of a table of scores as a terminal shows them: figures by model, sites, and the verdict on each pair. */
import { countNoun } from '@microtome/domain/count-noun';
import { listMainMetrics, RECALIBRATION_METRICS, titleMetric } from '@microtome/domain/metrics/metric';
import { escapeUnprintable } from '@microtome/domain/printable-text';
import type {
  ModelEvaluation,
  TableEvaluation,
  TablePair,
} from '@microtome/domain/scored-table/evaluate-table';
import type { Interval } from '@microtome/domain/statistics/binomial-interval';
import { countUnits, describeDraws, hasUnits } from '@microtome/domain/unit/unit-words';

const FIGURES = [...listMainMetrics(10), ...RECALIBRATION_METRICS];
const SITE_FIGURE = 'auc';
const SHOWN_SITES = 30;
const DIGITS = 3;

type Side = TableEvaluation['sides'][number];

export function printEvaluation(evaluation: TableEvaluation): void {
  const { layout, notes, rows, positiveName, negativeName, unit, draws, pairing } = evaluation;
  const lines = [
    `${countNoun(rows, 'row')}; ${layout}.`,
    `Positive: ${positiveName}; negative: ${negativeName}.`,
    ...(hasUnits(unit) ? [`Intervals are 95 %, from ${describeDraws(unit, draws)}.`] : []),
    ...notes,
    ...evaluation.sides.flatMap((side) => describeSide(side, evaluation)),
    ...(pairing === null ? [] : ['', pairing]),
    ...evaluation.pairs.flatMap(describePair),
  ];
  for (const line of lines) console.log(escapeUnprintable(line));
}

function describeSide(side: Side, { unit, positiveName }: TableEvaluation): string[] {
  const counts = [countNoun(side.rows, 'row'), `${side.positives.toLocaleString('en')} positive`];
  if (hasUnits(unit)) counts.push(countUnits(unit, side.patients));
  const figures = FIGURES.map((name) => [
    titleMetric(name, { positiveClass: positiveName, unit }),
    ...side.models.map(({ metrics, intervals }) => writeFigure(metrics[name], intervals[name])),
  ]);
  return [
    '',
    `${side.side === 'ALL' ? 'All rows' : side.side}: ${counts.join(', ')}`,
    ...layOut([
      ['', ...side.models.map(({ name }) => name)],
      ['Threshold', ...side.models.map(({ threshold }) => String(Number(threshold.toPrecision(6))))],
      ...figures,
    ]),
    ...describeThresholds(side.models),
    ...describeSites(side.models),
  ];
}

function describeThresholds(models: readonly ModelEvaluation[]): string[] {
  const sources = new Set(models.map(({ thresholdFrom }) => thresholdFrom));
  const all = models.length === 1 ? 'The threshold is' : 'Thresholds are';
  if (sources.size === 1) return [`  ${all} ${[...sources][0]}.`];
  return models.map(({ name, thresholdFrom }) => `  The threshold of ${name} is ${thresholdFrom}.`);
}

function describeSites(models: readonly ModelEvaluation[]): string[] {
  const sites = models[0]?.sites ?? [];
  if (sites.length < 2) return [];
  const rows = sites
    .slice(0, SHOWN_SITES)
    .map(({ site, metrics: { patches, patients } }, at) => [
      `${site} (${countNoun(patches, 'row')}, ${patients})`,
      ...models.map(({ sites: own }) =>
        writeFigure(own[at]?.metrics[SITE_FIGURE] ?? null, own[at]?.intervals[SITE_FIGURE]),
      ),
    ]);
  const left = sites.length - rows.length;
  return [
    `  ${titleMetric(SITE_FIGURE)} by site (rows, patients):`,
    ...layOut(rows),
    ...(left > 0 ? [`  and ${left} more (--json lists all)`] : []),
  ];
}

function describePair({ sentence, metrics, a, b }: TablePair): string[] {
  const rows = metrics
    .filter(({ metric }) => FIGURES.some((name) => name === metric))
    .map(({ metric, difference, interval, adjustedP, verdict }) => [
      titleMetric(metric),
      writeFigure(difference, interval ?? undefined),
      adjustedP === null ? '' : `p ${adjustedP < 0.001 ? '< 0.001' : adjustedP.toFixed(DIGITS)}`,
      verdict.text,
    ]);
  return ['', sentence, `  ${a.name} minus ${b.name}, p after Holm over the figures:`, ...layOut(rows)];
}

function writeFigure(value: number | null, interval: Interval | undefined): string {
  if (value === null) return '-';
  return `${write(value)}${interval ? ` (${interval.map(write).join(' to ')})` : ''}`;
}

/** Without a sign where nothing is left of the number. */
function write(value: number): string {
  return (Number(value.toFixed(DIGITS)) || 0).toFixed(DIGITS);
}

function layOut(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
}
