/**
 * The tests of a pair as rows: those by patient first, then those that treat patches as independent, marked as wrong.
 * Pure.
 */

import { type MetricCatalogue, titleMetric } from '../../metrics/metric-catalogue.ts';

type AucTest = { difference: number; low: number; high: number; pValue: number };

type Tests = {
  auc?: AucTest | null;
  naiveAuc?: (AucTest & { widthRatio?: number | null }) | null;
  meanAccuracyDifference: number;
  signFlipP: number;
  signFlipIsExact: boolean;
  signFlipPatients: number;
  clusteredMcNemarP: number;
  naiveMcNemarP: number;
};

export type TestRow = {
  question: string;
  test: string;
  difference: number | null;
  interval: [number, number] | null;
  pValue: number | null;
  isWrong: boolean;
};

export function listTests(tests: Tests, catalogue: MetricCatalogue): TestRow[] {
  const { auc, naiveAuc } = tests;
  const ratio = naiveAuc?.widthRatio;
  const wider = ratio ? ` The right interval is ${ratio.toFixed(1)} times as wide.` : '';
  const flips = tests.signFlipIsExact ? 'exact' : 'drawn';
  const ofAuc = (test: AucTest | null | undefined) => ({
    difference: test?.difference ?? null,
    interval: test ? ([test.low, test.high] satisfies [number, number]) : null,
    pValue: test?.pValue ?? null,
  });
  return [
    {
      question: titleMetric(catalogue, 'auc'),
      test: 'DeLong, clustered by patient (Obuchowski)',
      ...ofAuc(auc),
      isWrong: false,
    },
    {
      question: `${titleMetric(catalogue, 'accuracy')}, patient by patient`,
      test: `Sign flip over the ${tests.signFlipPatients} patients that differ (${flips})`,
      difference: tests.meanAccuracyDifference,
      interval: null,
      pValue: tests.signFlipP,
      isWrong: false,
    },
    {
      question: 'Right equally often',
      test: 'McNemar, clustered by patient (Durkalski)',
      difference: null,
      interval: null,
      pValue: tests.clusteredMcNemarP,
      isWrong: false,
    },
    {
      question: `${titleMetric(catalogue, 'auc')}, if patches were independent`,
      test: `WRONG here: DeLong as if patches were independent.${wider}`,
      ...ofAuc(naiveAuc),
      isWrong: true,
    },
    {
      question: 'Right equally often, if patches were independent',
      test: 'WRONG here: McNemar as if patches were independent.',
      difference: null,
      interval: null,
      pValue: tests.naiveMcNemarP,
      isWrong: true,
    },
  ];
}
