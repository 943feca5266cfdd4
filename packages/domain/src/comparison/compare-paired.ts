/**
 * Two runs on the same patches: which is better, by how much, and how sure that is when patients are the
 * unit. Differences are a minus b. A difference between two single runs says nothing about training noise.
 */

import { invariant } from '../app-error.ts';
import { type EvaluationMetrics, evaluate, getMetric } from '../evaluation/evaluation.ts';
import { RUN_METRICS } from '../metrics/metric.ts';
import { checkScored, type Scored } from '../metrics/scored.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import {
  BOOTSTRAP_METRICS,
  type BootstrapMetric,
  bootstrapByPatient,
  type DrawnMetrics,
  findBootstrapP,
  intervalByPercentile,
} from '../statistics/cluster-bootstrap.ts';
import { type AucDifference, compareAucs, covaryByPatient } from '../statistics/clustered-delong.ts';
import { covaryNaively, type Placements, placePatches } from '../statistics/delong.ts';
import { adjustHolm } from '../statistics/holm.ts';
import { type McNemar, testClusteredMcNemar, testMcNemar } from '../statistics/mcnemar.ts';
import { type SignFlip, testSignFlip } from '../statistics/sign-flip.ts';
import { type Agreement, countAgreement, type PatientAgreement } from './agreement.ts';

export type MetricDifference = {
  metric: BootstrapMetric;
  a: number;
  b: number;
  difference: number;
  /** 95 %, paired, by patient; null when no draw has the metric, and of a single patient, who has no spread. */
  interval: Interval | null;
  /** Two-sided, by the same draws. */
  pValue: number | null;
  /** After Holm, over all metrics of this comparison that have a p-value. */
  adjustedP: number | null;
};

export type PairedStatistics = {
  a: EvaluationMetrics;
  b: EvaluationMetrics;
  intervalsA: Record<string, Interval>;
  intervalsB: Record<string, Interval>;
  /** Metrics that both runs have. */
  differences: MetricDifference[];
  /** Difference of AUC after Obuchowski, by patient; null where its variance does not exist. */
  clusteredAuc: AucDifference | null;
  /** The same as if patches were independent: wrong here, shown to expose what one would have claimed. */
  naiveAuc: (AucDifference & { widthRatio: number | null }) | null;
  /** Of per-patient accuracy. */
  signFlip: SignFlip;
  clusteredMcNemar: { chiSquare: number; pValue: number };
  /** As if patches were independent: wrong here. */
  naiveMcNemar: McNemar;
  agreement: Agreement;
  /** By falling distance of the two accuracies; ties by index. */
  patients: PatientAgreement[];
  patientCount: number;
  patchCount: number;
  draws: number;
  skippedDraws: number;
};

export type PairedRequest = {
  /** Probabilities of the two runs, patch by patch. */
  a: Float64Array;
  b: Float64Array;
  labels: Uint8Array;
  patients: Int32Array;
  thresholdA: number;
  thresholdB: number;
  draws: number;
  seed: number;
};

export type SideRequest = { scored: Scored; threshold: number; draws: number; seed: number };

/** What is computed for one run of a pair alone: most of the work, and the same for every comparison of that run. */
export type PairSide = {
  metrics: EvaluationMetrics;
  intervals: Record<string, Interval>;
  drawn: DrawnMetrics;
  skippedDraws: number;
  placements: Placements | null;
};

/** The draws depend on patients, labels and seed alone, so those of two sides on the same patches are paired. */
export function measureSide({ scored, threshold, draws, seed }: SideRequest): PairSide {
  checkScored(scored);
  const metrics = evaluate({ scored, threshold });
  const { runs, skippedDraws } = bootstrapByPatient({ runs: [{ scored, threshold }], draws, seed });
  const [drawn] = runs;
  invariant(drawn, 'one run gives one set of draws');
  const intervals = listIntervals(metrics, drawn);
  return { metrics, intervals, drawn, skippedDraws, placements: placePatches(scored) };
}

