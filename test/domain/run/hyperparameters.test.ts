import {
  HYPERPARAMETER_PRESETS,
  hyperparameterJsonSchema,
  parseHyperparameters,
} from '@microtome/domain/run/hyperparameters';
import { countPlateauReductions, learningRateAt } from '@microtome/domain/run/learning-rate';
import { expect, test } from 'vitest';

test('defaults fill every key, and a completed set is left as it is', () => {
  const defaults = parseHyperparameters({});
  expect(defaults).toMatchObject({ architecture: 'shallow', epochs: 10, learningRate: 1e-3, seed: 1 });
  expect(Object.values(defaults)).not.toContain(undefined);
  expect(parseHyperparameters(defaults)).toEqual(defaults);
  expect(parseHyperparameters(undefined)).toEqual(defaults);
});

test.each([
  [{ learning_rate: 1 }, /no hyperparameter 'learning_rate': did you mean 'learningRate'/],
  [{ colour: 1 }, /no hyperparameter 'colour': known are architecture/],
  [{ epochs: 0 }, /'epochs' is 0: it must be a whole number from 1 to 500/],
  [{ epochs: 1.5 }, /'epochs' is 1.5: it must be a whole number/],
  [{ width: 9 }, /'width' is 9: it must be a number from 0.25 to 4/],
  [{ learningRate: 0 }, /'learningRate' is 0: it must be a number above 0 to 10/],
  [{ learningRate: Number.NaN }, /'learningRate'/],
  [{ architecture: 'x' }, /'architecture' is "x": it must be one of shallow, deep/],
  [{ augmentFlips: 'yes' }, /'augmentFlips' is "yes": it must be true or false/],
  [{ seed: 2 ** 32 }, /'seed' is 4294967296/],
  [{ warmupEpochs: 11 }, /'warmupEpochs' is 11: it cannot exceed 'epochs', which is 10/],
  [[], /must be an object/],
  ['deep', /must be an object/],
])('%j is refused with the key, the value and the range', (input, sentence) => {
  expect(() => parseHyperparameters(input)).toThrow(sentence);
});

test('two faults are both named', () => {
  expect(() => parseHyperparameters({ epochs: 0, foo: 1 })).toThrow(/'epochs' is 0.*no hyperparameter 'foo'/);
});

test('the JSON schema has a description, a default and a range for every key', () => {
  const { properties } = hyperparameterJsonSchema() as {
    properties: Record<string, Record<string, unknown>>;
  };
  expect(Object.keys(properties)).toEqual(Object.keys(parseHyperparameters({})));
  for (const property of Object.values(properties)) {
    expect(property.description).toBeTypeOf('string');
    expect(property.default).toBeDefined();
    expect(property.enum !== undefined || property.type === 'boolean' || property.maximum !== undefined).toBe(
      true,
    );
  }
});

test('every preset is valid, and shallow and deep differ in the network alone', () => {
  const parsed = HYPERPARAMETER_PRESETS.map((preset) => parseHyperparameters(preset.hyperparameters));
  expect(parsed).toHaveLength(HYPERPARAMETER_PRESETS.length);
  const [shallow, deep] = parsed;
  expect({ ...deep, architecture: 'shallow' }).toEqual(shallow);
});

const rateAt = (changes: object, epochIndex: number, stepIndex: number, reductions = 0) =>
  learningRateAt({
    hyperparameters: parseHyperparameters({ epochs: 8, learningRate: 1, ...changes }),
    epochIndex,
    stepIndex,
    stepsPerEpoch: 10,
    reductions,
  });

test('warm-up rises evenly to the full rate, then cosine falls toward zero without reaching it', () => {
  const changes = { warmupEpochs: 2 };
  expect(rateAt(changes, 0, 0)).toBeCloseTo(1 / 20, 12);
  expect(rateAt(changes, 1, 9)).toBe(1);
  expect(rateAt(changes, 2, 0)).toBe(1);
  expect(rateAt(changes, 5, 0)).toBeCloseTo(0.5, 12);
  expect(rateAt(changes, 7, 9)).toBeGreaterThan(0);
  expect(rateAt(changes, 7, 9)).toBeLessThan(0.001);
});

test('the constant, step and plateau schedules keep, tenth and halve the rate', () => {
  expect(rateAt({ learningRateSchedule: 'constant' }, 7, 9)).toBe(1);
  const step = { learningRateSchedule: 'step' };
  expect(
    [rateAt(step, 3, 9), rateAt(step, 4, 0), rateAt(step, 6, 0)].map((rate) => +rate.toFixed(12)),
  ).toEqual([1, 0.1, 0.01]);
  expect(rateAt({ learningRateSchedule: 'plateau' }, 3, 0, 2)).toBe(0.25);
});

test('a plateau is three epochs in a row without a better value, and an undefined value is not better', () => {
  expect(countPlateauReductions([0.5, 0.6, 0.6, 0.5], 'validation.auc')).toBe(0);
  expect(countPlateauReductions([0.5, 0.6, 0.6, null, 0.6], 'validation.auc')).toBe(1);
  expect(countPlateauReductions([0.6, 0.5, 0.4, 0.4, 0.4, 0.4, 0.3], 'validation.loss')).toBe(1);
  expect(countPlateauReductions([0.6, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7], 'validation.macro.brier')).toBe(2);
});
