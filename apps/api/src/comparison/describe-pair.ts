/** The PDF sections on each pair: differences, tests, agreement, the patients that differ most. */
import type { PairedComparison, PairTests } from '@microtome/domain/comparison/paired-comparison';
import {
  findMetric,
  isMeanOverPatients,
  type MetricSubject,
  titleMetric,
} from '@microtome/domain/metrics/metric';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { describeDraws, hasUnits, nameIndependent, nameUnit } from '@microtome/domain/unit/unit-words';
import { drawIntervalChart } from '../report/draw-interval-chart.ts';
import { drawXyChart } from '../report/draw-xy-chart.ts';
import {
  formatCount,
  formatFigure,
  formatInterval,
  formatMetricTitle,
  formatP,
  formatSigned,
} from '../report/format-figure.ts';
import type { ReportBlock, ReportCell, ReportColumn } from '../report/report-document.ts';
import { describeTests } from './describe-pair-tests.ts';
import type { ComparisonEvidence } from './gather-comparison-evidence.ts';

const MAX_DESCRIBED_PAIRS = 6;
const MAX_LISTED_PATIENTS = 12;

type Wording = { subject: MetricSubject; hasSeveral: boolean };

export function describePairs({ pairs, comparison }: ComparisonEvidence): ReportBlock[] {
  const tested = pairs.filter(({ tests }) => tests !== null);
  const described = tested.slice(0, MAX_DESCRIBED_PAIRS);
  const left = tested.length - described.length;
  return [
    ...described.flatMap((pair) =>
      describePair(pair, {
        subject: {
          positiveClass: comparison.runs[0]?.experiment.task.positiveName ?? '',
          unit: pair.unit,
        },
        hasSeveral: tested.length > 1,
      }),
    ),
    ...(left > 0
      ? [
          {
            kind: 'paragraph',
            text: `Another ${left} tested pairs are shown on the page only.`,
          } as const,
        ]
      : []),
    ...listRefused(pairs),
  ];
}

function describePair(pair: PairedComparison, { subject, hasSeveral }: Wording): ReportBlock[] {
  const { a, b, tests } = pair;
  if (!tests) return [];
  const charted = pair.metrics.flatMap(({ metric, difference, interval }) =>
    interval && isInChart(metric) ? [{ metric, difference, interval }] : [],
  );
  const { by } = nameUnit(pair.unit);
  const restricted = pair.restricted
    ? ` Their TEST ${nameIndependent(pair.unit)} differ (${pair.patients} and ${pair.patientsB}): only those that both share are in this.`
    : '';
  return [
    { kind: 'heading', text: `${a.name} minus ${b.name}` },
    { kind: 'paragraph', text: sayPairing(pair) + restricted },
    ...(pair.caution
      ? [{ kind: 'notice', title: titleCaution(pair.unit), items: [pair.caution] } as const]
      : []),
    ...sayAuc(pair, { subject, hasSeveral }),
    {
      kind: 'figures',
      figures: [
        {
          svg: drawIntervalChart({
            rows: charted.map(({ metric, difference, interval: [low, high] }) => ({
              label: titleMetric(metric, subject),
              value: difference,
              low,
              high,
            })),
            xLabel: `${a.name} minus ${b.name}`,
            reference: 0,
          }),
          caption: `Differences with 95 % intervals ${by}. An interval that contains 0 does not tell the two apart.`,
        },
      ],
    },
    tabulateDifferences(pair, { rows: listRows(pair), subject, hasSeveral }),
    ...describeTests(tests, pair.unit),
    ...describeAgreement(pair, tests),
    ...describePatients(pair),
  ];
}

function sayPairing({ unit, sharedPatients, patches, draws }: PairedComparison): string {
  if (!hasUnits(unit))
    return `Paired over ${formatCount(patches)} patches of TEST, whose patients are unknown.`;
  return `Paired over ${formatCount(sharedPatients)} TEST ${nameUnit(unit).many} (${formatCount(patches)} patches), ${describeDraws(unit, draws)}.`;
}

/** Without a unit a mean over units would be that of its one row, which stands for none. */
function listRows({ metrics, unit }: PairedComparison): PairedComparison['metrics'] {
  return metrics.filter(({ metric }) => hasUnits(unit) || !isMeanOverPatients(metric));
}

function titleCaution(unit: SplittingUnit): string {
  return hasUnits(unit) ? `Few ${nameUnit(unit).many}` : nameUnit(unit).heading;
}

/** Log loss and the like have other scales than metrics that end at 1; means over patients are in the table only. */
function isInChart(name: string): boolean {
  return findMetric(name)?.high === 1 && !isMeanOverPatients(name);
}

