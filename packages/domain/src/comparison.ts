/**
 * Two runs on the same patches: which is better, by how much, and how sure that is when patients are the
 * unit. Differences are a minus b. What two single runs differ by says nothing about training noise.
 */

import { type Agreement, countAgreement, type PatientAgreement } from './agreement.ts';
import { invariant } from './app-error.ts';
import type { Interval } from './binomial-interval.ts';
import {
  BOOTSTRAP_METRICS,
  type BootstrapMetric,
  bootstrapByPatient,
  findBootstrapP,
  intervalByPercentile,
  RUN_METRICS,
} from './cluster-bootstrap.ts';
import { type AucDifference, compareAucs, covaryByPatient } from './clustered-delong.ts';
import { covaryNaively, type Placements, placePatches } from './delong.ts';
import { type EvaluationMetrics, evaluate, getMetric } from './evaluation.ts';
import { adjustHolm } from './holm.ts';
import { type McNemar, testClusteredMcNemar, testMcNemar } from './mcnemar.ts';
import { checkScored, type Scored } from './scored.ts';
import { type SignFlip, testSignFlip } from './sign-flip.ts';

export type MetricDifference = {
  metric: BootstrapMetric;
  a: number;
  b: number;
  difference: number;
  /** 95 %, paired, by patient; null when no draw has the metric. */
  interval: Interval | null;
  /** Two-sided, by the same draws. */
  pValue: number | null;
  /** After Holm, over all metrics of this comparison that have a p-value. */
  adjustedP: number | null;
};

export type PairedComparison = {
  a: EvaluationMetrics;
  b: EvaluationMetrics;
  intervalsA: Record<string, Interval>;
  intervalsB: Record<string, Interval>;
  /** Metrics that both runs have. */
  differences: MetricDifference[];
  /** Difference of AUC after Obuchowski, by patient; null where its variance does not exist. */
  clusteredAuc: AucDifference | null;
  /** The same as if patches were independent: wrong here, shown for what one would have claimed. */
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

type ComparisonRequest = {
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

/** Compares two runs on the same patches. BAD_INPUT when the arrays do not line up. */
export function comparePaired(request: ComparisonRequest): PairedComparison {
  const { labels, patients, thresholdA, thresholdB, draws, seed } = request;
  const runA = { scored: { probabilities: request.a, labels, patients }, threshold: thresholdA };
  const runB = { scored: { probabilities: request.b, labels, patients }, threshold: thresholdB };
  for (const { scored } of [runA, runB]) checkScored(scored);
  const a = evaluate(runA);
  const b = evaluate(runB);
  const { runs, skippedDraws } = bootstrapByPatient({ runs: [runA, runB], draws, seed });
  const [drawnA, drawnB] = runs;
  invariant(drawnA && drawnB, 'two runs give two sets of draws');
  const { agreement, rows } = countAgreement(request);
  const differing = rows.map((row) => row.accuracyA - row.accuracyB);
  return {
    a,
    b,
    intervalsA: listIntervals(a, drawnA),
    intervalsB: listIntervals(b, drawnB),
    differences: listDifferences({ a, b, drawnA, drawnB }),
    ...compareRanking(runA.scored, runB.scored),
    signFlip: testSignFlip({ differences: differing, draws, seed }),
    clusteredMcNemar: testClusteredMcNemar(rows),
    naiveMcNemar: testMcNemar(agreement),
    agreement,
    patients: rows.toSorted((x, y) => gap(y) - gap(x) || x.patient - y.patient),
    patientCount: rows.length,
    patchCount: labels.length,
    draws,
    skippedDraws,
  };
}

type Drawn = Record<BootstrapMetric, Float64Array>;

function listIntervals(metrics: EvaluationMetrics, drawn: Drawn): Record<string, Interval> {
  const intervals: Record<string, Interval> = {};
  for (const metric of BOOTSTRAP_METRICS) {
    const interval = getMetric(metrics, metric) === null ? null : intervalByPercentile(drawn[metric]);
    if (interval) intervals[metric] = interval;
  }
  return intervals;
}

function listDifferences(pair: {
  a: EvaluationMetrics;
  b: EvaluationMetrics;
  drawnA: Drawn;
  drawnB: Drawn;
}): MetricDifference[] {
  const differences = RUN_METRICS.flatMap((metric) => {
    const a = getMetric(pair.a, metric);
    const b = getMetric(pair.b, metric);
    if (a === null || b === null) return [];
    const drawn = pair.drawnA[metric].map((value, draw) => value - (pair.drawnB[metric][draw] as number));
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

function compareRanking(a: Scored, b: Scored): Pick<PairedComparison, 'clusteredAuc' | 'naiveAuc'> {
  const placed = { a: placePatches(a), b: placePatches(b) };
  if (!placed.a || !placed.b) return { clusteredAuc: null, naiveAuc: null };
  const pair: { a: Placements; b: Placements } = { a: placed.a, b: placed.b };
  const aucs = { a: pair.a.auc, b: pair.b.auc };
  const byPatient = covaryByPatient({ ...pair, labels: a.labels, patients: a.patients });
  const byPatch = covaryNaively({ ...pair, labels: a.labels });
  const clusteredAuc = byPatient && compareAucs(aucs, byPatient);
  const naive = byPatch && compareAucs(aucs, byPatch);
  const widthRatio =
    clusteredAuc && naive?.standardError ? clusteredAuc.standardError / naive.standardError : null;
  return { clusteredAuc, naiveAuc: naive && { ...naive, widthRatio } };
}

function gap({ accuracyA, accuracyB }: PatientAgreement): number {
  return Math.abs(accuracyA - accuracyB);
}
