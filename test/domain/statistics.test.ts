import { intervalByClopperPearson, intervalByWilson } from '@microtome/domain/binomial-interval';
import {
  bootstrapByPatient,
  drawPatients,
  findBootstrapP,
  intervalByPercentile,
} from '@microtome/domain/cluster-bootstrap';
import { compareAucs, covaryByPatient, estimateAuc, intervalOfAuc } from '@microtome/domain/clustered-delong';
import { checkSamePatients, comparePaired } from '@microtome/domain/comparison';
import { covaryNaively, type Placements, placePatches } from '@microtome/domain/delong';
import { evaluate, evaluateWithIntervals, getMetric } from '@microtome/domain/evaluation';
import { adjustHolm } from '@microtome/domain/holm';
import { testClusteredMcNemar, testMcNemar } from '@microtome/domain/mcnemar';
import { twoSidedP, Z_95 } from '@microtome/domain/normal';
import type { Scored } from '@microtome/domain/scored';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { testSignFlip } from '@microtome/domain/sign-flip';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXACT_DIGITS, toScored, WORKED_A, WORKED_B } from './worked-example.ts';

const seeds = fc.integer({ min: 0, max: 0xffffffff });

function expectExact(actual: number | null | undefined, expected: number) {
  expect(actual).toBeTypeOf('number');
  expect(actual).toBeCloseTo(expected, EXACT_DIGITS);
}

function expectExactList(actual: ArrayLike<number> | null | undefined, expected: number[]) {
  expect(Array.from(actual ?? [])).toHaveLength(expected.length);
  expected.forEach((value, index) => {
    expectExact(actual?.[index], value);
  });
}

function place(scored: Scored): Placements {
  const placements = placePatches(scored);
  if (!placements) throw new Error('the example has both classes');
  return placements;
}

/** Patients of unequal size with an effect of their own; ties and one-class patients occur. */
function createClustered(seed: number, patientCount = 12): Scored {
  const random = createRandom(seed);
  const rows: [number, number, number][] = [];
  for (let patient = 0; patient < patientCount; patient++) {
    const effect = gaussian(random);
    const share = random.next();
    const size = 1 + Math.floor(30 * random.next() ** 2);
    for (let patch = 0; patch < size; patch++) {
      const label = random.next() < share ? 1 : 0;
      const logit = 1.4 * label - 0.7 + 0.6 * effect + gaussian(random);
      rows.push([Math.round(40 / (1 + Math.exp(-logit))) / 40, label, patient]);
    }
  }
  rows.push([0.3, 1, 0], [0.6, 0, 0], [0.4, 1, 1], [0.7, 0, 1]);
  return toScored(
    rows.map(([probability]) => probability),
    rows.map(([, label]) => label),
    rows.map(([, , patient]) => patient),
  );
}

/** Every patient a second time, as another patient. */
function duplicatePatients(scored: Scored): Scored {
  const shift = Math.max(...scored.patients) + 1;
  return toScored(
    [...scored.probabilities, ...scored.probabilities],
    [...scored.labels, ...scored.labels],
    [...scored.patients, ...scored.patients.map((patient) => patient + shift)],
  );
}

/** Each patient as often as it was drawn, patches really repeated. */
function repeatPatients(scored: Scored, weights: Float64Array): Scored {
  const picked = [...scored.patients.keys()].flatMap((index) =>
    new Array<number>(weights[scored.patients[index] ?? 0] ?? 0).fill(index),
  );
  return toScored(
    picked.map((index) => scored.probabilities[index] ?? 0),
    picked.map((index) => scored.labels[index] ?? 0),
    picked.map((index) => scored.patients[index] ?? 0),
  );
}

test('intervals of a proportion are those of Wilson and of Clopper and Pearson', () => {
  expectExactList(intervalByWilson(8, 10), [0.49016247153664183, 0.9433178485456247]);
  expectExactList(intervalByWilson(0, 10), [0, 0.27753279986288926]);
  expectExactList(intervalByWilson(10, 10), [0.7224672001371106, 1]);
  expectExactList(intervalByWilson(45, 50), [0.7863976856252034, 0.9565242350681095]);
  expectExactList(intervalByWilson(13349, 15652), [0.8472260398564561, 0.8583253052471663]);
  expectExactList(intervalByClopperPearson(8, 10), [0.4439045376923585, 0.9747892736731666]);
  expectExactList(intervalByClopperPearson(0, 10), [0, 0.30849710781876083]);
});

