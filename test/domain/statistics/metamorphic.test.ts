/**
 * What must hold of every clustered statistic whatever the data, on patients of unequal size: a wrong weighting of
 * patients passes where they are all alike.
 */

import { comparePaired } from '@microtome/domain/comparison/compare-paired';
import { evaluate, getMetric } from '@microtome/domain/evaluation/evaluation';
import { rocAuc } from '@microtome/domain/metrics/roc';
import type { Scored } from '@microtome/domain/metrics/scored';
import { createRandom } from '@microtome/domain/seeded-random';
import {
  bootstrapByPatient,
  drawPatients,
  intervalByPercentile,
} from '@microtome/domain/statistics/cluster-bootstrap';
import { covaryByPatient, estimateAuc } from '@microtome/domain/statistics/clustered-delong';
import { covaryNaively } from '@microtome/domain/statistics/delong';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXACT_DIGITS, toScored } from '../../fixtures/worked-example.ts';
import { createClustered, duplicatePatients, expectExact, place, seeds } from '../metrics/scored-examples.ts';

const RUNS = { numRuns: 25 };

test('a monotone transform of the scores leaves AUC, its clustered error and its draws unchanged', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed);
      const squeezed = {
        ...scored,
        probabilities: scored.probabilities.map((score) => (score ** 3 + 1) / 4),
      };
      expect(estimateAuc(squeezed)).toEqual(estimateAuc(scored));
      expect(drawAucs(squeezed, { draws: 8, seed })).toEqual(drawAucs(scored, { draws: 8, seed }));
    }),
    RUNS,
  );
});

test('swapping the classes mirrors AUC and every draw of it, and leaves its clustered error', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed);
      const swapped = { ...scored, labels: scored.labels.map((label) => 1 - label) };
      const [own, mirrored] = [estimateAuc(scored), estimateAuc(swapped)];
      expect(mirrored?.auc).toBeCloseTo(1 - (own?.auc ?? 0), EXACT_DIGITS);
      expect(mirrored?.standardError).toBeCloseTo(own?.standardError ?? 0, EXACT_DIGITS);
      const draws = drawAucs(scored, { draws: 8, seed });
      drawAucs(swapped, { draws: 8, seed }).forEach((auc, draw) => {
        expect(auc).toBeCloseTo(1 - (draws[draw] ?? 0), EXACT_DIGITS);
      });
    }),
    RUNS,
  );
});

test('every metric of a draw, macro averages too, is that of the drawn patients, each as often as drawn', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed);
      const random = createRandom(seed);
      const { runs } = bootstrapByPatient({ runs: [{ scored, threshold: 0.5 }], draws: 5, seed });
      const drawn = runs[0]!;
      let kept = 0;
      for (let draw = 0; draw < 5; draw++) {
        const cohort = drawCohort(scored, drawPatients(countOf(scored), random));
        const metrics = evaluate({ scored: cohort, threshold: 0.5 });
        if (metrics.auc === null) continue;
        for (const metric of Object.keys(drawn) as (keyof typeof drawn)[]) {
          const expected = getMetric(metrics, metric);
          expect([metric, Number.isNaN(drawn[metric][kept])]).toEqual([metric, expected === null]);
          if (expected !== null) expect(drawn[metric][kept]).toBeCloseTo(expected, 10);
        }
        kept++;
      }
    }),
    RUNS,
  );
});

test('duplicating every patient leaves the middle of the bootstrap and narrows it by the root of two', () => {
  const widths = [1, 2].map((times) => {
    const once = createClustered(21, 60);
    const scored = times === 1 ? once : duplicatePatients(once);
    const [low, high] = intervalByPercentile(drawAucs(scored, { draws: 2_000, seed: 3 })) ?? [0, 0];
    expect(low).toBeLessThan(rocAuc(once) ?? 0);
    expect(high).toBeGreaterThan(rocAuc(once) ?? 1);
    return high - low;
  });
  expect(widths[0]! / widths[1]!).toBeGreaterThan(Math.SQRT2 * 0.93);
  expect(widths[0]! / widths[1]!).toBeLessThan(Math.SQRT2 * 1.07);
});