function sayAuc({ metrics }: PairedComparison, { subject, hasSeveral }: Wording): ReportBlock[] {
  const auc = metrics.find(({ metric }) => metric === 'auc');
  if (!auc) return [];
  const overPairs = hasSeveral ? `, over the tested pairs ${formatP(auc.acrossPairsP)}` : '';
  return [
    {
      kind: 'paragraph',
      text:
        `${titleMetric('auc', subject)}: ${formatFigure(auc.a)} and ${formatFigure(auc.b)}, difference ` +
        `${formatSigned(auc.difference)} (95 % ${formatInterval(auc.interval)}), p ${formatP(auc.pValue)}, after ` +
        `Holm over the metrics ${formatP(auc.adjustedP)}${overPairs}. Reading: ${auc.verdict.text}.`,
    },
  ];
}

function tabulateDifferences(
  { a, b }: PairedComparison,
  { rows, subject, hasSeveral }: Wording & { rows: PairedComparison['metrics'] },
): ReportBlock {
  const right = (header: string): ReportColumn => ({ header, align: 'right' });
  return {
    kind: 'table',
    columns: [
      { header: 'Metric', width: 'grow' },
      ...[a.name, b.name, 'Difference', '95 % interval', 'p', 'p (Holm)'].map(right),
      ...(hasSeveral ? [right('p (pairs)')] : []),
    ],
    rows: rows.map((row): ReportCell[] => [
      formatMetricTitle(row.metric, subject),
      formatFigure(row.a),
      formatFigure(row.b),
      { text: formatSigned(row.difference), bold: true },
      formatInterval(row.interval),
      formatP(row.pValue),
      formatP(row.adjustedP),
      ...(hasSeveral ? [formatP(row.acrossPairsP)] : []),
    ]),
    note: `p (Holm): over the ${rows.length} metrics of this pair.${hasSeveral ? ' p (pairs): over the tested pairs, for this metric.' : ''}`,
  };
}

function describeAgreement({ a, b }: PairedComparison, { agreement }: PairTests): ReportBlock[] {
  return [
    { kind: 'subheading', text: 'Agreement at each run’s own threshold, in patches' },
    {
      kind: 'table',
      columns: [
        { header: '', width: 'grow' },
        { header: `${b.name} right`, align: 'right' },
        { header: `${b.name} wrong`, align: 'right' },
      ],
      rows: [
        [`${a.name} right`, formatCount(agreement.bothRight), formatCount(agreement.onlyA)],
        [`${a.name} wrong`, formatCount(agreement.onlyB), formatCount(agreement.bothWrong)],
      ],
    },
  ];
}

function describePatients({ a, b, unit, differing }: PairedComparison): ReportBlock[] {
  if (!hasUnits(unit)) return [];
  const { one, many, heading, title } = nameUnit(unit);
  const listed = differing.slice(0, MAX_LISTED_PATIENTS);
  const scatter = drawXyChart({
    xLabel: `Accuracy of ${b.name}`,
    yLabel: `Accuracy of ${a.name}`,
    x: [0, 1],
    y: [0, 1],
    diagonal: true,
    series: [
      {
        name: one,
        as: 'marks',
        points: differing.map(({ accuracyA, accuracyB }) => ({ x: accuracyB, y: accuracyA })),
      },
    ],
  });
  return [
    { kind: 'subheading', text: `${heading} where they differ most` },
    {
      kind: 'table',
      columns: [
        { header: title, width: 'grow' },
        { header: 'Patches', align: 'right' },
        { header: `Accuracy of ${a.name}`, align: 'right' },
        { header: `Accuracy of ${b.name}`, align: 'right' },
        { header: 'Difference', align: 'right' },
        { header: `Only ${a.name} right`, align: 'right' },
        { header: `Only ${b.name} right`, align: 'right' },
      ],
      rows: listed.map((row) => [
        ...[
          row.patientKey,
          formatCount(row.patches),
          formatFigure(row.accuracyA),
          formatFigure(row.accuracyB),
        ],
        { text: formatSigned(row.accuracyA - row.accuracyB), bold: true },
        ...[formatCount(row.onlyA), formatCount(row.onlyB)],
      ]),
      note: `${listed.length} of ${differing.length} ${many}.`,
    },
    {
      kind: 'figures',
      atLeastColumns: 2,
      figures: [
        {
          svg: scatter,
          caption: `One dot per ${one}. Above the line ${a.name} is right more often, below it ${b.name}.`,
        },
      ],
    },
  ];
}

function listRefused(pairs: readonly PairedComparison[]): ReportBlock[] {
  const reasons = new Map<string, number>();
  for (const { refused } of pairs) if (refused) reasons.set(refused, (reasons.get(refused) ?? 0) + 1);
  if (reasons.size === 0) return [];
  return [
    { kind: 'heading', text: 'Not tested' },
    {
      kind: 'list',
      items: [...reasons].map(([reason, count]) => `${reason}${count > 1 ? ` (${count} pairs)` : ''}`),
    },
  ];
}
