/** The PDF sections on each run by itself: metrics with intervals, curves, reliability. */
import {
  listMainMetrics,
  type MetricSubject,
  POOLED_METRICS,
  titleMetric,
} from '@microtome/domain/metrics/metric';
import type { Interval } from '@microtome/domain/statistics/binomial-interval';
import { widthRatio } from '@microtome/domain/statistics/naive-intervals';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import {
  countUnits,
  describeDraws,
  hasUnits,
  nameUnit,
  warnOfIntervals,
} from '@microtome/domain/unit/unit-words';
import type { EvaluationPicture } from '../evaluation/evaluation-picture.ts';
import { listShownIntervals } from '../evaluation/shown-intervals.ts';
import { drawXyChart, type XySeries } from '../report/draw-xy-chart.ts';
import { formatFigure, formatInterval, formatMetricTitle } from '../report/format-figure.ts';
import type { ReportBlock, ReportCell, ReportColumn } from '../report/report-document.ts';
import { describeSites } from './describe-sites.ts';
import type { ComparisonEvidence, ReportedEvaluation } from './gather-comparison-evidence.ts';

/** With more runs, a table of metrics has one row per run. */
const MAX_RUN_COLUMNS = 3;
/** How many metrics fit into that table. */
const MAIN_METRICS = listMainMetrics(7);

/** TEST where it is open, and VALIDATION, on which runs are ranked and thresholds are chosen. */
export function describeEvaluations(evidence: ComparisonEvidence): ReportBlock[] {
  return (['TEST', 'VALIDATION'] as const).flatMap((subset) => {
    const evaluations = evidence.evaluations[subset];
    if (evaluations.length === 0) return [];
    const positiveClass = evidence.comparison.runs[0]?.experiment.task.positiveName ?? '';
    const subject = { positiveClass, unit: evidence.dataset.unit };
    return [
      { kind: 'heading', text: `Each run on ${subset}` } as const,
      tabulate(evaluations, subject),
      ...describeSites(evaluations, { subset, ...subject }),
      ...(subset === 'TEST' ? [warnOfNaive(evaluations, subject)].flat() : []),
      // Pictures of both subsets would repeat each other.
      ...(subset === 'TEST' || evidence.evaluations.TEST.length === 0
        ? drawPictures(evaluations, { subset, ...subject })
        : []),
    ];
  });
}

function tabulate(evaluations: readonly ReportedEvaluation[], subject: MetricSubject): ReportBlock {
  if (evaluations.length > MAX_RUN_COLUMNS) {
    return {
      kind: 'table',
      columns: [
        { header: 'Run', width: 'grow' },
        ...MAIN_METRICS.map(
          (name): ReportColumn => ({
            header: formatMetricTitle(name, subject),
            align: 'right',
            width: 52,
          }),
        ),
      ],
      rows: evaluations.map((one) => [
        one.run.name,
        ...MAIN_METRICS.map((name) => formatFigure(readMetric(one, { name, unit: subject.unit }).value)),
      ]),
    };
  }
  return {
    kind: 'table',
    columns: [
      { header: 'Metric', width: 'grow' },
      ...evaluations.flatMap(({ run }): ReportColumn[] => [
        { header: run.name, align: 'right' },
        { header: '95 % interval', align: 'right' },
      ]),
    ],
    rows: POOLED_METRICS.map((name) => [
      formatMetricTitle(name, subject),
      ...evaluations.flatMap((one): ReportCell[] => {
        const { value, interval } = readMetric(one, { name, unit: subject.unit });
        return [
          { text: formatFigure(value), bold: true },
          { text: formatInterval(interval), tone: 'muted' },
        ];
      }),
    ]),
    note: countPatches(evaluations, subject.unit),
  };
}

function countPatches([first]: readonly ReportedEvaluation[], unit: SplittingUnit): string {
  const { patches = 0, patients = 0 } = first?.row.metrics ?? {};
  if (!hasUnits(unit)) return `${patches} patches. ${warnOfIntervals(unit)}`;
  return `${patches} patches of ${countUnits(unit, patients)}; intervals from ${describeDraws(unit, first?.row.draws ?? 0)}.`;
}

