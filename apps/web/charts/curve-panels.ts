/**
 * Which metrics are drawn together, in which order, under which title: `train.loss` and `validation.loss` share
 * the panel "Loss". Pure; the run page and the comparison both use it.
 */

import { formatAmount, formatBytes, formatFigure, formatShare } from '../format/format-number.ts';
import { labelMetric, METRIC_TEXTS } from '../format/metric-texts.ts';

/** `x` is its place on the axis where that is not the epoch. */
export type CurvePoint = { epoch: number; value: number; x?: number };
export type MetricCurve = { name: string; points: readonly CurvePoint[] };
export type CurvePanel = { key: string; title: string; curves: MetricCurve[] };

/** Those that are no metric of an evaluation; they name no class. */
const TITLES: Record<string, string> = {
  loss: 'Loss',
  learningRate: 'Learning rate',
  patchesPerSecond: 'Training speed (patches/s)',
  seconds: 'Whole epoch (s)',
  stepSeconds: 'In training steps (s)',
  dataSeconds: 'Waiting for data (s)',
  evaluationSeconds: 'Evaluating (s)',
  residentMemoryBytes: 'Resident memory',
  gpuMemoryBytes: 'GPU memory in use',
  gpuUse: 'GPU use',
  tensorsAlive: 'Tensors alive',
};
const MAIN_METRICS = [
  'loss',
  'auc',
  'balancedAccuracy',
  'f1',
  'averagePrecision',
  'accuracy',
  'sensitivity',
  'specificity',
  'mcc',
];
const FURTHER_METRICS = METRIC_TEXTS.map(({ name }) => name).filter((name) => !MAIN_METRICS.includes(name));
const ORDER = [...new Set([...MAIN_METRICS, ...Object.keys(TITLES), ...FURTHER_METRICS])];
const SUBSET_PREFIX = /^(train|validation)\./;
const MEAN_OVER_PATIENTS = /^macro\./;
/** What a curve says about the machine rather than about the network. */
const ABOUT_MACHINE = /(^s|S)econds$|PerSecond$|Bytes$|^gpuUse$|^tensorsAlive$/;

/** Groups curves into panels; known metrics first, in the order above, then the rest by name. */
export function arrangeCurvePanels(curves: readonly MetricCurve[], positiveClass: string): CurvePanel[] {
  const panels = new Map<string, CurvePanel>();
  for (const curve of curves) {
    const key = nameMetric(curve.name);
    const panel = panels.get(key) ?? { key, title: titlePanel(key, positiveClass), curves: [] };
    panel.curves.push(curve);
    panels.set(key, panel);
  }
  const arranged = [...panels.values()].sort(
    (a, b) => rank(a.key) - rank(b.key) || a.key.localeCompare(b.key),
  );
  for (const panel of arranged) panel.curves.sort((a, b) => a.name.localeCompare(b.name));
  return arranged;
}

function titlePanel(key: string, positiveClass: string): string {
  const title = TITLES[key] ?? labelMetric(key, positiveClass);
  return MEAN_OVER_PATIENTS.test(key) ? `${title}, mean over patients` : title;
}

/** Calibration, means over patients and what else is measured: there for who looks for it. */
export function isFurther(key: string): boolean {
  return FURTHER_METRICS.includes(key) || MEAN_OVER_PATIENTS.test(key);
}

export function isAboutMachine(key: string): boolean {
  return ABOUT_MACHINE.test(key);
}

/** A value in the unit of its panel: bytes, seconds, shares; other figures as they are. */
export function formatCurveValue(key: string, value: number | null | undefined): string {
  if (key.endsWith('Bytes')) return formatBytes(value);
  if (key === 'gpuUse') return formatShare(value);
  return isAboutMachine(key) ? formatAmount(value) : formatFigure(value);
}

/** "train", "validation" or the metric's own name. */
export function nameCurve(name: string): string {
  return SUBSET_PREFIX.exec(name)?.[1] ?? name;
}

/** The metric without the subset that it was measured on; also the key of its panel. */
export function nameMetric(name: string): string {
  return name.replace(SUBSET_PREFIX, '');
}

function rank(key: string): number {
  const index = ORDER.indexOf(key);
  return index === -1 ? ORDER.length : index;
}