test('the clustered error of AUC is that of leaving out one patient at a time, large or small', () => {
  const scored = createClustered(5, 250);
  const count = countOf(scored);
  const left = Array.from({ length: count }, (_, patient) => rocAuc(without(scored, patient)) ?? Number.NaN);
  const mean = left.reduce((sum, auc) => sum + auc, 0) / count;
  const variance = ((count - 1) / count) * left.reduce((sum, auc) => sum + (auc - mean) ** 2, 0);
  const ratio = (estimateAuc(scored)?.standardError ?? 0) / Math.sqrt(variance);
  expect(ratio).toBeGreaterThan(0.97);
  expect(ratio).toBeLessThan(1.03);
});

test("Obuchowski's covariance of patients of unequal size is the textbook's, sum by sum", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed);
      const other = rescore(scored);
      const covariance = covaryByPatient({ a: place(scored), b: place(other), ...scored });
      expectExact(covariance?.aa, covaryByTheBook(scored, scored));
      expectExact(covariance?.bb, covaryByTheBook(other, other));
      expectExact(covariance?.ab, covaryByTheBook(scored, other));
    }),
    RUNS,
  );
});

test('one patch per patient makes the clustered bootstrap as wide as DeLong, and the clustered tests those of McNemar', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const many = createClustered(seed, 10);
      // Few enough to try every pattern of signs.
      const scored = takeFirst({ ...many, patients: Int32Array.from(many.patients.keys()) }, 20);
      const { clusteredMcNemar, naiveMcNemar, signFlip } = compare(scored, rescore(scored));
      expect(clusteredMcNemar.chiSquare).toBeCloseTo(naiveMcNemar.chiSquare, 10);
      expect(clusteredMcNemar.pValue).toBeCloseTo(naiveMcNemar.chiSquareP, 10);
      expect(signFlip.isExact).toBe(true);
      expect(signFlip.pValue).toBeCloseTo(naiveMcNemar.exactP, 10);
    }),
    RUNS,
  );
  const large = createClustered(9, 60);
  const alone = { ...large, patients: Int32Array.from(large.patients.keys()) };
  const draws = drawAucs(alone, { draws: 2_000, seed: 1 });
  const mean = draws.reduce((sum, auc) => sum + auc, 0) / draws.length;
  const variance = draws.reduce((sum, auc) => sum + (auc - mean) ** 2, 0) / (draws.length - 1);
  const delong = covaryNaively({ a: place(alone), b: place(alone), labels: alone.labels })?.aa ?? 0;
  expect(Math.sqrt(variance / delong)).toBeGreaterThan(0.93);
  expect(Math.sqrt(variance / delong)).toBeLessThan(1.07);
});

test('repeating one patient’s patches changes neither paired test by patient, as patients count alike', () => {
  fc.assert(
    fc.property(seeds, fc.nat(9), (seed, patient) => {
      const scored = createClustered(seed, 10);
      const repeated = drawCohort(scored, null, patient);
      const [once, twice] = [compare(scored, rescore(scored)), compare(repeated, rescore(repeated))];
      expect(twice.signFlip).toEqual(once.signFlip);
      expect(twice.clusteredMcNemar.chiSquare).toBeCloseTo(once.clusteredMcNemar.chiSquare, 10);
      expect(twice.clusteredAuc?.difference).toBeDefined();
    }),
    RUNS,
  );
});

test('duplicating every patient leaves the difference of two runs, halves its variance and doubles Durkalski’s statistic', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed, 40);
      const twice = duplicatePatients(scored);
      const [one, two] = [compare(scored, rescore(scored)), compare(twice, rescore(twice))];
      expect(two.clusteredAuc?.difference).toBeCloseTo(one.clusteredAuc?.difference ?? 0, EXACT_DIGITS);
      expect(two.clusteredMcNemar.chiSquare).toBeCloseTo(2 * one.clusteredMcNemar.chiSquare, 8);
      const ratio = (one.clusteredAuc?.standardError ?? 0) / (two.clusteredAuc?.standardError ?? 1);
      expect(ratio).toBeGreaterThan(Math.SQRT2 * 0.99);
      expect(ratio).toBeLessThan(Math.SQRT2 * 1.04);
    }),
    RUNS,
  );
});

test('swapping the two runs turns the signs of the differences and leaves every p-value', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed, 10);
      const [one, other] = [compare(scored, rescore(scored)), compare(rescore(scored), scored)];
      expect(other.signFlip.pValue).toBe(one.signFlip.pValue);
      expect(other.clusteredMcNemar).toEqual(one.clusteredMcNemar);
      expect(other.clusteredAuc?.difference).toBeCloseTo(-(one.clusteredAuc?.difference ?? 0), EXACT_DIGITS);
      expect(other.clusteredAuc?.pValue).toBeCloseTo(one.clusteredAuc?.pValue ?? 0, 10);
    }),
    RUNS,
  );
});

