/** What each metric of a run is called, what it says, and which end of it is the good one: the only place in the dashboard. */

export type MetricText = {
  name: string;
  label: (positiveClass: string) => string;
  about: string;
  lessIsBetter?: true;
};

/** In the order in which they are shown. Those of the positive class name it. */
export const METRIC_TEXTS: readonly MetricText[] = [
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
    lessIsBetter: true,
  },
  {
    name: 'logLoss',
    label: () => 'Log loss',
    about: 'Mean negative log likelihood in nats; less is better.',
    lessIsBetter: true,
  },
  {
    name: 'ece',
    label: (c) => `Calibration error (ECE) of ${c}`,
    about:
      'Probability of the positive class against its frequency in 15 bins of equal width; less is better.',
    lessIsBetter: true,
  },
  {
    name: 'eceTopLabel',
    label: () => 'Calibration error (ECE), top label',
    about:
      'Probability of the likelier class against the share of right calls at one half, 15 bins; less is better.',
    lessIsBetter: true,
  },
];

const MEAN_OVER_PATIENTS = /^macro\./;

/** `macro.auc` is the mean of the patients' own figures, under the same name. */
export function labelMetric(name: string, positiveClass: string): string {
  return findText(name)?.label(positiveClass) ?? name;
}

export function isLessBetter(name: string): boolean {
  return findText(name)?.lessIsBetter ?? false;
}

function findText(name: string): MetricText | undefined {
  return METRIC_TEXTS.find((metric) => metric.name === name.replace(MEAN_OVER_PATIENTS, ''));
}
