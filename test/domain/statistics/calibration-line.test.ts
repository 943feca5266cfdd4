import { fitCalibrationLine } from '@microtome/domain/statistics/calibration-line';
import { expect, test } from 'vitest';
import { toScored } from '../../fixtures/worked-example.ts';

const COUNT = 400;
const numbers = Array.from({ length: COUNT }, (_, index) => index);
const probabilities = numbers.map((index) => (((index * 37) % 101) + 0.5) / 102);
const labels = numbers.map((index) =>
  ((index * 53) % 97) / 97 < 0.2 + 0.5 * (probabilities[index] as number) ? 1 : 0,
);
const patients = numbers.map((index) => (index * 7) % 23);

/*
 * The expected numbers, by statsmodels 0.14 (the slope by scikit-learn without a penalty too):
 *   i = np.arange(400); p = ((i*37) % 101 + 0.5) / 102; y = ((i*53) % 97) / 97 < 0.2 + 0.5*p; g = (i*7) % 23
 *   z = np.log(p / (1 - p)); by_patient = dict(cov_type="cluster", cov_kwds={"groups": g, "use_correction": False})
 *   sm.GLM(y, sm.add_constant(z), family=sm.families.Binomial()).fit(tol=1e-15, **by_patient)          # slope
 *   sm.GLM(y, np.ones((400, 1)), family=sm.families.Binomial(), offset=z).fit(tol=1e-15, **by_patient)  # intercept
 */
test('intercept and slope and their intervals by patient are those of statsmodels', () => {
  const { intercept, slope } = fitCalibrationLine(toScored(probabilities, labels, patients));
  expect(intercept?.value).toBeCloseTo(-0.11441425338746225, 12);
  expect(intercept?.interval?.[0]).toBeCloseTo(-0.27580153095800575, 9);
  expect(intercept?.interval?.[1]).toBeCloseTo(0.04697302418308122, 9);
  expect(slope?.value).toBeCloseTo(0.21992502736753028, 12);
  expect(slope?.interval?.[0]).toBeCloseTo(0.1155026321179624, 9);
  expect(slope?.interval?.[1]).toBeCloseTo(0.32434742261709815, 9);
});

test('what does not exist is null: a class that is missing, classes that a threshold parts, one probability', () => {
  expect(fitCalibrationLine(toScored([0.2, 0.4], [1, 1], [0, 1]))).toEqual({ intercept: null, slope: null });
  expect(fitCalibrationLine(toScored([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], [0, 1, 2, 3])).slope).toBeNull();
  const flat = fitCalibrationLine(toScored([0.3, 0.3, 0.3, 0.3], [0, 1, 1, 0], [0, 1, 2, 3]));
  expect(flat.slope).toBeNull();
  expect(flat.intercept?.value).toBeCloseTo(Math.log(0.7 / 0.3), 10);
});

test('one patient shows no spread between patients, and so no interval', () => {
  const { intercept, slope } = fitCalibrationLine(toScored([0.2, 0.7, 0.4, 0.6], [0, 1, 1, 0], [0, 0, 0, 0]));
  expect(intercept).toEqual({ value: expect.any(Number), interval: null });
  expect(slope).toEqual({ value: expect.any(Number), interval: null });
});

test('a sure call that is wrong is far off, not infinite', () => {
  const { intercept, slope } = fitCalibrationLine(
    toScored([0, 1, 0.4, 0.6, 0.5, 0.7], [1, 1, 0, 1, 0, 0], [0, 1, 2, 3, 4, 5]),
  );
  expect(Number.isFinite(intercept?.value)).toBe(true);
  expect(Number.isFinite(slope?.value)).toBe(true);
});
