/** A sweep as typed into the form becomes a request that the domain accepts, or sentences that say what to mend. */

import { SWEEP_METRICS } from '@microtome/domain/metrics/metric';
import { hyperparameterJsonSchema } from '@microtome/domain/run/hyperparameters';
import { expandSweep, SWEEP_STRATEGIES, type SweepRequest } from '@microtome/domain/sweep/sweep';
import { describe, expect, it } from 'vitest';
import {
  createDraft,
  createVaried,
  listRankings,
  readDraft,
  type SweepDraft,
} from '../../apps/web/app/launch/sweep-draft.ts';
import { describeSetting, measureSpread } from '../../apps/web/app/sweeps/[id]/describe-sweep.ts';
import { breakName, chooseAxis } from '../../apps/web/charts/setting-option.ts';
import { readSchemaFields } from '../../apps/web/form/schema-fields.ts';
import { STRATEGIES, type Strategy } from '../../apps/web/sweep/sweep-strategies.ts';
import { CATALOGUE } from './metric-catalogue.ts';

const fields = readSchemaFields(hyperparameterJsonSchema());

const read = (strategy: Strategy, part: Partial<SweepDraft> = {}, changed = {}) =>
  readDraft({ ...createDraft(strategy), ...part, strategy }, { fields, changed, splitId: 'split' });

function expand(strategy: Strategy, part: Partial<SweepDraft> = {}, changed = {}) {
  const { request, errors } = read(strategy, part, changed);
  expect(errors).toEqual([]);
  const { name: _, folds, ...sweep } = request as SweepRequest & { name: string; folds?: number };
  const splitDigests = folds ? Array.from({ length: folds }, (_, fold) => `fold ${fold}`) : ['split'];
  return expandSweep({ ...sweep, splitDigests });
}

describe('the sweep of the launch form', () => {
  it('knows every strategy and metric of the domain', () => {
    expect([...STRATEGIES].sort()).toEqual([...SWEEP_STRATEGIES].sort());
    expect(listRankings(CATALOGUE).map(({ metric }) => metric)).toEqual(SWEEP_METRICS);
  });

  it('begins with something that can be launched, whatever the strategy', () => {
    expect(expand('GRID').runs).toHaveLength(3);
    expect(expand('FOLDS').runs).toHaveLength(5);
    expect(expand('SEEDS').runs.map(({ hyperparameters }) => hyperparameters.seed)).toEqual([1, 2, 3]);
    expect(expand('RANDOM').runs).toHaveLength(9);
    expect(expand('HALVING', {}, { epochs: 40, width: 0.5 }).rungs.map(({ epochs }) => epochs)).toEqual([
      2, 6, 18,
    ]);
  });

  it('reads choices and flags as values', () => {
    const varied = [
      { ...createVaried('architecture'), values: 'shallow, deep' },
      { ...createVaried('augmentFlips'), values: 'yes, no' },
    ];
    const settings = expand('GRID', { varied }).runs.map(({ hyperparameters }) => hyperparameters);
    expect(settings).toContainEqual({ architecture: 'deep', augmentFlips: false });
  });

  it('says what does not fit, by name', () => {
    const varied = [{ ...createVaried('epochs'), values: '5, 1000' }, createVaried('width')];
    expect(read('GRID', { varied }).errors).toEqual([
      'Epochs, "1000": A whole number from 1 to 500.',
      'Width: name at least one value.',
    ]);
    expect(read('GRID', { varied: [] }).errors).toEqual(['Choose a hyperparameter to vary.']);
    expect(read('FOLDS', { folds: 'five' }).errors).toEqual(['Folds: "five" is not a whole number.']);
  });
});

it('a setting is described by what varies, a fold by its number', () => {
  const run = { hyperparameters: { learningRate: 0.00123456, augmentFlips: false }, sweepPlace: 2, seed: 1 };
  expect(describeSetting(run, ['learningRate', 'augmentFlips'])).toBe(
    'Learning rate 0.001235, augment flips no',
  );
  expect(describeSetting(run, [])).toBe('Fold 3');
});

it('a spread is mean and sample deviation, and one number has none', () => {
  expect(measureSpread([0.8, null, 0.9])).toMatchObject({
    count: 2,
    mean: 0.8500000000000001,
    low: 0.8,
    high: 0.9,
  });
  expect(measureSpread([0.8, 0.9])?.sd).toBeCloseTo(0.0707107, 6);
  expect(measureSpread([0.8])?.sd).toBeNull();
  expect(measureSpread([null])).toBeNull();
});

it('an axis is logarithmic over a wide range, and has categories where values are no numbers', () => {
  expect(chooseAxis([1e-4, 1e-2])).toEqual({ isLog: true, categories: null });
  expect(chooseAxis([8, 64])).toEqual({ isLog: false, categories: null });
  expect(chooseAxis(['deep', 'shallow', 'deep'])).toEqual({ isLog: false, categories: ['deep', 'shallow'] });
});

it('the title of an axis stands in short lines, with all of its letters', () => {
  expect(breakName('Learning rate')).toBe('Learning\nrate');
  expect(breakName('best(validation.auc)')).toBe('best(\nvalidation.\nauc)');
  expect(breakName('lr')).toBe('lr');
  expect(breakName('balancedAccuracyOfAll')).toBe('balancedAccuracyOfAll');
});
