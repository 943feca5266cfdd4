import { expect, it } from 'vitest';
import { countOpenings, countOpeningsLeft } from '../../apps/web/split/count-openings.ts';

it.each([
  [2, [], '2', null],
  [2, [{ openings: 3 }, { openings: 2 }], '2 of 3', 1],
  [0, [{ openings: 0 }], '0 of 0', 0],
])('%i openings under %j', (testOpeningCount, testBudgets, text, left) => {
  expect(countOpenings({ testOpeningCount, testBudgets })).toBe(text);
  expect(countOpeningsLeft({ testOpeningCount, testBudgets })).toBe(left);
});
