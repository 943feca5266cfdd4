/** The rungs of a halving, who goes on to the next, and how a sweep is ranked. */
import { chooseSurvivors, planRungs } from '@microtome/domain/sweep/halving';
import { rankRuns } from '@microtome/domain/sweep/sweep-ranking';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const run = (place: number, value: number | null, status = 'SUCCEEDED', rung = 0) => ({
  rung,
  place,
  value,
  status,
});

describe('the rungs of a halving', () => {
  it('keep one of eta and train eta times as long, the last one in full', () => {
    expect(planRungs({ candidates: 27, eta: 3, minEpochs: 1, maxEpochs: 20 })).toEqual([
      { epochs: 1, runs: 27 },
      { epochs: 3, runs: 9 },
      { epochs: 9, runs: 3 },
      { epochs: 20, runs: 1 },
    ]);
    expect(planRungs({ candidates: 8, eta: 2, minEpochs: 1, maxEpochs: 4 })).toEqual([
      { epochs: 1, runs: 8 },
      { epochs: 2, runs: 4 },
      { epochs: 4, runs: 2 },
    ]);
  });

  it('let a single run that is left train in full at once', () => {
    expect(planRungs({ candidates: 4, eta: 3, minEpochs: 1, maxEpochs: 50 })).toEqual([
      { epochs: 1, runs: 4 },
      { epochs: 50, runs: 1 },
    ]);
  });

  it('always end at the most epochs, with rising epochs and falling runs', () => {
    const request = fc.record({
      candidates: fc.integer({ min: 2, max: 150 }),
      eta: fc.integer({ min: 2, max: 10 }),
      minEpochs: fc.integer({ min: 1, max: 20 }),
      extra: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(request, ({ extra, ...rest }) => {
        const maxEpochs = rest.minEpochs + extra;
        const rungs = planRungs({ ...rest, maxEpochs });
        expect(rungs.at(-1)?.epochs).toBe(maxEpochs);
        rungs.slice(1).forEach((rung, before) => {
          expect(rung.epochs).toBeGreaterThan(rungs[before]!.epochs);
          expect(rung.runs).toBeLessThanOrEqual(Math.max(1, rungs[before]!.runs / rest.eta));
        });
      }),
    );
  });
});

describe('the survivors of a rung', () => {
  const runs = [run(0, 0.7), run(1, 0.9), run(2, null, 'FAILED'), run(3, 0.9), run(4, 0.99, 'CANCELED')];

  it('are the best that SUCCEEDED; ties go to the earlier place', () => {
    expect(chooseSurvivors(runs, { metric: 'auc', count: 2 }).map(({ place }) => place)).toEqual([1, 3]);
    expect(chooseSurvivors(runs, { metric: 'logLoss', count: 1 }).map(({ place }) => place)).toEqual([0]);
  });

  it('are fewer than planned when too many failed: none takes their place', () => {
    expect(chooseSurvivors(runs, { metric: 'auc', count: 9 }).map(({ place }) => place)).toEqual([1, 3, 0]);
    expect(chooseSurvivors([run(0, null, 'FAILED')], { metric: 'auc', count: 1 })).toEqual([]);
  });
});

it('a later rung ranks before an earlier one, and runs without a figure come last', () => {
  const ranked = rankRuns([run(0, 0.95), run(1, 0.8, 'SUCCEEDED', 1), run(2, null, 'QUEUED', 1)], 'auc');
  expect(ranked.map(({ place }) => place)).toEqual([1, 0, 2]);
});
