'use client';
/** Curves of runs in a report: a chart for each metric, with the tools of every chart. */
import { useMemo, useState } from 'react';
import { CurveChart } from '../../../../charts/curves/curve-chart.tsx';
import { formatCurveValue } from '../../../../charts/curves/curve-panels.ts';
import { useMetricCatalogue } from '../../../../metrics/metric-catalogue-provider.tsx';
import { classNames } from '../../../../ui/class-names.ts';
import { describePart } from './name-panel.ts';
import { plotReportChart, type ReportChart, type ReportFigure } from './plot-chart.ts';

type ChartPanelProps = { title: string | null; chart: ReportChart; isLive: boolean };

export function ChartPanel({ title, chart, isLive }: ChartPanelProps) {
  const catalogue = useMetricCatalogue();
  const figures = useMemo(() => plotReportChart(chart, catalogue), [chart, catalogue]);
  const part = describePart(new Set(chart.series.map(({ runId }) => runId)).size, chart.runCount);
  return (
    <section aria-label={title ?? 'Curves'} className="@container flex min-w-0 flex-col gap-2">
      {title && <h2 className="text-base font-semibold">{title}</h2>}
      {figures.length === 0 && (
        <p className="text-sm text-muted-foreground">
          {chart.runCount === 0 ? 'No run matches.' : 'None of the runs has a number of these metrics yet.'}
        </p>
      )}
      <div className={classNames('grid gap-4', figures.length > 1 && '@3xl:grid-cols-2')}>
        {figures.map((figure) => (
          <OneChart key={figure.key} figure={figure} isLog={chart.isLog} isLive={isLive} />
        ))}
      </div>
      {part && figures.length > 0 && <p className="text-xs text-muted-foreground">{part}</p>}
    </section>
  );
}

type OneChartProps = { figure: ReportFigure; isLog: boolean; isLive: boolean };

/** Its scale is the report's until it is changed here, which nobody else sees. */
function OneChart({ figure, isLog, isLive }: OneChartProps) {
  const [ownLog, setOwnLog] = useState<boolean | null>(null);
  return (
    <div className="min-w-0">
      <CurveChart
        title={figure.title}
        label={`${figure.title} by ${figure.axis.name}`}
        curves={figure.curves}
        axis={figure.axis}
        format={(value) => formatCurveValue(figure, value)}
        hasUnit={figure.kind === 'machine'}
        isLive={isLive}
        isLog={ownLog ?? isLog}
        onLog={setOwnLog}
      />
    </div>
  );
}
