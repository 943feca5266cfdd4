/** What a patch's neighbours add to it: worked numbers, and what holds of any patches. */
import { evaluateInContext } from '@microtome/domain/context/context-evaluation';
import { chooseContext, type PlacedScores, readInContext } from '@microtome/domain/context/context-step';
import { averageAround, findNeighboured, type PatchPlaces } from '@microtome/domain/context/neighbourhood';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { bootstrapByPatient, intervalByPercentile } from '@microtome/domain/statistics/cluster-bootstrap';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toScored } from '../../fixtures/worked-example.ts';

const SIDE = 50;
const CHOICE = { rule: 'youden', targetSensitivity: 0.9, ownThreshold: 0.5 } as const;
const ASKED = { ownThreshold: 0.5, unit: 'PATIENT', isChosenHere: false } as const;

/** Patches as [slide, column, row]. */
function place(cells: readonly (readonly [slide: number, column: number, row: number])[]): PatchPlaces {
  return {
    slides: Int32Array.from(cells, ([slide]) => slide),
    x: Int32Array.from(cells, ([, column]) => column * SIDE),
    y: Int32Array.from(cells, ([, , row]) => row * SIDE),
    patchSizePx: SIDE,
  };
}

type Cell = { slide: number; column: number; row: number; logit: number };

const cells = fc.uniqueArray(
  fc.record({
    slide: fc.nat(2),
    column: fc.nat(7),
    row: fc.nat(7),
    logit: fc.double({ min: -8, max: 8, noNaN: true }),
  }),
  { minLength: 1, maxLength: 80, selector: ({ slide, column, row }) => `${slide} ${column} ${row}` },
);

function average(some: readonly Cell[], radius: number, patchSizePx = SIDE): number[] {
  const places = { ...place(some.map(({ slide, column, row }) => [slide, column, row])), patchSizePx };
  return [
    ...averageAround(
      Float64Array.from(some, ({ logit }) => logit),
      { places, radius },
    ),
  ];
}

test('a neighbour weighs by a Gaussian of half the radius', () => {
  const places = place([
    [0, 1, 1],
    [0, 2, 1],
    [0, 2, 2],
    [0, 4, 1],
  ]);
  const logits = Float64Array.of(0, 1, 2, 100);
  // At radius 1 a patch next to it weighs e^-2, one across the corner e^-4.
  const near = (Math.exp(-2) + 2 * Math.exp(-4)) / (1 + Math.exp(-2) + Math.exp(-4));
  expect(averageAround(logits, { places, radius: 1 })[0]).toBeCloseTo(near, 12);
  expect(near).toBeCloseTo(0.14902, 4);
  // At radius 2 they weigh e^-0.5 and e^-1; three columns away is too far.
  const wide = (Math.exp(-0.5) + 2 * Math.exp(-1)) / (1 + Math.exp(-0.5) + Math.exp(-1));
  expect(averageAround(logits, { places, radius: 2 })[0]).toBeCloseTo(wide, 12);
  expect(wide).toBeCloseTo(0.67984, 4);
  // At radius 3 the far one counts: 9 / (2 · 1.5²) = 2.
  const far = averageAround(logits, { places, radius: 3 })[0]!;
  const weights = [0, 1, 2, 9].map((squared) => Math.exp(-squared / 4.5));
  const sum = weights.reduce((total, weight, at) => total + weight * logits[at]!, 0);
  expect(far).toBeCloseTo(sum / weights.reduce((total, weight) => total + weight), 12);
});

test('places off the grid count by their distance', () => {
  const places = {
    ...place([[0, 0, 0]]),
    slides: Int32Array.of(0, 0),
    x: Int32Array.of(10, 35),
    y: Int32Array.of(7, 7),
  };
  const weight = Math.exp(-2 * 0.5 ** 2);
  const [mean] = averageAround(Float64Array.of(0, 1), { places, radius: 1 });
  expect(mean).toBeCloseTo(weight / (1 + weight), 12);
});

test('radius 0 is the patch alone', () => {
  fc.assert(
    fc.property(cells, (some) => {
      expect(average(some, 0)).toEqual(some.map(({ logit }) => logit));
    }),
  );
});

test('the order of patches changes nothing, to the last bit', () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 4 }), (some, radius) => {
      // Also where patches overlap, three to a side.
      for (const patchSizePx of [SIDE, 3 * SIDE]) {
        const backwards = average(some.toReversed(), radius, patchSizePx).toReversed();
        expect(average(some, radius, patchSizePx)).toEqual(backwards);
      }
    }),
  );
});

test('other slides never count', () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 4 }), (some, radius) => {
      const all = average(some, radius);
      const own = some.filter(({ slide }) => slide === 0);
      const alone = average(own, radius);
      expect(all.filter((_, at) => some[at]!.slide === 0)).toEqual(alone);
    }),
  );
});

test('a missing neighbour changes only the patches that it is near', () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 4 }), (some, radius) => {
      const [gone, ...rest] = some as [Cell, ...Cell[]];
      const before = average(some, radius).slice(1);
      const after = average(rest, radius);
      rest.forEach((cell, at) => {
        const isFar =
          cell.slide !== gone.slide ||
          Math.max(Math.abs(cell.column - gone.column), Math.abs(cell.row - gone.row)) > radius;
        if (isFar) expect(after[at]).toBe(before[at]);
      });
    }),
  );
});

test('equal logits stay what they are, with or without neighbours', () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 4 }), (some, radius) => {
      for (const mean of average(
        some.map((cell) => ({ ...cell, logit: 1.5 })),
        radius,
      )) {
        expect(mean).toBeCloseTo(1.5, 12);
      }
    }),
  );
});

test('a slide has a context where half its patches have a neighbour, and a patch where it has a place', () => {
  const places = place([
    [0, 0, 0],
    [0, 1, 1],
    [0, 5, 5],
    [0, 9, 9],
    [1, 0, 0],
    [1, 0, 1],
    [1, 4, 4],
    [1, 6, 6],
    [1, 8, 8],
    [2, 0, 0],
    [2, 0, 1],
    [2, 0, 2],
  ]);
  places.x[11] = -1;
  places.y[11] = -1;
  expect([...findNeighboured(places)]).toEqual([0, 1, 2, 3, 9, 10]);
});

/** Slides whose left half is positive, each patch scored with noise of its own: the neighbours say more than it does. */
function paintHalves({
  seed,
  noise,
  slides = 4,
}: {
  seed: number;
  noise: number;
  slides?: number;
}): PlacedScores {
  const random = createRandom(seed);
  const all = Array.from({ length: slides }, (_, slide) =>
    Array.from({ length: 100 }, (_, at) => [slide, at % 10, Math.floor(at / 10)] as const),
  ).flat();
  const labels = all.map(([, column]) => (column < 5 ? 1 : 0));
  const probabilities = labels.map(
    (label) => 1 / (1 + Math.exp(-(label * 2 - 1 + noise * gaussian(random)))),
  );
  return {
    scored: toScored(
      probabilities,
      labels,
      all.map(([slide]) => slide),
    ),
    places: place(all),
  };
}

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