test("DeLong's placements of the worked example", () => {
  const { values } = place(WORKED_A);
  const ofLabel = (label: number) => values.filter((_, index) => WORKED_A.labels[index] === label);
  expectExactList(
    ofLabel(1),
    [0.7083333333333334, 0.9166666666666666, 1, 1, 0.875, 1, 0.9166666666666666, 1],
  );
  expectExactList(ofLabel(0), [1, 1, 1, 0.9375, 1, 1, 1, 0.8125, 1, 0.5, 1, 0.875]);
});

test("DeLong's variances, intervals and paired test of the worked example, patches taken for independent", () => {
  const a = place(WORKED_A);
  const covariance = covaryNaively({ a, b: place(WORKED_B), labels: WORKED_A.labels });
  expectExact(covariance?.aa, 0.003111471861471861);
  expectExact(covariance?.bb, 0.008939844877344876);
  expectExact(covariance?.ab, 0.00480530753968254);
  const { standardError, interval } = intervalOfAuc(a.auc, covariance?.aa ?? 0);
  expectExact(standardError, 0.05578056885217164);
  expectExactList(interval, [0.8177554273459202, 1]);
  expectExact(Z_95 * standardError + a.auc, 1.0364112393207465);
  if (!covariance) throw new Error('there is a covariance');
  const paired = compareAucs({ a: a.auc, b: place(WORKED_B).auc }, covariance);
  expectExact(paired?.difference, 0.10416666666666674);
  expectExact(paired?.z, 2.1084893840565084);
  expectExact(paired?.pValue, 0.034988680069313646);
});

test("Obuchowski's clustered variances and test of the worked example", () => {
  const covariance = covaryByPatient({ a: place(WORKED_A), b: place(WORKED_B), ...WORKED_A });
  expectExact(covariance?.aa, 0.0021585849086934155);
  expectExact(covariance?.bb, 0.0028759363747427966);
  expectExact(covariance?.ab, 0.0018591861175411507);
  expectExact(estimateAuc(WORKED_A)?.standardError, 0.04646057370172495);
  if (!covariance) throw new Error('there is a covariance');
  const paired = compareAucs({ a: place(WORKED_A).auc, b: place(WORKED_B).auc }, covariance);
  expectExact(paired?.z, 2.8712845225021346);
  expectExact(paired?.pValue, 0.004088073853521555);
});

test('a published paired comparison of two AUCs follows from their variances', () => {
  // The aneurysmal subarachnoid haemorrhage example of pROC: s100b against wfns.
  const paired = compareAucs(
    { a: 0.7313685636856369, b: 0.8236788617886179 },
    { aa: 0.002668682457172418, bb: 0.0014699147088236264, ab: 0.0011961556737675448 },
  );
  expectExact(paired?.z, -2.2089835914409077);
  expectExact(paired?.pValue, 0.02717578222918815);
  const { interval } = intervalOfAuc(0.7313685636856369, 0.002668682457172418);
  expectExactList(interval, [0.6301182117616226, 0.8326189156096511]);
});

test.each([
  [
    10, 3, 0.09228515625, 2.769230769230769, 0.0960923294556734, 3.769230769230769, 0.0522036353413146,
    0.05737304687499998,
  ],
  [
    25, 10, 0.016673847800120715, 5.6, 0.01796047752607879, 6.428571428571429, 0.011229886652916672,
    0.011330984183587137,
  ],
  [0, 5, 0.0625, 3.2, 0.07363827012030258, 5, 0.025347318677468325, 0.03125],
])(
  'McNemar of %d against %d in its four forms',
  (onlyA, onlyB, exactP, corrected, correctedP, plain, plainP, midP) => {
    const tested = testMcNemar({ onlyA, onlyB });
    expectExact(tested.exactP, exactP);
    expectExact(tested.correctedChiSquare, corrected);
    expectExact(tested.correctedP, correctedP);
    expectExact(tested.chiSquare, plain);
    expectExact(tested.chiSquareP, plainP);
    expectExact(tested.midP, midP);
  },
);

