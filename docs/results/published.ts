/**
 * What others have published on the same slides, split by patient: only figures that were read in the primary text, code
 * or model file, or that follow from them by arithmetic. The rest of the literature splits by patch or does not say.
 */
import type { PooledMetric } from '@microtome/domain/metrics/metric';

/** Figures are of the positive class, unless `note` says otherwise; null where the text has none. */
export type PublishedResult = { work: string; method: string; note: string } & Partial<
  Record<PooledMetric, number | null>
>;

export const PUBLISHED_BY_PATIENT: readonly PublishedResult[] = [
  {
    work: 'Cruz-Roa et al. 2014',
    method: 'three-layer CNN',
    auc: null,
    balancedAccuracy: 0.842,
    f1: 0.718,
    note: 'the published lists of patients',
  },
  {
    work: 'Janowczyk & Madabhushi 2016',
    method: 'cifar10_quick ("AlexNet"), 32 x 32',
    auc: null,
    balancedAccuracy: 0.847,
    f1: 0.765,
    note: 'the same lists',
  },
  {
    work: 'Romero et al. 2019',
    method: 'Inception with batch norm, 33.8 M parameters',
    auc: null,
    balancedAccuracy: 0.89,
    f1: null,
    note: 'the same lists; their F1 of 0.897 is weighted over both classes and cannot be compared with the others',
  },
  {
    work: 'gervasiusrussell (code on GitHub)',
    method: 'three blocks of convolutions, three views',
    auc: null,
    balancedAccuracy: 0.862,
    f1: 0.803,
    note: '41,883 TEST patches; worked out from its counts of errors',
  },
  {
    work: 'logistic regression on 141 hand-made figures',
    method: 'colour, gradients, stains, local patterns',
    auc: 0.9,
    balancedAccuracy: 0.824,
    f1: 0.717,
    note: 'five folds, 10,107 patches of 279 patients; the floor',
  },
];
