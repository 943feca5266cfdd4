/** What the runs of a sweep get. */
import { expandSweep } from '@microtome/domain/sweep';
import { describe, expect, it } from 'vitest';

const one = { splitIds: ['split'], base: { architecture: 'shallow', epochs: 2 } };

describe('a sweep', () => {
  it('GRID makes every combination once', () => {
    const runs = expandSweep({
      ...one,
      strategy: 'GRID',
      space: { architecture: ['shallow', 'deep'], seed: [1, 2, 3] },
    });
    expect(new Set(runs.map((run) => run.label)).size).toBe(6);
    expect(runs[5]).toEqual({
      splitId: 'split',
      label: 'architecture deep, seed 3',
      hyperparameters: { architecture: 'deep', epochs: 2, seed: 3 },
    });
  });

  it('RANDOM draws the same runs for the same seed, within the ranges', () => {
    const request = {
      ...one,
      strategy: 'RANDOM' as const,
      trials: 40,
      space: {
        learningRate: { low: 1e-4, high: 1e-2, log: true },
        batchSize: { low: 8, high: 16, whole: true },
      },
    };
    const runs = expandSweep(request);
    expect(runs).toEqual(expandSweep(request));
    expect(runs).not.toEqual(expandSweep({ ...request, seed: 2 }));
    const rates = runs.map((run) => Number(run.hyperparameters.learningRate));
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1e-2);
    // Logarithmic: about half of the draws below the geometric middle.
    expect(rates.filter((rate) => rate < 1e-3).length).toBeGreaterThan(10);
    expect(new Set(runs.map((run) => run.hyperparameters.batchSize))).toEqual(
      new Set([8, 9, 10, 11, 12, 13, 14, 15, 16]),
    );
  });

  it('FOLDS makes one run for each split, SEEDS one for each seed', () => {
    expect(
      expandSweep({ ...one, strategy: 'FOLDS', splitIds: ['a', 'b', 'c'] }).map((run) => run.splitId),
    ).toEqual(['a', 'b', 'c']);
    expect(
      expandSweep({ ...one, strategy: 'SEEDS', seeds: [7, 7, 9] }).map((run) => run.hyperparameters.seed),
    ).toEqual([7, 9]);
  });

  it('refuses what does not fit, before anything is launched, by name', () => {
    expect(() => expandSweep({ ...one, strategy: 'GRID', space: { depth: [1] } })).toThrow(/depth/);
    expect(() => expandSweep({ ...one, strategy: 'GRID', space: { epochs: [2, 0] } })).toThrow(/epochs/);
    expect(() => expandSweep({ ...one, strategy: 'GRID', space: { epochs: { low: 1, high: 2 } } })).toThrow(
      /'epochs', not a range/,
    );
    expect(() => expandSweep({ ...one, strategy: 'GRID', space: {} })).toThrow(/names no hyperparameter/);
    expect(() => expandSweep({ ...one, strategy: 'RANDOM', space: { epochs: [1] } })).toThrow(
      /number of trials/,
    );
    expect(() => expandSweep({ ...one, strategy: 'SEEDS' })).toThrow(/list of seeds/);
    expect(() => expandSweep({ ...one, strategy: 'FOLDS' })).toThrow(/at least two splits/);
    expect(() =>
      expandSweep({
        ...one,
        strategy: 'GRID',
        space: { seed: Array.from({ length: 201 }, (_, seed) => seed) },
      }),
    ).toThrow(/201 runs: at most 200/);
  });
});
