/** What metrics are called on paper. Those of the positive class name it. Pure. */

type Title = (positiveClass: string) => string;

/** In the order in which they are shown. */
const TITLES: Record<string, Title> = {
  auc: (c) => `ROC AUC of ${c}`,
  averagePrecision: (c) => `Average precision of ${c}`,
  balancedAccuracy: () => 'Balanced accuracy',
  sensitivity: (c) => `Sensitivity for ${c}`,
  specificity: (c) => `Specificity for ${c}`,
  ppv: (c) => `Precision (PPV) of ${c}`,
  npv: (c) => `NPV of ${c}`,
  f1: (c) => `F1 of ${c}`,
  mcc: () => 'Matthews correlation',
  kappa: () => 'Cohen’s kappa',
  accuracy: () => 'Accuracy',
  sensitivityAtSpecificity90: (c) => `Sensitivity for ${c} at specificity 0.90`,
  sensitivityAtSpecificity95: (c) => `Sensitivity for ${c} at specificity 0.95`,
  brier: () => 'Brier score (less is better)',
  logLoss: () => 'Log loss (less is better)',
  ece: (c) => `Calibration error of ${c}, 15 bins (less is better)`,
  eceTopLabel: () => 'Calibration error of the likelier class, 15 bins (less is better)',
};

export const TITLED_METRICS: readonly string[] = Object.keys(TITLES);

/** `macro.auc` is the mean of the patients' own figures. */
export function titleMetric(name: string, positiveClass: string): string {
  const title = TITLES[name.replace(/^macro\./, '')]?.(positiveClass) ?? name;
  return name.startsWith('macro.') ? `${title}, mean over patients` : title;
}
