/**
 * How often a 95 % interval holds the truth: 60 patients with 40 patches each and an effect of the patient on
 * all of its scores. The clustered intervals should hold it in 92 to 97 of 100 cases; the naive one does not.
 * The truth comes from one large simulation. Prints a table and, as its last line, one JSON object.
 */

import type { Scored } from '@microtome/domain/metrics/scored';
import { createRandom, deriveSeed, gaussian, type SeededRandom } from '@microtome/domain/seeded-random';
import { drawPatients, intervalByPercentile } from '@microtome/domain/statistics/cluster-bootstrap';
import { compareAucs, covaryByPatient, intervalOfAuc } from '@microtome/domain/statistics/clustered-delong';
import { covaryNaively, type Placements, placePatches } from '@microtome/domain/statistics/delong';
import { buildRankingTables } from '@microtome/domain/statistics/ranking-tables';
import {
  countAbove,
  countDoubledWins,
  interleave,
  RESAMPLES_AT_ONCE,
} from '@microtome/domain/statistics/resampled-ranking';

const PATIENTS = 60;
const PATCHES_PER_PATIENT = 40;
const REPLICATES = 2000;
const DRAWS = 1000;
const TRUTH_PATIENTS = 30_000;
const PATIENT_EFFECT_SD = 1;
/** Distance of the classes' mean scores, in standard deviations of a patch's own noise, for run a. */
const EFFECT_SIZES = [0, 1, 2];
/** Run b separates the classes by this much less. */
const DISADVANTAGE_B = 0.3;
const METHODS = ['bootstrap', 'obuchowski', 'naive'] as const;
const WANTED = [0.92, 0.97];

type Interval = [low: number, high: number];
type Pair = { a: Scored; b: Scored };
type Truth = { auc: number; difference: number };

const rows = EFFECT_SIZES.flatMap((effectSize) => {
  const truth = findTruth(effectSize);
  const held = { auc: [0, 0, 0], difference: [0, 0, 0] };
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const random = createRandom(deriveSeed(1, 'coverage', effectSize * 10, replicate));
    const intervals = estimateAll(simulate({ effectSize, patients: PATIENTS, random }), random);
    for (const figure of ['auc', 'difference'] as const) {
      intervals[figure].forEach((interval, method) => {
        if (holds(interval, truth[figure])) held[figure][method] = (held[figure][method] ?? 0) + 1;
      });
    }
  }
  return (['auc', 'difference'] as const).map((figure) => ({
    effectSize,
    figure,
    truth: truth[figure],
    coverage: Object.fromEntries(METHODS.map((method, at) => [method, (held[figure][at] ?? 0) / REPLICATES])),
  }));
});

console.log(`effect | figure     | truth   | ${METHODS.join(' | ')}`);
for (const { effectSize, figure, truth, coverage } of rows) {
  const shares = METHODS.map((method) => (coverage[method] ?? 0).toFixed(3).padStart(method.length));
  console.log(
    `${String(effectSize).padStart(6)} | ${figure.padEnd(10)} | ${truth.toFixed(4)}  | ${shares.join(' | ')}`,
  );
}
const isWithin = rows.every(({ coverage }) =>
  [coverage.bootstrap ?? 0, coverage.obuchowski ?? 0].every(
    (share) => share >= (WANTED[0] ?? 0) && share <= (WANTED[1] ?? 1),
  ),
);
console.log(`The clustered intervals ${isWithin ? 'all lie' : 'do not all lie'} between 92 and 97 %.`);
console.log(
  JSON.stringify({
    patients: PATIENTS,
    patchesPerPatient: PATCHES_PER_PATIENT,
    replicates: REPLICATES,
    draws: DRAWS,
    isWithin,
    rows,
  }),
);

