/** Figures for looking, not for claiming: other thresholds, and the intervals that patches alone would give. */

import { evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { confusionAt } from '@microtome/domain/metrics/confusion';
import { markPoints, planExploration } from '@microtome/domain/metrics/explored-points';
import { measureOperatingPoints } from '@microtome/domain/metrics/operating-points';
import { chooseThreshold } from '@microtome/domain/metrics/threshold';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { intervalsByPatch, widthRatio } from '@microtome/domain/statistics/naive-intervals';
import { expect, test } from 'vitest';

const scored = scatterPatients();

test('calls at any threshold are those of counting again, ties and ends included', () => {
  const thresholds = [0, 0.25, scored.probabilities[3]!, 0.5, 0.75, 1, 1.5];
  for (const point of measureOperatingPoints(scored, thresholds)) {
    expect(point.confusion).toEqual(confusionAt({ scored, threshold: point.threshold }));
  }
});

test('what is explored is a grid, the frozen threshold and what each rule chooses, each once and marked', () => {
  const frozen = 0.123;
  const exploration = planExploration({ validation: scored, targetSensitivity: 0.9, frozen });
  const { thresholds } = exploration;
  expect(thresholds).toEqual([...new Set(thresholds)].sort((x, y) => x - y));
  expect(thresholds).toContain(0.005);
  const points = markPoints(measureOperatingPoints(scored, thresholds), exploration);
  expect(points.filter(({ isFrozen }) => isFrozen).map(({ threshold }) => threshold)).toEqual([frozen]);
  for (const rule of ['youden', 'f1', 'sensitivity'] as const) {
    const chosen = points.filter(({ rules }) => rules.includes(rule)).map(({ threshold }) => threshold);
    expect(chosen).toEqual([chooseThreshold({ scored, rule, targetSensitivity: 0.9 })]);
  }
});

test('intervals by patch are narrower than those by patient, by a ratio that is said', () => {
  const byPatch = intervalsByPatch({ scored, threshold: 0.5 });
  const { intervals, naiveAuc } = evaluateWithIntervals({ scored, threshold: 0.5, draws: 500, seed: 1 });
  expect(byPatch.auc).toEqual(naiveAuc?.interval);
  for (const metric of ['auc', 'sensitivity', 'specificity'] as const) {
    expect(widthRatio(intervals[metric]!, byPatch[metric]!)).toBeGreaterThan(1.5);
  }
  expect(widthRatio([0, 0.4], [0.1, 0.3])).toBeCloseTo(2, 12);
  expect(widthRatio([0, 1], [0.5, 0.5])).toBeNull();
});

test('a class that is missing leaves out what it leaves undefined', () => {
  const oneClass = { ...scored, labels: new Uint8Array(scored.labels.length) };
  expect(Object.keys(intervalsByPatch({ scored: oneClass, threshold: 0.5 })).sort()).toEqual(
    ['accuracy', 'npv', 'ppv', 'specificity'].sort(),
  );
});

/** 12 patients of unequal size whose scores share a shift of their own. */
function scatterPatients() {
  const random = createRandom(5);
  const sizes = Array.from({ length: 12 }, (_, patient) => 20 + 15 * patient);
  const patients = Int32Array.from(sizes.flatMap((size, patient) => new Array<number>(size).fill(patient)));
  const shifts = sizes.map(() => gaussian(random) * 1.5);
  const labels = Uint8Array.from(patients, () => (random.next() < 0.4 ? 1 : 0));
  const probabilities = Float64Array.from(patients, (patient, patch) => {
    const logit = shifts[patient]! + (labels[patch]! - 0.5) * 2 + gaussian(random);
    return Math.round(100 / (1 + Math.exp(-logit))) / 100;
  });
  return { probabilities, labels, patients };
}
