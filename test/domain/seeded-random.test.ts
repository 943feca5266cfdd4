import { createRandom, deriveSeed, gaussian, shuffle } from '@microtome/domain/seeded-random';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('mulberry32 with seed 42 gives the published first five numbers', () => {
  const random = createRandom(42);
  expect(Array.from({ length: 5 }, () => random.next())).toEqual([
    0.6011037519201636, 0.44829055899754167, 0.8524657934904099, 0.6697340414393693, 0.17481389874592423,
  ]);
});

test('a generator created from a state goes on exactly where the first one stands', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.nat(50), (seed, drawn) => {
      const first = createRandom(seed);
      for (let index = 0; index < drawn; index++) first.next();
      const second = createRandom(first.state());
      expect([second.next(), second.next()]).toEqual([first.next(), first.next()]);
    }),
  );
});

test('derived seeds differ by label, by the order of labels and by where labels end', () => {
  const seeds = [
    deriveSeed(1),
    deriveSeed(2),
    deriveSeed(1, 'a'),
    deriveSeed(1, 'ab'),
    deriveSeed(1, 'a', 'b'),
    deriveSeed(1, 'b', 'a'),
    deriveSeed(1, 1),
    deriveSeed(1, '1'),
    deriveSeed(1, 'a', 1),
    deriveSeed(1, 'a', 2),
  ];
  expect(new Set(seeds).size).toBe(seeds.length);
  for (const seed of seeds) expect(seed).toBe(seed >>> 0);
});

test('a shuffle keeps every item, leaves its input alone and repeats with its seed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
      const before = [...items];
      const shuffled = shuffle(items, createRandom(seed));
      expect(items).toEqual(before);
      expect([...shuffled].sort()).toEqual([...items].sort());
      expect(shuffle(items, createRandom(seed))).toEqual(shuffled);
    }),
  );
});

test('a shuffle puts every item at every place equally often', () => {
  const random = createRandom(7);
  const places = [0, 0, 0, 0];
  for (let draw = 0; draw < 8000; draw++) {
    const place = shuffle(['a', 'b', 'c', 'd'], random).indexOf('a');
    places[place] = (places[place] ?? 0) + 1;
  }
  for (const count of places) expect(Math.abs(count - 2000)).toBeLessThan(150);
});

test('gaussian draws have mean 0 and variance 1', () => {
  const random = createRandom(11);
  const draws = Array.from({ length: 20_000 }, () => gaussian(random));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.04);
});