function drawAucs(scored: Scored, { draws, seed }: { draws: number; seed: number }): Float64Array {
  return bootstrapByPatient({ runs: [{ scored, threshold: 0.5 }], draws, seed }).runs[0]!.auc;
}

function compare(a: Scored, b: Scored) {
  const shared = { labels: a.labels, patients: a.patients, thresholdA: 0.5, thresholdB: 0.5 };
  return comparePaired({ a: a.probabilities, b: b.probabilities, ...shared, draws: 20, seed: 1 });
}

/** Another run's scores, which depend on nothing but the patch's own score and label. */
function rescore(scored: Scored): Scored {
  const probabilities = scored.probabilities.map((score, index) => {
    const step = Math.round(score * 40);
    return (((step * 7 + (scored.labels[index] ?? 0) * 3) % 41) / 40 + 2 * score) / 3;
  });
  return { ...scored, probabilities };
}

function countOf({ patients }: Scored): number {
  return Math.max(...patients) + 1;
}

function without(scored: Scored, patient: number): Scored {
  return pick(scored, (index) => scored.patients[index] !== patient);
}

function takeFirst(scored: Scored, count: number): Scored {
  return pick(scored, (index) => index < count);
}

function pick({ probabilities, labels, patients }: Scored, keeps: (index: number) => boolean): Scored {
  return {
    probabilities: probabilities.filter((_, index) => keeps(index)),
    labels: labels.filter((_, index) => keeps(index)),
    patients: patients.filter((_, index) => keeps(index)),
  };
}

/**
 * With weights: a cohort in which each drawing of a patient is a patient of its own. Without: the same patients, one of
 * whom has every patch twice.
 */
function drawCohort(scored: Scored, weights: Float64Array | null, repeated?: number): Scored {
  const rows: [number, number, number][] = [];
  let next = 0;
  for (let patient = 0; patient < countOf(scored); patient++) {
    const times = weights ? weights[patient]! : patient === repeated ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const name = weights ? next++ : patient;
      scored.patients.forEach((own, index) => {
        if (own === patient) rows.push([scored.probabilities[index]!, scored.labels[index]!, name]);
      });
    }
  }
  return toScored(
    rows.map(([probability]) => probability),
    rows.map(([, label]) => label),
    rows.map(([, , patient]) => patient),
  );
}

/** Obuchowski (1997), equations 2 to 5, written out over patients i with m_i positives and n_i negatives. */
function covaryByTheBook(a: Scored, b: Scored): number {
  const [placedA, placedB] = [place(a), place(b)];
  const patients = Array.from({ length: countOf(a) }, (_, patient) => {
    const ofClass = (label: number) =>
      [...a.patients.keys()].filter((at) => a.patients[at] === patient && a.labels[at] === label);
    const gap = (values: ArrayLike<number>, auc: number, label: number) =>
      ofClass(label).reduce((sum, at) => sum + (values[at] ?? 0), 0) - ofClass(label).length * auc;
    return {
      positives: ofClass(1).length,
      negatives: ofClass(0).length,
      a10: gap(placedA.values, placedA.auc, 1),
      a01: gap(placedA.values, placedA.auc, 0),
      b10: gap(placedB.values, placedB.auc, 1),
      b01: gap(placedB.values, placedB.auc, 0),
    };
  });
  const sum = (value: (one: (typeof patients)[number]) => number) =>
    patients.reduce((total, one) => total + value(one), 0);
  const [m, n] = [sum((one) => one.positives), sum((one) => one.negatives)];
  const i10 = patients.filter((one) => one.positives > 0).length;
  const i01 = patients.filter((one) => one.negatives > 0).length;
  const i = patients.length;
  const s10 = (i10 / ((i10 - 1) * m)) * sum((one) => one.a10 * one.b10);
  const s01 = (i01 / ((i01 - 1) * n)) * sum((one) => one.a01 * one.b01);
  const s11 = (i / (i - 1)) * sum((one) => one.a10 * one.b01 + one.b10 * one.a01);
  return s10 / m + s01 / n + s11 / (m * n);
}
