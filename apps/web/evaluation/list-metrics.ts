/** Reads the metrics of an evaluation, which come as JSON: only finite numbers count, everything else is undefined. */
import { METRIC_TEXTS } from '../format/metric-texts.ts';

export type EvaluationFacts = { subset: string; metrics: unknown; intervals?: unknown };
export type MetricFact = { name: string; value: number | null; interval: [number, number] | null };
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

/** Every known metric that the evaluation carries, in order, with its 95% interval where there is one. */
export function listMetrics(evaluation: EvaluationFacts, positiveClass: string): MetricRow[] {
  const present = asRecord(evaluation.metrics);
  return METRIC_TEXTS.filter(({ name }) => name in present).map(({ name, label, about }) => ({
    ...readMetric(evaluation, name),
    label: label(positiveClass),
    about,
  }));
}

/** Means over the patients that have the metric, which are counted beside them. */
export function listMacroMetrics(
  evaluation: EvaluationFacts,
  positiveClass: string,
): (MetricRow & { patients: number | null })[] {
  const metrics = asRecord(evaluation.metrics);
  const macro = asRecord(metrics.macro);
  return METRIC_TEXTS.filter(({ name }) => name in macro).map(({ name, label, about }) => ({
    name,
    about,
    label: label(positiveClass),
    value: readFigure(macro, name),
    interval: readInterval(evaluation.intervals, `macro.${name}`),
    patients: readFigure(metrics.macroPatients, name),
  }));
}

/** A number of a JSON record; null where there is none. */
export function readFigure(record: unknown, name: string): number | null {
  const value = asRecord(record)[name];
  return isFiniteNumber(value) ? value : null;
}

function readMetric(evaluation: EvaluationFacts, name: string): MetricFact {
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
