/** Reads the metrics of an evaluation, which come as JSON: only finite numbers count, everything else is undefined. */

export type EvaluationFacts = { subset: string; metrics: unknown; intervals?: unknown };
export type MetricFact = { name: string; value: number | null; interval: [number, number] | null };
export type MetricRow = MetricFact & { label: string; about: string };

type MetricText = { name: string; label: (positiveClass: string) => string; about: string };

/** In the order in which they are shown. Those of the positive class name it. */
const METRICS: readonly MetricText[] = [
  {
    name: 'auc',
    label: (c) => `ROC AUC of ${c}`,
    about: 'Chance that a positive patch gets a higher probability than a negative one.',
  },
  {
    name: 'averagePrecision',
    label: (c) => `Average precision of ${c}`,
    about: 'Area under precision over recall.',
  },
  {
    name: 'balancedAccuracy',
    label: () => 'Balanced accuracy',
    about: 'Mean of sensitivity and specificity.',
  },
  {
    name: 'sensitivity',
    label: (c) => `Sensitivity for ${c}`,
    about: 'Share of positive patches that are called.',
  },
  {
    name: 'specificity',
    label: (c) => `Specificity for ${c}`,
    about: 'Share of negative patches that are left alone.',
  },
  {
    name: 'ppv',
    label: (c) => `Precision (PPV) of ${c}`,
    about: 'Share of calls that are right, at this prevalence.',
  },
  { name: 'npv', label: (c) => `NPV of ${c}`, about: 'Share of patches left alone that are negative.' },
  { name: 'f1', label: (c) => `F1 of ${c}`, about: 'Harmonic mean of precision and sensitivity.' },
  { name: 'mcc', label: () => 'Matthews correlation', about: 'Correlation of call and label, -1 to 1.' },
  { name: 'kappa', label: () => 'Cohen kappa', about: 'Agreement beyond chance.' },
  {
    name: 'accuracy',
    label: () => 'Accuracy',
    about: 'Share of patches that are right; flattering when classes are unequal.',
  },
  {
    name: 'sensitivityAtSpecificity90',
    label: (c) => `Sensitivity for ${c} at specificity 0.90`,
    about: 'Read off the ROC curve.',
  },
  {
    name: 'sensitivityAtSpecificity95',
    label: (c) => `Sensitivity for ${c} at specificity 0.95`,
    about: 'Read off the ROC curve.',
  },
  {
    name: 'brier',
    label: () => 'Brier score',
    about: 'Mean squared error of the probability; less is better.',
  },
  { name: 'logLoss', label: () => 'Log loss', about: 'Less is better.' },
  {
    name: 'ece',
    label: (c) => `Calibration error (ECE) of ${c}`,
    about:
      'Probability of the positive class against its frequency in 15 bins of equal width; less is better.',
  },
  {
    name: 'eceTopLabel',
    label: () => 'Calibration error (ECE), top label',
    about:
      'Probability of the likelier class against the share of right calls at one half, 15 bins; less is better.',
  },
];

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
  return METRICS.filter(({ name }) => name in present).map(({ name, label, about }) => ({
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
  return METRICS.filter(({ name }) => name in macro).map(({ name, label, about }) => ({
    ...{ name, about, label: label(positiveClass) },
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

/** `macro.auc` is the mean of the patients' own figures. */
export function labelMetric(name: string, positiveClass: string): string {
  const known = METRICS.find((metric) => metric.name === name.replace(/^macro\./, ''));
  return known?.label(positiveClass) ?? name;
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
