/** Patches per patient, positive and negative stacked, largest first; zoomable when there are many. */
import type { EChartsCoreOption } from 'echarts/core';
import { formatCount, formatShare } from '../format/format-number.ts';
import { buildFrame, buildValueAxis, escapeHtml } from './chart-frame.ts';
import type { ChartPalette } from './chart-palette.ts';

type PatientBar = { key: string; patchCount: number; positiveCount: number };

const ZOOM_FROM = 60;

export function buildPatientBarsOption(request: {
  palette: ChartPalette;
  patients: readonly PatientBar[];
  positiveClass: string;
  negativeClass: string;
  /** What a bar is: `Slide`. */
  title: string;
}): EChartsCoreOption {
  const { palette, positiveClass, negativeClass, title } = request;
  const patients = [...request.patients].sort((a, b) => b.patchCount - a.patchCount);
  return {
    ...buildFrame(palette),
    grid: { left: 50, right: 12, top: 12, bottom: patients.length > ZOOM_FROM ? 46 : 26 },
    tooltip: {
      ...buildFrame(palette).tooltip,
      trigger: 'axis',
      formatter: (points: unknown) => {
        const index = (points as { dataIndex: number }[])[0]?.dataIndex ?? 0;
        const patient = patients[index];
        if (!patient) return '';
        const share = formatShare(patient.positiveCount / patient.patchCount);
        return `${title} <b>${escapeHtml(patient.key)}</b><br>${formatCount(patient.patchCount)} patches, ${share} ${escapeHtml(positiveClass)}`;
      },
    },
    dataZoom: patients.length > ZOOM_FROM ? [{ type: 'inside' }, buildZoomSlider(palette)] : [],
    xAxis: {
      type: 'category',
      data: patients.map(({ key }) => key),
      axisLabel: { show: patients.length <= 24, color: palette.muted, fontSize: 10 },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
    },
    yAxis: buildValueAxis(palette, {}),
    series: [
      stack({
        name: positiveClass,
        color: palette.classes.positive,
        data: patients.map((patient) => patient.positiveCount),
      }),
      stack({
        name: negativeClass,
        color: palette.classes.negative,
        data: patients.map((patient) => patient.patchCount - patient.positiveCount),
      }),
    ],
  };
}

function buildZoomSlider(palette: ChartPalette) {
  return {
    type: 'slider',
    height: 14,
    bottom: 6,
    showDetail: false,
    showDataShadow: false,
    backgroundColor: 'transparent',
    borderColor: palette.line,
    fillerColor: `${palette.muted}22`,
    handleStyle: { color: palette.surface, borderColor: palette.muted },
    moveHandleSize: 0,
  };
}

function stack(series: { name: string; color: string; data: number[] }) {
  return { type: 'bar', stack: 'patches', barMaxWidth: 22, barCategoryGap: '20%', ...series };
}
