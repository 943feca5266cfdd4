/** What a patch's neighbours are, and how they weigh: worked numbers, and what holds of any patches. */
import { averageAround, findNeighboured } from '@microtome/domain/context/neighbourhood';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { place, SIDE } from './placed-patches.ts';

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
