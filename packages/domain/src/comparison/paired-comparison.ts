/** Two runs on the same opened TEST patients, as page and paper show them: what was measured, or why nothing was. */
import { warnOfFewPatients } from '../statistics/few-patients.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import type { Agreement, PatientAgreement } from './agreement.ts';
import type { MetricDifference, PairedStatistics } from './compare-paired.ts';
import type { Judged } from './judge-pairs.ts';
import type { TestPatientCounts } from './refuse-pair.ts';

type NamedRun = { name: string };

/** What was computed for a pair, with its patients' keys by number. Cached and shared between requests: never modify it. */
export type MeasuredPair = { statistics: PairedStatistics; patientKeys: string[] };

export type PairTests = Pick<
  PairedStatistics,
  'clusteredAuc' | 'naiveAuc' | 'signFlip' | 'clusteredMcNemar' | 'naiveMcNemar' | 'skippedDraws'
> & {
  agreement: Agreement;
  /** Mean over patients of the difference of their accuracies, which the sign-flip test judges. */
  meanAccuracyDifference: number;
};

/** By falling distance of the two accuracies. */
export type DifferingPatient = Omit<PatientAgreement, 'patient'> & { patientKey: string };

export type TestedPair<Run extends NamedRun = NamedRun> = TestPatientCounts & {
  a: Run;
  b: Run;
  /** What the dataset of both is split by: what its tests take for independent. */
  unit: SplittingUnit;
  /** True where the pair was restricted to the patients that both share. */
  restricted: boolean;
  patches: number;
  draws: number;
  metrics: MetricDifference[];
  /** Null when refused. */
  tests: PairTests | null;
  differing: DifferingPatient[];
  /** Why its intervals and p-values are not to be trusted; null where they are. */
  caution: string | null;
  refused: string | null;
};

/** A pair with the verdict on each metric, which depends on the other pairs of the comparison too. */
export type PairedComparison<Run extends NamedRun = NamedRun> = Judged<TestedPair<Run>>;

type Sides<Run> = { a: Run; b: Run; unit: SplittingUnit; counts: TestPatientCounts };

export function describeRefusedPair<Run extends NamedRun>(
  { a, b, unit, counts }: Sides<Run>,
  refused: string,
): TestedPair<Run> {
  return {
    a,
    b,
    unit,
    ...counts,
    restricted: false,
    patches: 0,
    draws: 0,
    metrics: [],
    tests: null,
    differing: [],
    caution: null,
    refused,
  };
}

export function describeTestedPair<Run extends NamedRun>(
  { a, b, unit, counts }: Sides<Run>,
  { statistics, patientKeys }: MeasuredPair,
): TestedPair<Run> {
  const { patients, patientsB, sharedPatients } = counts;
  const paired = patientKeys.length;
  return {
    a,
    b,
    unit,
    // On a split by patch only the predictions tell the patients; on others a patient may have nothing but strips.
    patients: patients || paired,
    patientsB: patientsB || paired,
    sharedPatients: paired,
    restricted: sharedPatients < Math.max(patients, patientsB),
    patches: statistics.patchCount,
    draws: statistics.draws,
    metrics: statistics.differences,
    tests: describeTests(statistics),
    differing: statistics.patients.map(({ patient, ...row }) => ({
      ...row,
      patientKey: patientKeys[patient] ?? '',
    })),
    caution: warnOfFewPatients(paired, unit),
    refused: null,
  };
}

function describeTests(statistics: PairedStatistics): PairTests {
  const { clusteredAuc, naiveAuc, signFlip, clusteredMcNemar, naiveMcNemar } = statistics;
  const { agreement, skippedDraws, patients } = statistics;
  const gaps = patients.map(({ accuracyA, accuracyB }) => accuracyA - accuracyB);
  return {
    clusteredAuc,
    naiveAuc,
    signFlip,
    clusteredMcNemar,
    naiveMcNemar,
    agreement,
    skippedDraws,
    meanAccuracyDifference: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
  };
}
