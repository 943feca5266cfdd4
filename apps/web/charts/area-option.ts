/** One dot per patient: the share of patches called positive against the share that is positive. */
import type { EChartsCoreOption } from 'echarts/core';
import { formatCount, formatShare } from '../format/format-number.ts';
import { buildFrame, buildValueAxis, escapeHtml } from './chart-frame.ts';
import type { ChartPalette } from './chart-palette.ts';

type PatientArea = { patientKey: string; patches: number; trueArea: number; calledShare: number };

export function buildAreaOption(request: {
  palette: ChartPalette;
  patients: readonly PatientArea[];
  positiveClass: string;
  /** What a dot is: `Slide`. */
  title: string;
}): EChartsCoreOption {
  const { palette, patients, positiveClass, title } = request;
  return {
    ...buildFrame(palette),
    grid: { left: 48, right: 14, top: 12, bottom: 38 },
    tooltip: {
      ...buildFrame(palette).tooltip,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const patient = patients[dataIndex];
        if (!patient) return '';
        return `${title} <b>${escapeHtml(patient.patientKey)}</b><br>labelled ${formatShare(patient.trueArea)}<br>called ${formatShare(patient.calledShare)}<br>${formatCount(patient.patches)} patches`;
      },
    },
    xAxis: buildValueAxis(palette, { name: `true share of ${positiveClass}`, min: 0, max: 1 }),
    yAxis: { ...buildValueAxis(palette, { name: 'called share', min: 0, max: 1 }), nameGap: 30 },
    series: [
      {
        type: 'scatter',
        color: palette.accent,
        symbolSize: 7,
        itemStyle: { opacity: 0.75 },
        data: patients.map(({ trueArea, calledShare }) => [trueArea, calledShare]),
      },
      {
        type: 'line',
        symbol: 'none',
        silent: true,
        tooltip: { show: false },
        data: [
          [0, 0],
          [1, 1],
        ],
        lineStyle: { color: palette.muted, type: 'dashed', width: 1 },
      },
    ],
  };
}
