/**
 * The API's catalogue of metrics as the pages read it: what a metric is called, which end is better, which belong to
 * an evaluation and which are main figures. No page has a list of its own. Pure: the catalogue is passed in.
 */
import type { MetricCatalogueQuery } from '../graphql/generated/graphql.ts';

export type Metric = MetricCatalogueQuery['metricCatalogue'][number];

/** By name, in the order in which they are shown. */
export type MetricCatalogue = ReadonlyMap<string, Metric>;

const CLASS = '{class}';
const UNITS = '{units}';
const SUBSET_PREFIX = /^(train|validation)\./;

export function indexMetrics(metrics: readonly Metric[]): MetricCatalogue {
  return new Map(metrics.map((metric) => [metric.name, metric]));
}

/** The metric without the subset that it was measured on. */
export function nameMetric(name: string): string {
  return name.replace(SUBSET_PREFIX, '');
}

/** "train" or "validation", where the name says it. */
export function nameSubset(name: string): string | null {
  return SUBSET_PREFIX.exec(name)?.[1] ?? null;
}

/**
 * What it is called, of a positive class where one is given, and a mean over the units of a dataset, in the plural; a
 * metric without an entry has its name alone.
 */
export function titleMetric(
  catalogue: MetricCatalogue,
  name: string,
  positiveClass?: string,
  units = 'units',
): string {
  const metric = catalogue.get(name);
  if (!metric || positiveClass === undefined) return metric?.title ?? name;
  return metric.titleOfClass.replaceAll(CLASS, () => positiveClass).replaceAll(UNITS, () => units);
}

/** A shorter title, for lines with little room. */
export function titleShortly(catalogue: MetricCatalogue, name: string): string {
  return catalogue.get(name)?.shortTitle ?? name;
}

/** What it tells, and that less is better where it is. */
export function explainMetric({ about, better }: Metric): string {
  return better === 'LOWER' ? `${about} Less is better.` : about;
}

export function isLessBetter(catalogue: MetricCatalogue, name: string): boolean {
  return catalogue.get(name)?.better === 'LOWER';
}

/** What an evaluation says about a run over all patches. */
export function listEvaluationMetrics(catalogue: MetricCatalogue): Metric[] {
  return [...catalogue.values()].filter(
    ({ group, meanOf }) => (group === 'DISCRIMINATION' || group === 'CALIBRATION') && !meanOf,
  );
}

/** What tells how probabilities would have to be changed to fit patients from elsewhere. */
export function listRecalibrationMetrics(catalogue: MetricCatalogue): Metric[] {
  return [...catalogue.values()].filter(({ group }) => group === 'RECALIBRATION');
}

/** What is measured of every epoch over all patches: the loss, and the metrics of an evaluation. */
export function listEpochMetrics(catalogue: MetricCatalogue): Metric[] {
  return [...catalogue.values()].filter(({ canMonitor, meanOf }) => canMonitor && !meanOf);
}

/** The names of the first so many main figures among the metrics, in their order. */
export function pickMain(metrics: readonly Metric[], count: number): string[] {
  const places = metrics.flatMap(({ mainPlace }) => mainPlace ?? []).sort((a, b) => a - b);
  const last = places[count - 1] ?? Number.POSITIVE_INFINITY;
  return metrics.filter(({ mainPlace }) => (mainPlace ?? Number.NaN) <= last).map(({ name }) => name);
}
