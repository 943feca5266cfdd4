/**
 * The tests of a pair as rows: those by the unit of the dataset first, if it has one, then those that treat patches as independent, marked as wrong.
 * Pure.
 */

import { type MetricCatalogue, titleMetric } from '../../../metrics/metric-catalogue.ts';
import { hasUnits, type UnitWords } from '../../../unit/unit-words.ts';

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

type Naming = { catalogue: MetricCatalogue; unit: UnitWords };

export function listTests(tests: Tests, naming: Naming): TestRow[] {
  return [
    ...(hasUnits(naming.unit) ? listByUnit(tests, naming) : []),
    ...listByPatch(tests, naming.catalogue),
  ];
}

function listByUnit(tests: Tests, { catalogue, unit }: Naming): TestRow[] {
  const flips = tests.signFlipIsExact ? 'exact' : 'drawn';
  return [
    {
      question: titleMetric(catalogue, 'auc'),
      test: `DeLong, clustered ${unit.by} (Obuchowski)`,
      ...describeAuc(tests.auc),
      isWrong: false,
    },
    {
      question: `${titleMetric(catalogue, 'accuracy')}, ${unit.one} by ${unit.one}`,
      test: `Sign flip over the ${tests.signFlipPatients} ${unit.many} that differ (${flips})`,
      difference: tests.meanAccuracyDifference,
      interval: null,
      pValue: tests.signFlipP,
      isWrong: false,
    },
    {
      question: 'Right equally often',
      test: `McNemar, clustered ${unit.by} (Durkalski)`,
      difference: null,
      interval: null,
      pValue: tests.clusteredMcNemarP,
      isWrong: false,
    },
  ];
}

function listByPatch({ naiveAuc, naiveMcNemarP }: Tests, catalogue: MetricCatalogue): TestRow[] {
  const ratio = naiveAuc?.widthRatio;
  const wider = ratio ? ` The right interval is ${ratio.toFixed(1)} times as wide.` : '';
  return [
    {
      question: `${titleMetric(catalogue, 'auc')}, if patches were independent`,
      test: `WRONG here: DeLong as if patches were independent.${wider}`,
      ...describeAuc(naiveAuc),
      isWrong: true,
    },
    {
      question: 'Right equally often, if patches were independent',
      test: 'WRONG here: McNemar as if patches were independent.',
      difference: null,
      interval: null,
      pValue: naiveMcNemarP,
      isWrong: true,
    },
  ];
}

function describeAuc(test: AucTest | null | undefined): Pick<TestRow, 'difference' | 'interval' | 'pValue'> {
  return {
    difference: test?.difference ?? null,
    interval: test ? [test.low, test.high] : null,
    pValue: test?.pValue ?? null,
  };
}