test('runs that never differ have p 1 in every paired test', () => {
  expect(testMcNemar({ onlyA: 0, onlyB: 0 })).toMatchObject({
    exactP: 1,
    midP: 1,
    chiSquareP: 1,
    correctedP: 1,
  });
  expect(testClusteredMcNemar([{ onlyA: 0, onlyB: 0, patches: 5 }]).pValue).toBe(1);
  expect(testSignFlip({ differences: [0, 0], draws: 100, seed: 1 })).toEqual({
    pValue: 1,
    isExact: true,
    differing: 0,
  });
});

test('the tail of a paired test keeps its digits where 1 - cdf would be 0', () => {
  expect(testMcNemar({ onlyA: 400, onlyB: 100 }).chiSquareP).toBeGreaterThan(0);
  expect(twoSidedP(12)).toBeCloseTo(3.55e-33, 35);
});

test("Durkalski's clustered McNemar, the naive one and the exact sign-flip of the worked example", () => {
  const differences = [2, 2, -1, 4, -1];
  const patients = differences.map((difference) => ({
    onlyA: Math.max(difference, 0),
    onlyB: Math.max(-difference, 0),
    patches: 10,
  }));
  expectExact(testClusteredMcNemar(patients).chiSquare, 1.3846153846153846);
  expectExact(testClusteredMcNemar(patients).pValue, 0.23931654122149193);
  const naive = testMcNemar({ onlyA: 10, onlyB: 4 });
  expectExact(naive.chiSquare, 2.5714285714285716);
  expectExact(naive.chiSquareP, 0.10880943004054605);
  const flipped = testSignFlip({ differences: differences.map((value) => value / 10), draws: 0, seed: 1 });
  expect(flipped).toEqual({ pValue: 12 / 32, isExact: true, differing: 5 });
});

test('unequal patients weigh alike in the clustered McNemar: a large one does not outvote the small', () => {
  const patients = [
    { onlyA: 300, onlyB: 0, patches: 1000 },
    { onlyA: 0, onlyB: 3, patches: 10 },
    { onlyA: 0, onlyB: 6, patches: 20 },
  ];
  const expected = (0.3 - 0.3 - 0.3) ** 2 / (3 * 0.3 ** 2);
  expectExact(testClusteredMcNemar(patients).chiSquare, expected);
});

test('sign-flip by draws agrees with sign-flip by all patterns, and is two-sided', () => {
  const random = createRandom(2);
  const differences = Array.from({ length: 20 }, () => 0.25 + gaussian(random));
  const exact = testSignFlip({ differences, draws: 0, seed: 1 });
  const drawn = testSignFlip({ differences: [...differences, 1e-9], draws: 20_000, seed: 1 });
  expect([exact.isExact, drawn.isExact]).toEqual([true, false]);
  expect(Math.abs(exact.pValue - drawn.pValue)).toBeLessThan(0.015);
  const mirrored = testSignFlip({ differences: differences.map((value) => -value), draws: 0, seed: 1 });
  expect(mirrored.pValue).toBe(exact.pValue);
});

test("Holm's adjustment keeps the order of the hypotheses and never lowers a p-value", () => {
  expectExactList(adjustHolm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
  expect(adjustHolm([])).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (pValues) => {
      adjustHolm(pValues).forEach((adjusted, index) => {
        expect(adjusted).toBeGreaterThanOrEqual(pValues[index] ?? 0);
        expect(adjusted).toBeLessThanOrEqual(1);
      });
    }),
  );
});

