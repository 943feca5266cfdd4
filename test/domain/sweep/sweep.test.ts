/** What the runs of a sweep get. */
import { expandSweep } from '@microtome/domain/sweep/sweep';
import { describe, expect, it } from 'vitest';

const one = { splitDigests: ['split'], base: { architecture: 'shallow', epochs: 2 } };

describe('a sweep', () => {
  it('GRID makes every combination once', () => {
    const { runs } = expandSweep({
      ...one,
      strategy: 'GRID',
      space: { architecture: ['shallow', 'deep'], seed: [1, 2, 3] },
    });
    expect(new Set(runs.map((run) => run.label)).size).toBe(6);
    expect(runs[5]).toEqual({
      splitDigest: 'split',
      label: 'architecture deep, seed 3',
      hyperparameters: { architecture: 'deep', epochs: 2, seed: 3 },
      place: 5,
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
    const { runs } = expandSweep(request);
    expect(runs).toEqual(expandSweep(request).runs);
    expect(runs).not.toEqual(expandSweep({ ...request, seed: 2 }).runs);
    const rates = runs.map((run) => Number(run.hyperparameters.learningRate));
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1e-2);
    // Logarithmic: about half of the draws below the geometric middle.
    expect(rates.filter((rate) => rate < 1e-3).length).toBeGreaterThan(10);
    expect(new Set(runs.map((run) => run.hyperparameters.batchSize))).toEqual(
      new Set([8, 9, 10, 11, 12, 13, 14, 15, 16]),
    );
  });

  it('RANDOM launches no setting twice, and says so when there are not enough of them', () => {
    const request = {
      ...one,
      strategy: 'RANDOM' as const,
      space: { batchSize: [8, 16], width: [0.5, 1, 2] },
    };
    const labels = expandSweep({ ...request, trials: 6 }).runs.map(({ label }) => label);
    expect(new Set(labels).size).toBe(6);
    expect(() => expandSweep({ ...request, trials: 7 })).toThrow(/only 6 different settings/);
  });

  it('HALVING begins with the fewest epochs and says what follows', () => {
    const request = {
      splitDigests: ['split'],
      base: { architecture: 'shallow' },
      strategy: 'HALVING' as const,
      space: { learningRate: { low: 1e-4, high: 1e-2, log: true } },
      trials: 9,
      eta: 3,
      minEpochs: 2,
      maxEpochs: 18,
    };
    const { runs, rungs, metric } = expandSweep(request);
    expect(metric).toBe('auc');
    expect(rungs).toEqual([
      { epochs: 2, runs: 9 },
      { epochs: 6, runs: 3 },
      { epochs: 18, runs: 1 },
    ]);
    expect(runs.map(({ hyperparameters }) => hyperparameters.epochs)).toEqual(Array(9).fill(2));
    const { trials: _, ...grid } = { ...request, space: { width: [0.5, 1], batchSize: [8, 16] } };
    expect(expandSweep(grid).rungs.map((rung) => rung.runs)).toEqual([4, 1]);
    expect(() => expandSweep({ ...request, base: { epochs: 3 } })).toThrow(/leave them out of the base/);
    expect(() => expandSweep({ ...request, space: { epochs: [1, 2] } })).toThrow(/out of the space/);
    expect(() => expandSweep({ ...request, maxEpochs: 2 })).toThrow(/above minEpochs, which is 2/);
    expect(() => expandSweep({ ...request, maxEpochs: 501 })).toThrow(/epochs/);
    expect(() => expandSweep({ ...request, eta: 1 })).toThrow(/eta is 1/);
    expect(() => expandSweep({ ...request, trials: 190, eta: 10 })).toThrow(/209 runs: at most 200/);
  });

  it('FOLDS makes one run for each split, SEEDS one for each seed', () => {
    expect(
      expandSweep({ ...one, strategy: 'FOLDS', splitDigests: ['a', 'b', 'c'] }).runs.map(
        (run) => run.splitDigest,
      ),
    ).toEqual(['a', 'b', 'c']);
    expect(
      expandSweep({ ...one, strategy: 'SEEDS', seeds: [7, 7, 9] }).runs.map(
        (run) => run.hyperparameters.seed,
      ),
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
    expect(() => expandSweep({ ...one, strategy: 'SEEDS', seeds: [1], trials: 3 })).toThrow(
      /SEEDS takes no trials/,
    );
    expect(() => expandSweep({ ...one, strategy: 'SEEDS', seeds: [1], metric: 'test.auc' })).toThrow(
      /cannot be ranked by 'test.auc'/,
    );
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
