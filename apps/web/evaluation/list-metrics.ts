/** Reads the metrics of an evaluation, which come as JSON: only finite numbers count, everything else is undefined. */
import {
  explainMetric,
  listEvaluationMetrics,
  type MetricCatalogue,
  titleMetric,
} from '../metrics/metric-catalogue.ts';

export type EvaluationFacts = { subset: string; metrics: unknown; intervals?: unknown };
type MetricFact = { name: string; value: number | null; interval: [number, number] | null };
/** What metrics are called, and of which class. */
type MetricNaming = { catalogue: MetricCatalogue; positiveClass: string };
export type MetricRow = MetricFact & { label: string; about: string };

export function findMetric(
  evaluations: readonly EvaluationFacts[],
  wanted: { subset: string; name: string },
): MetricFact | null {
  const evaluation = evaluations.find(({ subset }) => subset === wanted.subset);
  return evaluation ? readMetric(evaluation, wanted.name) : null;
}

/** A run's VALIDATION figure in a list: of the kept weights once it is evaluated, of the newest epoch until then. */
export function pickValidationFigure(
  run: { evaluations: readonly EvaluationFacts[] },
  wanted: { name: string; latest: number | null | undefined },
): number | null {
  const evaluated = findMetric(run.evaluations, { subset: 'VALIDATION', name: wanted.name });
  return evaluated?.value ?? wanted.latest ?? null;
}

/** Every known metric that the evaluation carries, in order, with its 95 % interval where there is one. */
export function listMetrics(
  evaluation: EvaluationFacts,
  { catalogue, positiveClass }: MetricNaming,
): MetricRow[] {
  const present = asRecord(evaluation.metrics);
  return listEvaluationMetrics(catalogue)
    .filter(({ name }) => name in present)
    .map((metric) => ({
      ...readMetric(evaluation, metric.name),
      label: titleMetric(catalogue, metric.name, positiveClass),
      about: explainMetric(metric),
    }));
}

/** Means over the patients that have the metric, and how many they are. */
export function listMacroMetrics(
  evaluation: EvaluationFacts,
  { catalogue, positiveClass }: MetricNaming,
): (MetricRow & { patients: number | null })[] {
  const metrics = asRecord(evaluation.metrics);
  const macro = asRecord(metrics.macro);
  return listEvaluationMetrics(catalogue)
    .filter(({ name }) => name in macro)
    .map((metric) => ({
      name: metric.name,
      about: explainMetric(metric),
      label: titleMetric(catalogue, metric.name, positiveClass),
      value: readFigure(macro, metric.name),
      interval: readInterval(evaluation.intervals, `macro.${metric.name}`),
      patients: readFigure(metrics.macroPatients, metric.name),
    }));
}

/** A number of a JSON record; null where there is none. */
export function readFigure(record: unknown, name: string): number | null {
  const value = asRecord(record)[name];
  return isFiniteNumber(value) ? value : null;
}

/** The figure of one name, with its interval where it has one. */
export function readMetric(evaluation: Omit<EvaluationFacts, 'subset'>, name: string): MetricFact {
  return {
    name,
    value: readFigure(evaluation.metrics, name),
    interval: readInterval(evaluation.intervals, name),
  };
}

function readInterval(intervals: unknown, name: string): [number, number] | null {
  const interval = asRecord(intervals)[name];
  if (!Array.isArray(interval)) return null;
  const [low, high] = interval as unknown[];
  return isFiniteNumber(low) && isFiniteNumber(high) ? [low, high] : null;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