test('the bootstrap by patient of the worked example, draw by draw', () => {
  const { runs, skippedDraws } = bootstrapByPatient({
    runs: [{ scored: WORKED_A, threshold: 0.5 }],
    draws: 1000,
    seed: 42,
  });
  const auc = runs[0]?.auc ?? new Float64Array();
  expect([auc.length, skippedDraws]).toEqual([1000, 0]);
  expectExactList(
    auc.slice(0, 5),
    [0.9393939393939393, 0.9531249999999999, 0.8906249999999999, 0.9531249999999999, 0.9531249999999999],
  );
  const mean = auc.reduce((sum, value) => sum + value, 0) / auc.length;
  expectExact(mean, 0.9217461204767455);
  const variance = auc.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (auc.length - 1);
  expectExact(Math.sqrt(variance), 0.03934309367170361);
  expectExactList(intervalByPercentile(auc), [0.8333333333333334, 0.9949494949494949]);
});

test('the paired bootstrap of the worked example uses the same draws for both runs', () => {
  const { runs } = bootstrapByPatient({
    runs: [WORKED_A, WORKED_B].map((scored) => ({ scored, threshold: 0.5 })),
    draws: 1000,
    seed: 42,
  });
  const differences = Float64Array.from(
    runs[0]?.auc ?? [],
    (value, draw) => value - (runs[1]?.auc[draw] ?? 0),
  );
  expectExactList(intervalByPercentile(differences), [0.03125, 0.21999999999999997]);
  // Two draws are exactly equal in whole numbers; a library that divides first sees no more of them.
  expectExact(findBootstrapP(differences), 0.011988011988011988);
});

test('the bootstrap by patch, each patch its own patient, gives the naive interval of the worked example', () => {
  const everyPatchAlone = { ...WORKED_A, patients: Int32Array.from(WORKED_A.patients.keys()) };
  const { runs } = bootstrapByPatient({
    runs: [{ scored: everyPatchAlone, threshold: 0.5 }],
    draws: 1000,
    seed: 42,
  });
  expectExactList(intervalByPercentile(runs[0]?.auc ?? new Float64Array()), [0.7864583333333334, 1]);
});

test('every metric of a draw is the metric of the drawn patients with their patches repeated', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed);
      const patientCount = Math.max(...scored.patients) + 1;
      const random = createRandom(seed);
      const { runs, keptDraws, skippedDraws } = bootstrapByPatient({
        runs: [{ scored, threshold: 0.5 }],
        draws: 6,
        seed,
      });
      let kept = 0;
      for (let draw = 0; draw < 6; draw++) {
        const repeated = repeatPatients(scored, drawPatients(patientCount, random));
        const metrics = evaluate({ scored: repeated, threshold: 0.5 });
        if (metrics.auc === null) continue;
        for (const metric of Object.keys(runs[0] ?? {}).filter((name) => !name.startsWith('macro.'))) {
          const expected = getMetric(metrics, metric as 'auc');
          const actual = runs[0]?.[metric as 'auc'][kept] ?? Number.NaN;
          expect([metric, Number.isNaN(actual)]).toEqual([metric, expected === null]);
          if (expected !== null) expect(actual).toBeCloseTo(expected, 10);
        }
        kept++;
      }
      expect([keptDraws, skippedDraws]).toEqual([kept, 6 - kept]);
    }),
    { numRuns: 60 },
  );
});

test('with many patches average precision of a draw is within a twentieth of its spread of the exact one', () => {
  const scored = createLarge(8000, 20);
  const { runs } = bootstrapByPatient({ runs: [{ scored, threshold: 0.5 }], draws: 200, seed: 3 });
  const drawn = runs[0]?.averagePrecision ?? new Float64Array();
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const spread = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length);
  const random = createRandom(3);
  for (let draw = 0; draw < 10; draw++) {
    const exact = evaluate({ scored: repeatPatients(scored, drawPatients(20, random)), threshold: 0.5 });
    expect(Math.abs((exact.averagePrecision ?? 0) - (drawn[draw] ?? 0))).toBeLessThan(spread / 20);
    expect(runs[0]?.auc[draw]).toBeCloseTo(exact.auc ?? 0, EXACT_DIGITS);
    expect(runs[0]?.sensitivityAtSpecificity95[draw]).toBeCloseTo(
      exact.sensitivityAtSpecificity95 ?? 0,
      EXACT_DIGITS,
    );
  }
});

