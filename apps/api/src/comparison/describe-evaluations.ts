/** The PDF sections on each run by itself: metrics with intervals, curves, reliability. */
import { listMainMetrics, POOLED_METRICS, titleMetric } from '@microtome/domain/metrics/metric';
import type { Interval } from '@microtome/domain/statistics/binomial-interval';
import { widthRatio } from '@microtome/domain/statistics/naive-intervals';
import type { EvaluationPicture } from '../evaluation/evaluation-picture.ts';
import { drawXyChart, type XySeries } from '../report/draw-xy-chart.ts';
import { formatFigure, formatInterval, formatMetricTitle } from '../report/format-figure.ts';
import type { ReportBlock, ReportCell, ReportColumn } from '../report/report-document.ts';
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
    return [
      { kind: 'heading', text: `Each run on ${subset}` } as const,
      tabulate(evaluations, positiveClass),
      ...(subset === 'TEST' ? [warnOfNaive(evaluations, positiveClass)].flat() : []),
      // Pictures of both subsets would repeat each other.
      ...(subset === 'TEST' || evidence.evaluations.TEST.length === 0
        ? drawPictures(evaluations, { subset, positiveClass })
        : []),
    ];
  });
}

function tabulate(evaluations: readonly ReportedEvaluation[], positiveClass: string): ReportBlock {
  if (evaluations.length > MAX_RUN_COLUMNS) {
    return {
      kind: 'table',
      columns: [
        { header: 'Run', width: 'grow' },
        ...MAIN_METRICS.map(
          (name): ReportColumn => ({
            header: formatMetricTitle(name, positiveClass),
            align: 'right',
            width: 52,
          }),
        ),
      ],
      rows: evaluations.map((one) => [
        one.run.name,
        ...MAIN_METRICS.map((name) => formatFigure(readMetric(one, name).value)),
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
      formatMetricTitle(name, positiveClass),
      ...evaluations.flatMap((one): ReportCell[] => {
        const { value, interval } = readMetric(one, name);
        return [
          { text: formatFigure(value), bold: true },
          { text: formatInterval(interval), tone: 'muted' },
        ];
      }),
    ]),
    note: countPatches(evaluations),
  };
}

function countPatches([first]: readonly ReportedEvaluation[]): string {
  const { patches, patients } = first?.row.metrics ?? {};
  return `${patches ?? '–'} patches of ${patients ?? '–'} patients; intervals from ${first?.row.draws ?? 0} draws of whole patients.`;
}

/** The naive interval, which must not be claimed: it is shown next to the right one and marked as wrong. */
function warnOfNaive(evaluations: readonly ReportedEvaluation[], positiveClass: string): ReportBlock[] {
  const rows = evaluations.flatMap(({ run, row, picture }) =>
    Object.entries(picture?.intervalsByPatch ?? {}).flatMap(([name, naive]): ReportCell[][] => {
      const right = row.intervals[name];
      const ratio = right ? widthRatio(right, naive) : null;
      if (!right || ratio === null) return [];
      return [
        [
          run.name,
          formatMetricTitle(name, positiveClass),
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
        { header: 'By patient', align: 'right' },
        { header: 'By patch: WRONG here', align: 'right' },
        { header: 'Right one is wider', align: 'right' },
      ],
      rows,
    },
  ];
}

function drawPictures(
  evaluations: readonly ReportedEvaluation[],
  { subset, positiveClass }: { subset: string; positiveClass: string },
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
        {
          svg: drawAreas(drawn, positiveClass),
          caption: `One dot per patient: area of ${positiveClass} as called against as labelled.`,
        },
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

function drawAreas(drawn: Drawn, positiveClass: string): string {
  const xLabel = `True share of ${positiveClass} in the patient`;
  return drawEach(drawn, { xLabel, yLabel: 'Called share', diagonal: true }, ({ patients }) => ({
    as: 'marks',
    points: patients.map(({ trueArea, predictedArea }) => ({ x: trueArea, y: predictedArea })),
  }));
}

function readMetric(
  { row }: ReportedEvaluation,
  name: string,
): { value: number | null; interval: Interval | null } {
  const metrics: Record<string, unknown> = row.metrics;
  const value = metrics[name];
  const interval = row.intervals[name] ?? null;
  return { value: typeof value === 'number' ? value : null, interval };
}
