/** A chart of a report as the curves of every metric, the runs in the same colours in all of them. Pure. */
import type { CurveAxis } from '../../../../charts/curves/curve-option.ts';
import { arrangeCurvePanels, type CurvePanel } from '../../../../charts/curves/curve-panels.ts';
import type { PlottedCurve } from '../../../../charts/curves/plotted-curve.ts';
import { tellApart } from '../../../../format/tell-apart.ts';
import type { ReportPartsFragment } from '../../../../graphql/generated/graphql.ts';
import {
  type MetricCatalogue,
  nameMetric,
  nameSubset,
  titleMetric,
} from '../../../../metrics/metric-catalogue.ts';

export type ReportChart = NonNullable<ReportPartsFragment['chart']>;
export type ReportFigure = Pick<CurvePanel, 'kind' | 'unit'> & {
  key: string;
  title: string;
  curves: PlottedCurve[];
  axis: CurveAxis;
};

export function plotReportChart({ series }: ReportChart, catalogue: MetricCatalogue): ReportFigure[] {
  const runs = new Map(series.map(({ runId, run }) => [runId, { id: runId, name: run, on: '' }]));
  const names = tellApart([...runs.values()]);
  const tones = new Map([...runs.keys()].map((runId, tone) => [runId, tone]));
  return [...new Set(series.map(({ name }) => name))].map((metric) => {
    const ofMetric = series.filter(({ name }) => name === metric);
    // A program of others may count in steps alone.
    const byStep = ofMetric.every(({ epochs }) => epochs.every((epoch) => epoch === 0));
    const curves = ofMetric.map(({ runId, epochs, steps, values }): PlottedCurve => {
      const tone = tones.get(runId) ?? 0;
      return {
        name: names[tone]?.name ?? '',
        tone,
        points: (byStep ? steps : epochs).map((place, at) => ({
          epoch: place,
          value: values[at] ?? Number.NaN,
        })),
      };
    });
    const [panel] = arrangeCurvePanels([{ name: metric, points: [] }], {
      catalogue,
      positiveClass: '',
      units: 'units',
    });
    return {
      key: metric,
      kind: panel?.kind ?? 'main',
      unit: panel?.unit ?? null,
      title: titleSeries(metric, titleMetric(catalogue, nameMetric(metric))),
      curves,
      axis: spanAxis(curves, byStep),
    };
  });
}

function titleSeries(name: string, title: string): string {
  const subset = nameSubset(name);
  return subset ? `${title} on ${subset.toUpperCase()}` : title;
}

function spanAxis(curves: readonly PlottedCurve[], byStep: boolean): CurveAxis {
  const places = curves.flatMap(({ points }) => points.map(({ epoch }) => epoch));
  const first = byStep ? 0 : 1;
  return {
    name: byStep ? 'step' : 'epoch',
    min: Math.min(first, ...places),
    max: Math.max(first + 1, ...places),
  };
}