/**
 * Compares two runs on the same patches. `measure` may remember the sides of other comparisons.
 * @throws AppError BAD_INPUT when the arrays do not line up
 */
export function comparePaired(
  request: PairedRequest,
  measure: (side: SideRequest) => PairSide = measureSide,
): PairedStatistics {
  const { labels, patients, draws, seed } = request;
  const [a, b] = [
    { probabilities: request.a, threshold: request.thresholdA },
    { probabilities: request.b, threshold: request.thresholdB },
  ].map(({ probabilities, threshold }) =>
    measure({ scored: { probabilities, labels, patients }, threshold, draws, seed }),
  );
  invariant(a && b, 'two runs give two sides');
  const { agreement, rows } = countAgreement(request);
  const differing = rows.map((row) => row.accuracyA - row.accuracyB);
  return {
    a: a.metrics,
    b: b.metrics,
    intervalsA: a.intervals,
    intervalsB: b.intervals,
    differences: listDifferences(a, b),
    ...compareRanking({ a: a.placements, b: b.placements, labels, patients }),
    signFlip: testSignFlip({ differences: differing, draws, seed }),
    clusteredMcNemar: testClusteredMcNemar(rows),
    naiveMcNemar: testMcNemar(agreement),
    agreement,
    patients: rows.toSorted((x, y) => gap(y) - gap(x) || x.patient - y.patient),
    patientCount: rows.length,
    patchCount: labels.length,
    draws,
    skippedDraws: a.skippedDraws,
  };
}

function listIntervals(metrics: EvaluationMetrics, drawn: DrawnMetrics): Record<string, Interval> {
  const intervals: Record<string, Interval> = {};
  for (const metric of BOOTSTRAP_METRICS) {
    const interval =
      metrics.patients < 2 || getMetric(metrics, metric) === null
        ? null
        : intervalByPercentile(drawn[metric]);
    if (interval) intervals[metric] = interval;
  }
  return intervals;
}

function listDifferences(sideA: PairSide, sideB: PairSide): MetricDifference[] {
  const differences = RUN_METRICS.flatMap((metric) => {
    const a = getMetric(sideA.metrics, metric);
    const b = getMetric(sideB.metrics, metric);
    if (a === null || b === null) return [];
    if (sideA.metrics.patients < 2) {
      return [{ metric, a, b, difference: a - b, interval: null, pValue: null }];
    }
    const drawn = sideA.drawn[metric].map((value, draw) => value - (sideB.drawn[metric][draw] as number));
    return [
      {
        metric,
        a,
        b,
        difference: a - b,
        interval: intervalByPercentile(drawn),
        pValue: findBootstrapP(drawn),
      },
    ];
  });
  const tested = differences.filter(({ pValue }) => pValue !== null);
  const adjusted = adjustHolm(tested.map(({ pValue }) => pValue ?? 1));
  return differences.map((difference) => ({
    ...difference,
    adjustedP: adjusted[tested.indexOf(difference)] ?? null,
  }));
}

function compareRanking({
  a,
  b,
  ...patches
}: {
  a: Placements | null;
  b: Placements | null;
  labels: Uint8Array;
  patients: Int32Array;
}): Pick<PairedStatistics, 'clusteredAuc' | 'naiveAuc'> {
  if (!a || !b) return { clusteredAuc: null, naiveAuc: null };
  const aucs = { a: a.auc, b: b.auc };
  const byPatient = covaryByPatient({ a, b, ...patches });
  const byPatch = covaryNaively({ a, b, ...patches });
  const clusteredAuc = byPatient && compareAucs(aucs, byPatient);
  const naive = byPatch && compareAucs(aucs, byPatch);
  const widthRatio =
    clusteredAuc && naive?.standardError ? clusteredAuc.standardError / naive.standardError : null;
  return { clusteredAuc, naiveAuc: naive && { ...naive, widthRatio } };
}

function gap({ accuracyA, accuracyB }: PatientAgreement): number {
  return Math.abs(accuracyA - accuracyB);
}
