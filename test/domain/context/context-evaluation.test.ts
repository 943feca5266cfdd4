/** What neighbours add to the figures of a run: chosen on VALIDATION, read elsewhere, paired by patient. */
import { evaluateInContext } from '@microtome/domain/context/context-evaluation';
import { chooseContext, type PlacedScores, readInContext } from '@microtome/domain/context/context-step';
import { evaluateFoldsInContext } from '@microtome/domain/context/pooled-context';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import { rocAuc } from '@microtome/domain/metrics/roc';
import { bootstrapByPatient, intervalByPercentile } from '@microtome/domain/statistics/cluster-bootstrap';
import { expect, test } from 'vitest';
import { toScored } from '../../fixtures/worked-example.ts';
import { paintHalves, place, SIDE } from './placed-patches.ts';

const CHOICE = { rule: 'youden', targetSensitivity: 0.9, ownThreshold: 0.5 } as const;
const ASKED = { ownThreshold: 0.5, unit: 'PATIENT', isChosenHere: false } as const;

test('where neighbours say more they are read, and the metrics of other slides rise', () => {
  const found = evaluateInContext({
    subject: paintHalves({ seed: 2, noise: 2 }),
    step: chooseContext(paintHalves({ seed: 1, noise: 2 }), CHOICE)!,
    ...ASKED,
  })!;
  expect(found.step.radius).toBeGreaterThan(0);
  expect(found.leftOut).toBe(0);
  expect(found.own.metrics.auc).toBeLessThan(0.85);
  expect(found.inContext.metrics.auc).toBeGreaterThan(0.93);
  expect(found.inContext.metrics.logLoss!).toBeLessThan(found.own.metrics.logLoss!);
  expect(found.inContext.metrics.threshold).toBe(found.step.threshold);
  expect(found.own.metrics.threshold).toBe(0.5);
});

test('what is gained is paired by patient, and is judged on other patients than those it was chosen on', () => {
  const subject = paintHalves({ seed: 2, noise: 2 });
  const step = chooseContext(paintHalves({ seed: 1, noise: 2 }), CHOICE)!;
  const { gains, own, inContext, caution } = evaluateInContext({ subject, step, ...ASKED })!;
  const auc = gains.find(({ metric }) => metric === 'auc')!;
  expect([auc.a, auc.b]).toEqual([inContext.metrics.auc, own.metrics.auc]);
  // The same draws of patients on both sides, one after the other.
  const read = readInContext(subject, step);
  const sides = [
    { scored: read.inContext, threshold: step.threshold },
    { scored: read.own, threshold: ASKED.ownThreshold },
  ];
  const { runs } = bootstrapByPatient({ runs: sides, draws: EVALUATION_DRAWS, seed: EVALUATION_SEED });
  const drawn = runs[0]!.auc.map((value, draw) => value - runs[1]!.auc[draw]!);
  expect(auc.interval).toEqual(intervalByPercentile(drawn));
  expect(auc.interval![0]).toBeGreaterThan(0);
  expect(caution).toMatch(/^Only \d+ patients/);
  expect(auc.verdict).toEqual({
    kind: 'FEW_PATIENTS',
    text: 'the probability in context leads, on few patients',
  });
  const there = evaluateInContext({ subject, step, ...ASKED, isChosenHere: true })!;
  const flattered = there.gains.find(({ metric }) => metric === 'auc')!;
  expect(flattered.verdict.text).toBe(
    'the probability in context leads, on few patients, where it was chosen',
  );
});

test('a small grid, worked by hand: the one that its neighbours outvote changes sides', () => {
  // One row of a slide: + + - + +, where the middle one is right only in context. A step of radius 1 weighs a neighbour by e^-2.
  const odds = [2, 2, -0.1, 2, 2];
  const row = odds.map((_, column) => [0, column, 0] as const);
  // Another patient's row is alone with its negatives.
  const far = odds.map((_, column) => [1, column, 0] as const);
  const toShare = (logit: number) => 1 / (1 + Math.exp(-logit));
  const scored = toScored(
    [...odds, ...odds.map(() => -0.05)].map(toShare),
    [...odds.map(() => 1), ...odds.map(() => 0)],
    [...odds.map(() => 0), ...odds.map(() => 1)],
  );
  const step = { radius: 1, weight: 1, temperature: 1, threshold: 0.5 };
  const found = evaluateInContext({ subject: { scored, places: place([...row, ...far]) }, step, ...ASKED })!;
  // Alone: 4 of the 5 positives stand above all 5 negatives, the fifth below: 20 of 25 pairs.
  expect(found.own.metrics.auc).toBeCloseTo(20 / 25, 12);
  // In context: (-0.1 + 2 e^-2 + 2 e^-2) / (1 + 2 e^-2) = 0.3474 > -0.05, so all 25.
  expect(found.inContext.metrics.auc).toBe(1);
  const middle = readInContext({ scored, places: place([...row, ...far]) }, step).inContext.probabilities[2]!;
  expect(middle).toBeCloseTo(toShare((-0.1 + 4 * Math.exp(-2)) / (1 + 2 * Math.exp(-2))), 12);
});