function simulate({
  effectSize,
  patients,
  random,
}: {
  effectSize: number;
  patients: number;
  random: SeededRandom;
}): Pair {
  const count = patients * PATCHES_PER_PATIENT;
  const labels = new Uint8Array(count);
  const patientOf = new Int32Array(count);
  const scoresA = new Float64Array(count);
  const scoresB = new Float64Array(count);
  for (let patient = 0; patient < patients; patient++) {
    const effect = PATIENT_EFFECT_SD * gaussian(random);
    const share = 1 / (1 + Math.exp(0.85 - 0.6 * gaussian(random)));
    for (let patch = 0; patch < PATCHES_PER_PATIENT; patch++) {
      const at = patient * PATCHES_PER_PATIENT + patch;
      const noise = gaussian(random);
      const label = random.next() < share ? 1 : 0;
      labels[at] = label;
      patientOf[at] = patient;
      scoresA[at] = effectSize * label + effect + noise;
      scoresB[at] =
        (effectSize - DISADVANTAGE_B) * label + 0.8 * effect + 0.6 * noise + 0.8 * gaussian(random);
    }
  }
  const shared = { labels, patients: patientOf };
  return { a: { probabilities: scoresA, ...shared }, b: { probabilities: scoresB, ...shared } };
}

function findTruth(effectSize: number): Truth {
  const random = createRandom(deriveSeed(1, 'truth', effectSize * 10));
  const { a, b } = simulate({ effectSize, patients: TRUTH_PATIENTS, random });
  return { auc: place(a).auc, difference: place(a).auc - place(b).auc };
}

/** The intervals in the order of METHODS. */
function estimateAll(
  { a, b }: Pair,
  random: SeededRandom,
): Record<'auc' | 'difference', (Interval | null)[]> {
  const placed = { a: place(a), b: place(b), labels: a.labels };
  const clustered = covaryByPatient({ ...placed, patients: a.patients });
  const naive = covaryNaively(placed);
  const aucs = { a: placed.a.auc, b: placed.b.auc };
  const drawn = bootstrapAucs([a, b], random);
  const differences = drawn.a.map((auc, draw) => auc - (drawn.b[draw] ?? 0));
  return {
    auc: [
      intervalByPercentile(drawn.a),
      clustered && intervalOfAuc(aucs.a, clustered.aa).interval,
      naive && intervalOfAuc(aucs.a, naive.aa).interval,
    ],
    difference: [
      intervalByPercentile(differences),
      (clustered && compareAucs(aucs, clustered)?.interval) ?? null,
      (naive && compareAucs(aucs, naive)?.interval) ?? null,
    ],
  };
}

/** The platform's bootstrap, its AUC alone: all metrics of millions of draws would take hours. */
function bootstrapAucs([a, b]: [Scored, Scored], random: SeededRandom): { a: Float64Array; b: Float64Array } {
  const tables = { a: buildRankingTables(a, PATIENTS), b: buildRankingTables(b, PATIENTS) };
  const aucs = { a: new Float64Array(DRAWS), b: new Float64Array(DRAWS) };
  const lastRow = { ...tables.a.checkpoints, ...takeLastRow(tables.a.checkpoints) };
  for (let draw = 0; draw < DRAWS; draw += RESAMPLES_AT_ONCE) {
    const resamples = Array.from({ length: RESAMPLES_AT_ONCE }, () => drawPatients(PATIENTS, random));
    const four = interleave(resamples, PATIENTS);
    const counts = countAbove(lastRow, four);
    for (const run of ['a', 'b'] as const) {
      countDoubledWins(tables[run], four).forEach((wins, resample) => {
        const { positives, negatives } = counts[resample] ?? { positives: [0], negatives: [0] };
        aucs[run][draw + resample] = wins / (2 * (positives[0] ?? 0) * (negatives[0] ?? 0));
      });
    }
  }
  return aucs;
}

/** Of the checkpoints only the last: how many of each class a patient has. */
function takeLastRow({
  ranks,
  positivesAbove,
  negativesAbove,
}: ReturnType<typeof buildRankingTables>['checkpoints']) {
  const start = (ranks.length - 1) * PATIENTS;
  return {
    ranks: ranks.slice(-1),
    positivesAbove: positivesAbove.slice(start),
    negativesAbove: negativesAbove.slice(start),
  };
}

function place(scored: Scored): Placements {
  const placements = placePatches(scored);
  if (!placements) throw new Error('a simulated cohort has both classes');
  return placements;
}

function holds(interval: Interval | null, truth: number): boolean {
  return interval !== null && interval[0] <= truth && truth <= interval[1];
}
