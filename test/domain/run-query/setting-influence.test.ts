/** What a number depends on, worked out by hand for a few runs. */
import { measureInfluence } from '@microtome/domain/run-query/setting-influence';
import { describe, expect, it } from 'vitest';

const run = (value: number, hyperparameters: Record<string, unknown>) => ({ value, hyperparameters });

describe('the influence of hyperparameters', () => {
  it('is the share of the variance between their values, the strongest first; what does not differ is left out', () => {
    const found = measureInfluence([
      run(1, { optimizer: 'adam', width: 1, seed: 1, same: 0 }),
      run(2, { optimizer: 'adam', width: 2, seed: 2, same: 0 }),
      run(5, { optimizer: 'sgd', width: 1, seed: 3, same: 0 }),
      run(6, { optimizer: 'sgd', width: 2, seed: 4, same: 0 }),
    ]);
    // Mean 3.5; total 17; between optimizers 16, between widths 1.
    expect(found.map(({ key }) => key)).toEqual(['optimizer', 'width']);
    expect(found[0]).toEqual({
      key: 'optimizer',
      groups: [
        { label: 'adam', count: 2, mean: 1.5 },
        { label: 'sgd', count: 2, mean: 5.5 },
      ],
      spread: 4,
      varianceShare: 16 / 17,
      rankCorrelation: null,
    });
    expect(found[1]).toMatchObject({ spread: 1, varianceShare: 1 / 17 });
    // Ranks 0.5 2.5 0.5 2.5 against 0 1 2 3.
    expect(found[1]!.rankCorrelation).toBeCloseTo(2 / Math.sqrt(4 * 5), 12);
  });

  it('puts many numbers into ranges of equal size', () => {
    const runs = Array.from({ length: 12 }, (_, at) => run(at, { learningRate: (at + 1) / 100 }));
    const [found] = measureInfluence(runs);
    expect(found!.groups.map(({ count, mean }) => [count, mean])).toEqual([
      [3, 1],
      [3, 4],
      [3, 7],
      [3, 10],
    ]);
    expect(found!.groups[0]!.label).toBe('0.01 to 0.03');
    expect(found!.rankCorrelation).toBeCloseTo(1, 12);
  });

  it('is nothing where nothing differs', () => {
    expect(measureInfluence([])).toEqual([]);
    expect(measureInfluence([run(1, { width: 1 }), run(1, { width: 2 })])[0]).toMatchObject({
      varianceShare: null,
    });
  });
});