/** The naive interval, which must not be claimed: it is shown next to the right one and marked as wrong. */
function warnOfNaive(evaluations: readonly ReportedEvaluation[], subject: MetricSubject): ReportBlock[] {
  const rows = evaluations.flatMap(({ run, row, picture }) =>
    Object.entries(picture?.intervalsByPatch ?? {}).flatMap(([name, naive]): ReportCell[][] => {
      const right = row.intervals[name];
      const ratio = right ? widthRatio(right, naive) : null;
      if (!right || ratio === null) return [];
      return [
        [
          run.name,
          formatMetricTitle(name, subject),
          formatInterval(right),
          { text: formatInterval(naive), tone: 'caution' },
          `${ratio.toFixed(1)} times`,
        ],
      ];
    }),
  );
  if (rows.length === 0) return [];
  return [
    { kind: 'subheading', text: 'What treating patches as independent would have claimed' },
    {
      kind: 'table',
      columns: [
        { header: 'Run' },
        { header: 'Metric', width: 'grow' },
        { header: `95 % ${nameUnit(subject.unit).by}`, align: 'right' },
        { header: '95 % by patch: WRONG here', align: 'right' },
        { header: 'Right one is wider', align: 'right' },
      ],
      rows,
    },
  ];
}

function drawPictures(
  evaluations: readonly ReportedEvaluation[],
  { subset, positiveClass, unit }: MetricSubject & { subset: string },
): ReportBlock[] {
  const drawn = evaluations.flatMap(({ run, picture }) => (picture ? [{ name: run.name, picture }] : []));
  const left = evaluations.length - drawn.length;
  return [
    {
      kind: 'figures',
      figures: [
        {
          svg: drawRoc(drawn),
          caption: `ROC of ${positiveClass} on ${subset}; the dashed line is chance.`,
        },
        {
          svg: drawReliability(drawn, positiveClass),
          caption: 'Reliability: on the dashed line, a probability is exactly right.',
        },
      ],
    },
    {
      kind: 'figures',
      figures: [
        { svg: drawPrecision(drawn), caption: `Precision and recall of ${positiveClass} on ${subset}.` },
        ...(hasUnits(unit) ? [pictureAreas(drawn, { positiveClass, unit })] : []),
      ],
    },
    ...(left > 0
      ? [
          {
            kind: 'paragraph',
            tone: 'muted',
            text: `The first ${drawn.length} runs are drawn, ${left} are not.`,
          } as const,
        ]
      : []),
  ];
}

type Drawn = readonly { name: string; picture: EvaluationPicture }[];
type Axes = { xLabel: string; yLabel: string; diagonal?: boolean };

function drawEach(
  drawn: Drawn,
  axes: Axes,
  pick: (picture: EvaluationPicture) => Omit<XySeries, 'name'>,
): string {
  const series = drawn.map(({ name, picture }) => ({ name, ...pick(picture) }));
  return drawXyChart({ ...axes, x: [0, 1], y: [0, 1], series });
}

function drawRoc(drawn: Drawn): string {
  const axes = { xLabel: '1 − specificity', yLabel: titleMetric('sensitivity'), diagonal: true };
  return drawEach(drawn, axes, ({ roc }) => ({ as: 'line', points: roc }));
}

function drawPrecision(drawn: Drawn): string {
  const axes = { xLabel: 'Recall (sensitivity)', yLabel: titleMetric('ppv') };
  return drawEach(drawn, axes, ({ pr }) => ({ as: 'line', points: pr }));
}

function drawReliability(drawn: Drawn, positiveClass: string): string {
  const axes = { xLabel: 'Mean probability of the bin', yLabel: `Share of ${positiveClass}`, diagonal: true };
  return drawEach(drawn, axes, ({ reliability }) => ({
    as: 'both',
    points: reliability
      .filter(({ count }) => count > 0)
      .map(({ meanProbability, positiveShare }) => ({ x: meanProbability, y: positiveShare })),
  }));
}

function pictureAreas(drawn: Drawn, { positiveClass, unit }: MetricSubject) {
  const { one } = nameUnit(unit);
  const xLabel = `True share of ${positiveClass} in the ${one}`;
  const svg = drawEach(drawn, { xLabel, yLabel: 'Called share', diagonal: true }, ({ patients }) => ({
    as: 'marks',
    points: patients.map(({ trueArea, predictedArea }) => ({ x: trueArea, y: predictedArea })),
  }));
  return { svg, caption: `One dot per ${one}: area of ${positiveClass} as called against as labelled.` };
}

function readMetric(
  evaluation: ReportedEvaluation,
  { name, unit }: { name: string; unit: SplittingUnit },
): { value: number | null; interval: Interval | null } {
  const metrics: Record<string, unknown> = evaluation.row.metrics;
  const value = metrics[name];
  const interval = listShownIntervals(evaluation, unit)[name] ?? null;
  return { value: typeof value === 'number' ? value : null, interval };
}
