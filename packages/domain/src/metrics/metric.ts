/**
 * The metrics by name, as the catalogue describes them, and the lists that follow from it: what an evaluation measures,
 * what is averaged over patients, what a run can be judged by. A mean over patients is called `macro.` and its metric's
 * name, and is a metric of its own.
 */
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { nameUnit } from '../unit/unit-words.ts';
import {
  METRIC_CATALOGUE,
  type MetricEntry,
  type MetricGroup,
  type MetricName,
  type MetricUnit,
} from './metric-catalogue.ts';

/** Metrics of calls, which change with the threshold. */
export type ThresholdMetric = MetricName<'DISCRIMINATION', { needsThreshold: true }>;
/** Metrics of the order of the scores, whatever the threshold. */
export type RankingMetric = Exclude<MetricName<'DISCRIMINATION'>, ThresholdMetric>;
/** Metrics of whether a probability means what it says. */
export type CalibrationMetric = MetricName<'CALIBRATION'>;
/** How probabilities would have to be changed to fit; measured of external evaluations and of figures next to them. */
export type RecalibrationMetric = MetricName<'RECALIBRATION'>;
/** What an evaluation measures of a run over all patches. */
export type PooledMetric = ThresholdMetric | RankingMetric | CalibrationMetric;
/** Metrics whose mean over patients is a metric too. */
export type MacroMetric = MetricName<'DISCRIMINATION' | 'CALIBRATION', { hasMean: true }>;
/** Everything that a run can be judged by. */
export type RunMetric = PooledMetric | `macro.${MacroMetric}`;
export type TrainingMetric = MetricName<'TRAINING'>;
export type MachineMetric = MetricName<'MACHINE'>;
export type SweepMetric = MetricName<'DISCRIMINATION' | 'CALIBRATION', { ranksSweeps: true }>;

export type Metric = {
  name: string;
  group: MetricGroup;
  title: string;
  /** The title that names the positive class, for which `{class}` stands, and the units of a mean, `{units}`. */
  titleOfClass: string;
  shortTitle: string;
  about: string;
  better: 'HIGHER' | 'LOWER' | null;
  low: number | null;
  high: number | null;
  unit: MetricUnit | null;
  needsThreshold: boolean;
  /** From 1; null where it is no main figure. */
  mainPlace: number | null;
  canRankSweep: boolean;
  canMonitor: boolean;
  /** The metric of which this is the mean over patients. */
  meanOf: string | null;
};

/** What a figure is about: the positive side of its task, and the unit of its dataset. */
export type MetricSubject = { positiveClass: string; unit: SplittingUnit };

const CLASS = /\{class\}/g;
const UNITS = /\{units\}/g;
/** Of a mean where no dataset says what its unit is. */
const MEAN = 'mean over units';
const ABOUT_MEAN =
  'Mean over the units (patients, or what the dataset is split by) that have it, each weighing the same.';
const OF_CLASS = / (of|for) \{class\}/;
/** What a name has in front where it tells the subset too, as the metrics of a run do. */
const SUBSET_PREFIX = /^(train|validation)\./;

/** Every metric, the means over patients last. */
export const METRICS: readonly Metric[] = listMetrics();
const BY_NAME = new Map(METRICS.map((metric) => [metric.name, metric]));

const OF_RUN = METRICS.filter(({ group }) => group === 'DISCRIMINATION' || group === 'CALIBRATION');

/** The metrics over all patches, in the order in which they are shown. */
export const POOLED_METRICS = OF_RUN.filter(({ meanOf }) => meanOf === null).map(
  ({ name }) => name as PooledMetric,
);
export const MACRO_METRICS = OF_RUN.flatMap(({ meanOf }) => (meanOf === null ? [] : [meanOf as MacroMetric]));
/** How probabilities would have to be changed to be right where they are measured. */
export const RECALIBRATION_METRICS = METRICS.filter(({ group }) => group === 'RECALIBRATION').map(
  ({ name }) => name as RecalibrationMetric,
);
export const RUN_METRICS = OF_RUN.map(({ name }) => name as RunMetric);
export const SWEEP_METRICS = OF_RUN.filter(({ canRankSweep }) => canRankSweep).map(
  ({ name }) => name as SweepMetric,
);

