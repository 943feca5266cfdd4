/** Settings against a metric: a scatter when one hyperparameter varies, parallel coordinates when several do. */
import type { EChartsCoreOption } from 'echarts/core';
import { formatMetric } from '../format/format-number.ts';
import { buildFrame, buildValueAxis, escapeHtml } from './chart-frame.ts';
import type { ChartPalette } from './chart-palette.ts';

export type SettingPoint = { name: string; values: readonly unknown[]; metric: number };
type SettingAxis = { isLog: boolean; categories: string[] | null };

type Request = {
  palette: ChartPalette;
  keys: readonly string[];
  points: readonly SettingPoint[];
  metric: string;
  smallerIsBetter: boolean;
};

/** From this ratio of largest to smallest value, the axis is logarithmic. */
const LOG_FROM_RATIO = 9;
/** The best share of the settings is drawn in the accent colour. */
const BEST_SHARE = 0.2;
/** Of a line of an axis's title, in letters, and how high it is. */
const NAME_LENGTH = 12;
const LINE_PX = 12;

export function buildSettingOption(request: Request): EChartsCoreOption {
  return request.keys.length === 1 ? buildScatter(request) : buildParallel(request);
}

/** Numbers on a linear or logarithmic axis; anything else as categories in the order of appearance. */
export function chooseAxis(values: readonly unknown[]): SettingAxis {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  if (numbers.length < values.length)
    return { isLog: false, categories: [...new Set(values.map(String))].sort() };
  const low = Math.min(...numbers);
  return { isLog: low > 0 && Math.max(...numbers) / low >= LOG_FROM_RATIO, categories: null };
}

function buildScatter({ palette, keys, points, metric }: Request): EChartsCoreOption {
  const axis = chooseAxis(points.map(({ values }) => values[0]));
  const name = keys[0] ?? '';
  return {
    ...buildFrame(palette),
    grid: { left: 56, right: 18, top: 16, bottom: 42 },
    tooltip: {
      ...buildFrame(palette).tooltip,
      formatter: ({ name: point, value }: { name: string; value: [unknown, number] }) =>
        `${escapeHtml(point)}<br>${escapeHtml(metric)} <b>${formatMetric(value[1])}</b>`,
    },
    xAxis: axis.categories
      ? buildWordAxis(palette, { name, words: axis.categories })
      : buildValueAxis(palette, { name, scale: true, log: axis.isLog }),
    yAxis: { ...buildValueAxis(palette, { name: metric, scale: true }), nameGap: 40 },
    series: [
      {
        type: 'scatter',
        color: palette.accent,
        symbolSize: 10,
        data: points.map((point) => ({
          name: point.name,
          value: [readValue(point.values[0]), point.metric],
        })),
      },
    ],
  };
}

function buildWordAxis(palette: ChartPalette, { name, words }: { name: string; words: string[] }) {
  const axis = buildValueAxis(palette, { name });
  // Words are no numbers to be rounded.
  return { ...axis, type: 'category', data: words, axisLabel: { ...axis.axisLabel, formatter: undefined } };
}

function buildParallel({ palette, keys, points, metric, smallerIsBetter }: Request): EChartsCoreOption {
  const axes = keys.map((_, at) => chooseAxis(points.map(({ values }) => values[at])));
  const text = { color: palette.muted, fontSize: 11 };
  const shared = {
    nameTextStyle: { ...text, color: palette.text },
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { lineStyle: { color: palette.line } },
    axisLabel: text,
  };
  const best = chooseBest(points, smallerIsBetter);
  const names = [...keys, metric].map(breakName);
  const lines = Math.max(...names.map((name) => name.split('\n').length));
  return {
    ...buildFrame(palette),
    parallel: { left: 40, right: 70, top: 24 + LINE_PX * lines, bottom: 20 },
    parallelAxis: [
      ...keys.map((_, dim) => {
        const { isLog, categories } = axes[dim] ?? { isLog: false, categories: null };
        const type = categories ? 'category' : isLog ? 'log' : 'value';
        return {
          ...shared,
          dim,
          name: names[dim],
          type,
          scale: true,
          ...(categories ? { data: categories } : {}),
        };
      }),
      { ...shared, dim: keys.length, name: names.at(-1), type: 'value', scale: true },
    ],
    series: [
      {
        type: 'parallel',
        smooth: false,
        data: points.map((point) => ({
          name: point.name,
          value: [...point.values.map(readValue), point.metric],
          lineStyle: best.has(point)
            ? { color: palette.accent, width: 2.5, opacity: 1 }
            : { color: palette.muted, width: 1.25, opacity: 0.55 },
        })),
      },
    ],
  };
}

/** Into lines that stand over one axis each on a phone: after a space, a point or a bracket. */
export function breakName(name: string): string {
  const lines: string[] = [];
  for (const part of name.match(/[^\s.(]*[\s.(]?/g) ?? []) {
    const last = lines.at(-1);
    if (last === undefined || (last + part).trim().length > NAME_LENGTH) lines.push(part);
    else lines[lines.length - 1] = last + part;
  }
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

function chooseBest(points: readonly SettingPoint[], smallerIsBetter: boolean): Set<SettingPoint> {
  const sign = smallerIsBetter ? 1 : -1;
  const ranked = points.toSorted((a, b) => sign * (a.metric - b.metric));
  return new Set(ranked.slice(0, Math.max(1, Math.round(points.length * BEST_SHARE))));
}

function readValue(value: unknown): number | string {
  return typeof value === 'number' ? value : String(value);
}