test('duplicating every patient leaves the estimates and shrinks the clustered error by the root of two', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const once = createClustered(seed, 30);
      const twice = duplicatePatients(once);
      expect(evaluate({ scored: twice, threshold: 0.5 }).auc).toBeCloseTo(
        evaluate({ scored: once, threshold: 0.5 }).auc ?? 0,
        EXACT_DIGITS,
      );
      const ratio = (estimateAuc(once)?.standardError ?? 0) / (estimateAuc(twice)?.standardError ?? 1);
      // Exactly the root of two but for the divisors I/(I-1), which fall from 30/29 to 60/59.
      expect(ratio).toBeGreaterThan(Math.SQRT2 * 0.99);
      expect(ratio).toBeLessThan(Math.SQRT2 * 1.04);
    }),
    { numRuns: 100 },
  );
});

test('repeating the patches within each patient leaves the clustered error but halves the naive variance', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const once = createClustered(seed);
      const twice = repeatPatients(once, new Float64Array(Math.max(...once.patients) + 1).fill(2));
      expect(estimateAuc(twice)?.standardError).toBeCloseTo(estimateAuc(once)?.standardError ?? 0, 10);
      const naive = (scored: Scored) =>
        covaryNaively({ a: place(scored), b: place(scored), labels: scored.labels })?.aa ?? 0;
      expect(naive(twice)).toBeLessThan(naive(once) * 0.56);
    }),
    { numRuns: 100 },
  );
});

test("one patch per patient reduces the clustered covariance to DeLong's", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed);
      const alone = { ...scored, patients: Int32Array.from(scored.patients.keys()) };
      const other = {
        ...alone,
        probabilities: alone.probabilities.map((value, index) => (value + (index % 7) / 7) / 2),
      };
      const pair = { a: place(alone), b: place(other), labels: alone.labels };
      const clustered = covaryByPatient({ ...pair, patients: alone.patients });
      const naive = covaryNaively(pair);
      for (const part of ['aa', 'bb', 'ab'] as const) expectExact(clustered?.[part], naive?.[part] ?? 0);
    }),
    { numRuns: 100 },
  );
});

test('the names and the order of patients do not change any clustered statistic', () => {
  const scored = createClustered(8);
  const count = Math.max(...scored.patients) + 1;
  const renamed = { ...scored, patients: scored.patients.map((patient) => count - 1 - patient) };
  expectExact(estimateAuc(renamed)?.standardError, estimateAuc(scored)?.standardError ?? 0);
});

