/**
 * Which metrics are drawn together, in which order, under which title: `train.loss` and `validation.loss` share
 * the panel "Loss". Pure; the run page and the comparison both use it.
 */

import { formatAmount, formatBytes, formatFigure, formatShare } from '../../format/format-number.ts';
import {
  type Metric,
  type MetricCatalogue,
  nameMetric,
  titleMetric,
} from '../../metrics/metric-catalogue.ts';

/** `x` is its place on the axis where that is not the epoch. */
export type CurvePoint = { epoch: number; value: number; x?: number };
export type MetricCurve = { name: string; points: readonly CurvePoint[] };

/**
 * `further`: calibration, means over units and what else is not a main figure. `machine`: what an epoch
 * cost. `main`: the rest, also numbers logged from outside.
 */
type PanelKind = 'main' | 'further' | 'machine';
export type CurvePanel = {
  /** The metric, without a subset. */
  key: string;
  title: string;
  kind: PanelKind;
  unit: Metric['unit'];
  curves: MetricCurve[];
};

export type CurveNaming = {
  catalogue: MetricCatalogue;
  positiveClass: string;
  /** What the dataset is split by, in the plural. */
  units: string;
};

/** Numbers logged from outside have no entry: the ends of their names say what they count. */
const COUNTS_BYTES = /Bytes$/;
const COSTS = /(^s|S)econds$|PerSecond$|Bytes$/;
/** Units that the numbers do not carry themselves. */
const UNITS_IN_TITLE: Partial<Record<NonNullable<Metric['unit']>, string>> = {
  SECONDS: 's',
  PATCHES_PER_SECOND: 'patches/s',
};

/**
 * Groups curves into panels: main figures by their place, other known metrics as in the catalogue, the rest by name.
 */
export function arrangeCurvePanels(curves: readonly MetricCurve[], naming: CurveNaming): CurvePanel[] {
  const panels = new Map<string, CurvePanel>();
  for (const curve of curves) {
    const key = nameMetric(curve.name);
    const panel = panels.get(key) ?? describePanel(key, naming);
    panel.curves.push(curve);
    panels.set(key, panel);
  }
  const ranks = rankMetrics(naming.catalogue);
  const rank = ({ key }: CurvePanel) => ranks.get(key) ?? ranks.size;
  const arranged = [...panels.values()].sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
  for (const panel of arranged) panel.curves.sort((a, b) => a.name.localeCompare(b.name));
  return arranged;
}

/** A value in the unit of its panel: bytes, seconds, shares; other figures as they are. */
export function formatCurveValue(
  { kind, unit }: Pick<CurvePanel, 'kind' | 'unit'>,
  value: number | null | undefined,
): string {
  if (unit === 'BYTES') return formatBytes(value);
  if (unit === 'SHARE') return formatShare(value);
  return kind === 'machine' ? formatAmount(value) : formatFigure(value);
}

function describePanel(key: string, { catalogue, positiveClass, units }: CurveNaming): CurvePanel {
  const metric = catalogue.get(key);
  if (!metric) {
    const kind = COSTS.test(key) ? 'machine' : 'main';
    return { key, title: key, kind, unit: COUNTS_BYTES.test(key) ? 'BYTES' : null, curves: [] };
  }
  const unit = metric.unit && UNITS_IN_TITLE[metric.unit];
  const title = titleMetric(catalogue, key, positiveClass, units);
  return {
    key,
    title: unit ? `${title} (${unit})` : title,
    kind: chooseKind(metric),
    unit: metric.unit ?? null,
    curves: [],
  };
}

function chooseKind({ group, mainPlace }: Metric): PanelKind {
  if (group === 'MACHINE') return 'machine';
  if (group === 'TRAINING') return 'main';
  return group === 'CALIBRATION' || !mainPlace ? 'further' : 'main';
}

function rankMetrics(catalogue: MetricCatalogue): Map<string, number> {
  const place = ({ mainPlace }: Metric) => mainPlace ?? Number.MAX_SAFE_INTEGER;
  const ranked = [...catalogue.values()].sort((a, b) => place(a) - place(b));
  return new Map(ranked.map(({ name }, rank) => [name, rank]));
}
