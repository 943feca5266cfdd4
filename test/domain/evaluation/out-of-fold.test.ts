/** The pooled result of a cross-validation, held to evaluations of its parts. */
import { evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { callFolds, evaluateOutOfFold, poolFolds } from '@microtome/domain/evaluation/out-of-fold';
import { evaluatePooledSites } from '@microtome/domain/evaluation/site-evaluation';
import { takePatches } from '@microtome/domain/metrics/scored';
import { createRandom } from '@microtome/domain/seeded-random';
import { expect, it } from 'vitest';

const budget = { draws: 200, seed: 1 };

/** `patients` patients of 12 patches each; probabilities rise with the label. */
function createFold({ patients, seed, threshold }: { patients: number; seed: number; threshold: number }) {
  const random = createRandom(seed);
  const labels = Uint8Array.from({ length: patients * 12 }, () => Number(random.next() < 0.4));
  const probabilities = Float64Array.from(
    labels,
    (label) => 0.6 * random.next() + 0.4 * label * random.next(),
  );
  const numbers = Int32Array.from(labels, (_, patch) => Math.floor(patch / 12));
  return { scored: { probabilities, labels, patients: numbers }, threshold };
}

it('equals the evaluation of all patches at once when the folds share a threshold', () => {
  const folds = [3, 4, 5].map((patients, seed) => createFold({ patients, seed, threshold: 0.4 }));
  const scored = poolFolds(folds);
  expect(new Set(scored.patients).size).toBe(12);
  const whole = evaluateWithIntervals({ scored, threshold: 0.4, ...budget });
  const { threshold: _, ...metrics } = whole.metrics;
  const pooled = evaluateOutOfFold({ folds, ...budget });
  expect(pooled.metrics).toEqual({ ...metrics, thresholds: [0.4, 0.4, 0.4] });
  expect(pooled.intervals).toEqual(whole.intervals);
});

it("applies each fold's threshold to its own predictions alone", () => {
  const folds = [0.2, 0.5].map((threshold, seed) => createFold({ patients: 4, seed, threshold }));
  const parts = folds.map(({ scored, threshold }) => evaluateWithIntervals({ scored, threshold, ...budget }));
  const { metrics } = evaluateOutOfFold({ folds, ...budget });
  const sum = (cell: 'tp' | 'fp' | 'tn' | 'fn') =>
    parts.reduce((total, part) => total + part.metrics.confusion[cell], 0);
  expect(metrics.confusion).toEqual({ tp: sum('tp'), fp: sum('fp'), tn: sum('tn'), fn: sum('fn') });
  expect(metrics.sensitivity).toBeCloseTo(sum('tp') / (sum('tp') + sum('fn')), 12);
  expect(callFolds(folds).reduce((total, call) => total + call, 0)).toBe(sum('tp') + sum('fp'));
  // Per patient nothing is pooled, so the mean over patients is that of the parts.
  const meanOf = (name: 'auc' | 'sensitivity') =>
    parts.reduce(
      (total, { metrics: { macro, macroPatients } }) => total + macro[name]! * macroPatients[name],
      0,
    ) / parts.reduce((total, { metrics: { macroPatients } }) => total + macroPatients[name], 0);
  expect(metrics.macro.auc).toBeCloseTo(meanOf('auc'), 12);
  expect(metrics.macro.sensitivity).toBeCloseTo(meanOf('sensitivity'), 12);
});

it('goes site by site: a site over several folds is the pooled result of its patches alone', () => {
  const folds = [0.2, 0.5].map((threshold, seed) => createFold({ patients: 4, seed, threshold }));
  // Site A has the first fold and half of the second; patches without a site are in none.
  const siteOf = [
    new Int32Array(48).fill(0),
    Int32Array.from({ length: 48 }, (_, patch) => (patch < 24 ? 0 : patch < 36 ? 2 : -1)),
  ];
  const found = evaluatePooledSites({ folds, ...budget }, { sites: ['A', 'B', 'C'], siteOf });
  expect(found.map(({ site, metrics }) => [site, metrics.patients, metrics.patches])).toEqual([
    ['A', 6, 72],
    ['C', 1, 12],
  ]);
  const [first, second] = folds as [(typeof folds)[0], (typeof folds)[0]];
  const half = Array.from({ length: 24 }, (_, patch) => patch);
  const alone = evaluateOutOfFold({
    folds: [first, { ...second, scored: takePatches(second.scored, half) }],
    ...budget,
  });
  expect(found[0]?.metrics).toEqual(alone.metrics);
  expect(found[1]?.metrics.thresholds).toEqual([0.5]);
});
