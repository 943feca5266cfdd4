/** Which pairs are tested: every pair of a few runs, each run against one reference of many. */
import { choosePairs } from '@microtome/domain/comparison/choose-pairs';
import { expect, test } from 'vitest';

const make = (id: string, isOpen: boolean, validationAuc: number | null) => {
  return { id, name: id, isOpen, validationAuc };
};
const many = [
  make('sealed', false, 0.99),
  make('bad', true, 0.7),
  make('good', true, 0.9),
  make('as good', true, 0.9),
  make('unfinished', false, null),
];

test('the reference is an opened run rather than a better one that is sealed; the first of equals', () => {
  const { reference, pairs, sentence } = choosePairs({ runs: many, referenceId: null });
  expect(reference?.id).toBe('good');
  expect(pairs.map(({ a }) => a.id)).toEqual(['sealed', 'bad', 'as good', 'unfinished']);
  expect(sentence).toBe(
    "Each run is tested against 'good', the best on VALIDATION of those whose TEST is open. The 6 pairs without it are not computed.",
  );
});

test('of up to four runs every pair is tested, unless a reference is asked for', () => {
  const four = many.slice(0, 4);
  expect(choosePairs({ runs: four, referenceId: null })).toMatchObject({
    reference: null,
    pairs: { length: 6 },
    sentence: 'Every pair is tested.',
  });
  const { pairs, sentence } = choosePairs({ runs: four.slice(0, 3), referenceId: 'bad' });
  expect(pairs.map(({ a, b }) => [a.id, b.id])).toEqual([
    ['sealed', 'bad'],
    ['good', 'bad'],
  ]);
  expect(sentence).toBe("Each run is tested against 'bad'. The 1 pair without it is not computed.");
});

test('two runs have one pair, and more pairs than are computed at once are said', () => {
  const two = choosePairs({ runs: many.slice(0, 2), referenceId: null });
  expect(two.sentence).toBe('The two runs are tested against each other.');
  const crowd = Array.from({ length: 22 }, (_, at) => make(`${at}`, true, at / 100));
  const { sentence } = choosePairs({ runs: crowd, referenceId: null });
  expect(sentence).toMatch(/^Each run is tested against '21', .* At most 20 of them are computed at once\.$/);
});
