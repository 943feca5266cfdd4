/** Makes the file of a report and gives it to the person: charts drawn as on the page, in the colours of paper. */
import { LIGHT_PALETTE } from '../../../../charts/chart-palette.ts';
import { buildCurveOption } from '../../../../charts/curves/curve-option.ts';
import { formatCurveValue } from '../../../../charts/curves/curve-panels.ts';
import { drawSvg } from '../../../../charts/curves/save-curves.ts';
import type { ReportFactsFragment, ReportPartsFragment } from '../../../../graphql/generated/graphql.ts';
import type { MetricCatalogue } from '../../../../metrics/metric-catalogue.ts';
import { nameFile, saveFile } from '../../../../ui/save-file.ts';
import { plotReportChart, type ReportFigure } from '../panels/plot-chart.ts';
import { type DrawnChart, writeReport } from './write-report.ts';

type Saved = {
  report: ReportFactsFragment;
  blocks: readonly ReportPartsFragment[];
  catalogue: MetricCatalogue;
  now: Date;
};

export async function saveReport({ report, blocks, catalogue, now }: Saved): Promise<void> {
  const charts = new Map<ReportPartsFragment, DrawnChart[]>();
  for (const block of blocks) {
    if (!block.chart) continue;
    const { isLog } = block.chart;
    const drawn: DrawnChart[] = [];
    for (const figure of plotReportChart(block.chart, catalogue)) drawn.push(await draw(figure, isLog));
    charts.set(block, drawn);
  }
  const text = writeReport({ report, blocks, charts, catalogue, now });
  saveFile(new Blob([text], { type: 'text/html' }), nameFile(report.name, 'html'));
}

async function draw(figure: ReportFigure, isLog: boolean): Promise<DrawnChart> {
  const { title, curves, axis, kind } = figure;
  const option = buildCurveOption({
    palette: LIGHT_PALETTE,
    curves,
    axis,
    range: null,
    smoothing: 0,
    isLog,
    format: kind === 'machine' ? (value: number) => formatCurveValue(figure, value) : undefined,
  });
  const names = curves.map(({ name }) => name);
  return { title, svg: await drawSvg({ title, option, names, palette: LIGHT_PALETTE }) };
}