/** By the metric's name, with or without the subset in front of it: `brier`, `validation.macro.brier`. */
export function findMetric(name: string): Metric | undefined {
  return BY_NAME.get(name.replace(SUBSET_PREFIX, ''));
}

/** What a metric is called, of the data that it is about where they are given; an unknown one has its name alone. */
export function titleMetric(name: string, subject?: MetricSubject): string {
  const metric = findMetric(name);
  if (!metric || subject === undefined) return metric?.title ?? name;
  const { positiveClass, unit } = subject;
  return metric.titleOfClass.replace(CLASS, () => positiveClass).replace(UNITS, () => nameUnit(unit).many);
}

/** What a metric is called within a line. */
export function titleShortly(name: string): string {
  return findMetric(name)?.shortTitle ?? name;
}

export function isMeanOverPatients(name: string): boolean {
  return typeof findMetric(name)?.meanOf === 'string';
}

/** The first so many main figures of an evaluation, in the order in which they are shown. */
export function listMainMetrics(count: number): PooledMetric[] {
  const places = OF_RUN.flatMap(({ mainPlace }) => mainPlace ?? []).sort((a, b) => a - b);
  const last = places[count - 1] ?? Number.POSITIVE_INFINITY;
  return OF_RUN.filter(({ mainPlace }) => mainPlace !== null && mainPlace <= last).map(
    ({ name }) => name as PooledMetric,
  );
}

/** A record of the named metrics, each with what is read of it. */
export function mapMetrics<Name extends RunMetric, Value>(
  names: readonly Name[],
  read: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, Value>;
}

export function isSmallerBetter(name: string): boolean {
  return findMetric(name)?.better === 'LOWER';
}

/** Whether the value beats the best so far. An undefined one never does; any other beats none. Equal is not better. */
export function isBetter(value: number | null, best: number | null, metric: string): value is number {
  if (value === null) return false;
  return best === null || (isSmallerBetter(metric) ? value < best : value > best);
}

function listMetrics(): Metric[] {
  const groups = Object.entries(METRIC_CATALOGUE) as [MetricGroup, Record<string, MetricEntry>][];
  const entries = groups.flatMap(([group, ofGroup]) =>
    Object.entries(ofGroup).map(([name, entry]) => ({ entry, metric: describeMetric(name, group, entry) })),
  );
  return [
    ...entries.map(({ metric }) => metric),
    ...entries.flatMap(({ entry, metric }) => (entry.hasMean ? [averageOverPatients(metric)] : [])),
  ];
}

function describeMetric(name: string, group: MetricGroup, entry: MetricEntry): Metric {
  const title = entry.title.replace(OF_CLASS, '');
  const [low, high] = entry.range ?? [0, 1];
  return {
    name,
    group,
    title,
    titleOfClass: entry.title,
    shortTitle: entry.shortTitle ?? title,
    about: entry.about,
    better: entry.better,
    low,
    high,
    unit: entry.unit ?? null,
    needsThreshold: entry.needsThreshold ?? false,
    mainPlace: entry.mainPlace ?? null,
    canRankSweep: entry.ranksSweeps ?? false,
    canMonitor: group !== 'MACHINE' && entry.better !== null,
    meanOf: null,
  };
}

function averageOverPatients(metric: Metric): Metric {
  return {
    ...metric,
    name: `macro.${metric.name}`,
    title: `${metric.title}, ${MEAN}`,
    titleOfClass: `${metric.titleOfClass}, mean over {units}`,
    shortTitle: `${metric.shortTitle}, ${MEAN}`,
    about: `${ABOUT_MEAN} ${metric.about}`,
    mainPlace: null,
    canRankSweep: false,
    meanOf: metric.name,
  };
}