test('an evaluation with intervals brackets its metrics and says how far off the naive interval is', () => {
  const scored = createLarge(6000, 40);
  const { metrics, intervals, clusteredAuc, naiveAuc, skippedDraws } = evaluateWithIntervals({
    scored,
    threshold: 0.5,
    draws: 400,
    seed: 1,
  });
  expect(Object.keys(intervals)).toHaveLength(26);
  for (const name of ['auc', 'averagePrecision', 'balancedAccuracy', 'brier', 'macro.auc'] as const) {
    const [low, high] = intervals[name] ?? [1, 0];
    const value = getMetric(metrics, name) ?? Number.NaN;
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
  expect(skippedDraws).toBe(0);
  expect(naiveAuc?.widthRatio).toBeGreaterThan(1.5);
  expect((clusteredAuc?.interval[0] ?? 0) < (naiveAuc?.interval[0] ?? 0)).toBe(true);
  expect(evaluateWithIntervals({ scored, threshold: 0.5, draws: 400, seed: 1 }).intervals).toEqual(intervals);
});

test('a metric that is undefined has no interval, and draws with one class are counted', () => {
  const scored = toScored([0.2, 0.8, 0.3, 0.9], [0, 1, 0, 0], [0, 0, 1, 2]);
  const { metrics, intervals, skippedDraws } = evaluateWithIntervals({
    scored,
    threshold: 0.5,
    draws: 200,
    seed: 1,
  });
  expect(skippedDraws).toBeGreaterThan(20);
  expect(metrics.auc).toBe(2 / 3);
  expect(JSON.stringify(intervals)).not.toMatch(/null|NaN/);
  const oneClass = evaluateWithIntervals({
    scored: toScored([0.2], [0]),
    threshold: 0.5,
    draws: 50,
    seed: 1,
  });
  expect([oneClass.intervals, oneClass.skippedDraws]).toEqual([{}, 50]);
});

test('a paired comparison of the worked example agrees with its parts', () => {
  const compared = comparePaired({
    a: WORKED_A.probabilities,
    b: WORKED_B.probabilities,
    labels: WORKED_A.labels,
    patients: WORKED_A.patients,
    thresholdA: 0.5,
    thresholdB: 0.5,
    draws: 1000,
    seed: 42,
  });
  const auc = compared.differences.find(({ metric }) => metric === 'auc');
  expectExact(auc?.difference, 0.10416666666666674);
  expectExactList(auc?.interval, [0.03125, 0.21999999999999997]);
  expectExact(auc?.pValue, 0.011988011988011988);
  expect(auc?.adjustedP).toBeGreaterThanOrEqual(auc?.pValue ?? 1);
  expectExact(compared.clusteredAuc?.pValue, 0.004088073853521555);
  expectExact(compared.naiveAuc?.pValue, 0.034988680069313646);
  expect(compared.agreement).toMatchObject({ onlyA: 2, onlyB: 0 });
  expect(Object.values(compared.agreement).reduce((sum, count) => sum + count)).toBe(20);
  expect(compared.patients.map(({ onlyA }) => onlyA).reduce((sum, count) => sum + count)).toBe(2);
  expect([compared.patientCount, compared.patchCount, compared.skippedDraws]).toEqual([4, 20, 0]);
});

test('comparing a run with itself finds no difference, and swapping the runs mirrors every difference', () => {
  const scored = createClustered(4);
  const other = scored.probabilities.map((value, index) => (2 * value + (index % 5) / 5) / 3);
  const base = {
    labels: scored.labels,
    patients: scored.patients,
    thresholdA: 0.5,
    thresholdB: 0.4,
    draws: 200,
    seed: 5,
  };
  const itself = comparePaired({ ...base, a: other, b: other, thresholdB: 0.5 });
  expect(itself.differences.every(({ difference, pValue }) => difference === 0 && pValue === 1)).toBe(true);
  expect(itself.clusteredAuc).toMatchObject({ difference: 0, z: 0, pValue: 1 });
  const forward = comparePaired({ ...base, a: scored.probabilities, b: other });
  const backward = comparePaired({
    ...base,
    a: other,
    b: scored.probabilities,
    thresholdA: 0.4,
    thresholdB: 0.5,
  });
  forward.differences.forEach((difference, index) => {
    expect(backward.differences[index]?.difference).toBeCloseTo(-difference.difference, EXACT_DIGITS);
    expectExact(backward.differences[index]?.interval?.[0], -(difference.interval?.[1] ?? 0));
  });
  expect(backward.clusteredMcNemar).toEqual(forward.clusteredMcNemar);
});

test('runs on different patients are not paired, and the shared patients are offered', () => {
  expect(() => checkSamePatients(['1', '2'], ['2', '1'])).not.toThrow();
  expect(() => checkSamePatients(['1', '2', '3'], ['2', '3', '4'])).toThrow(
    /3 and 3, of whom they share 2. Compare them on the shared patients/,
  );
  expect(() => checkSamePatients(['1'], ['2'])).toThrow(/They cannot be paired/);
});

function createLarge(patchCount: number, patientCount: number): Scored {
  const random = createRandom(77);
  const effects = Array.from({ length: patientCount }, () => gaussian(random));
  const patients = Array.from({ length: patchCount }, (_, index) =>
    index < patientCount ? index : Math.floor(patientCount * random.next() ** 1.5),
  );
  const labels = patients.map(() => (random.next() < 0.3 ? 1 : 0));
  const probabilities = patients.map((patient, index) => {
    const logit = 2 * (labels[index] ?? 0) - 1 + 0.8 * (effects[patient] ?? 0) + gaussian(random);
    return 1 / (1 + Math.exp(-logit));
  });
  return toScored(probabilities, labels, patients);
}