test('where they say less the step is off: threshold and probabilities are the patch’s own', () => {
  // A chessboard: every neighbour across an edge is of the other class.
  const board = Array.from({ length: 64 }, (_, at) => [0, at % 8, Math.floor(at / 8)] as const);
  const labels = board.map(([, column, row]) => (column + row) % 2);
  const validation = {
    scored: toScored(
      labels.map((label, at) => (label ? 0.9 : 0.1) + (at % 5) / 100),
      labels,
      board.map(() => 0),
    ),
    places: place(board),
  };
  const step = chooseContext(validation, { ...CHOICE, ownThreshold: 0.37 });
  expect(step).toEqual({ radius: 0, weight: 0, temperature: 1, threshold: 0.37 });
  const { own, inContext } = readInContext(validation, step!);
  expect(inContext.probabilities).toEqual(own.probabilities);
  expect(own.probabilities).toEqual(validation.scored.probabilities);
});

test('each patient weighs the same: many patches of one do not decide', () => {
  // Neighbours help nine patients of one slide each, and hurt one whose twelve slides are chessboards.
  const halves = paintHalves({ seed: 3, noise: 2, slides: 9 });
  const board = Array.from({ length: 1200 }, (_, at) => {
    const [column, row] = [at % 10, Math.floor(at / 10) % 10];
    return { slide: 9 + Math.floor(at / 100), column, row, label: (column + row) % 2 };
  });
  const boards = place(board.map(({ slide, column, row }) => [slide, column, row]));
  const join = (left: Int32Array, right: Iterable<number>) => Int32Array.from([...left, ...right]);
  const { scored, places } = halves;
  const validation = {
    scored: toScored(
      [...scored.probabilities, ...board.map(({ label }) => (label ? 0.9 : 0.1))],
      [...scored.labels, ...board.map(({ label }) => label)],
      [...scored.patients, ...board.map(() => 9)],
    ),
    places: {
      slides: join(places.slides, boards.slides),
      x: join(places.x, boards.x),
      y: join(places.y, boards.y),
      patchSizePx: SIDE,
    },
  };
  // As one patient its many patches would take weight off the neighbours.
  const pooled = { ...validation.scored, patients: validation.scored.patients.map(() => 0) };
  const weigh = (some: PlacedScores) => chooseContext(some, CHOICE)!.weight;
  expect(weigh(validation)).toBeGreaterThan(weigh({ ...validation, scored: pooled }));
});

test('there is nothing to say without places, and without one of the classes', () => {
  const halves = paintHalves({ seed: 4, noise: 1 });
  const nowhere = { ...halves.places, x: halves.places.x.map(() => -1), y: halves.places.y.map(() => -1) };
  expect(chooseContext({ ...halves, places: nowhere }, CHOICE)).toBeNull();
  const negative = { ...halves.scored, labels: halves.scored.labels.map(() => 0) };
  expect(chooseContext({ ...halves, scored: negative }, CHOICE)).toBeNull();
  const step = chooseContext(halves, CHOICE)!;
  const subject = { ...halves, places: nowhere };
  expect(evaluateInContext({ subject, step, ...ASKED })).toBeNull();
});

test('folds are pooled, each read by its own step and called at its own threshold; one without a step is left out', () => {
  const subjects = [paintHalves({ seed: 5, noise: 2 }), paintHalves({ seed: 6, noise: 2 })];
  const steps = [
    { radius: 1, weight: 1, temperature: 1, threshold: 0.4 },
    { radius: 2, weight: 0.5, temperature: 2, threshold: 0.6 },
  ];
  const folds = subjects.map((subject, at) => ({ subject, step: steps[at]!, ownThreshold: 0.5 }));
  const silent = { subject: paintHalves({ seed: 7, noise: 2 }), step: null, ownThreshold: 0.5 };
  const found = evaluateFoldsInContext({ folds: [...folds, silent], unit: 'PATIENT' })!;
  expect(found).toMatchObject({ steps, foldsLeftOut: 1 });
  const read = subjects.map((subject, at) => readInContext(subject, steps[at]!).inContext);
  const labels = Uint8Array.from(read.flatMap((fold) => [...fold.labels]));
  const probabilities = Float64Array.from(read.flatMap((fold) => [...fold.probabilities]));
  const gain = (name: string) => found.gains.find(({ metric }) => metric === name)!;
  expect(gain('auc').a).toBe(rocAuc({ labels, probabilities }));
  const right = read.flatMap((fold, at) =>
    [...fold.probabilities].map(
      (value, patch) => Number(value >= steps[at]!.threshold) === fold.labels[patch],
    ),
  );
  expect(gain('accuracy').a).toBeCloseTo(right.filter(Boolean).length / right.length, 12);
  expect(gain('auc').interval![0]).toBeGreaterThan(0);
  expect(evaluateFoldsInContext({ folds: [silent], unit: 'PATIENT' })).toBeNull();
});
