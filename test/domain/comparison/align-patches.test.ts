/** Which patches of two runs are the same: those of one patient, slide and place, whatever their numbers. */
import { alignPatches, type PlacedPredictions } from '@microtome/domain/comparison/align-patches';
import { expect, test } from 'vitest';

type Row = [patient: string, slide: string, x: number, y: number, probability: number, label: number];

function place(rows: Row[]): PlacedPredictions {
  const patientKeys = [...new Set(rows.map(([patient]) => patient))].sort();
  const slides = [...new Set(rows.map(([patient, slide]) => `${patient}/${slide}`))].sort();
  return {
    patientKeys,
    slideKeys: slides.map((slide) => slide.split('/')[1]!),
    scored: {
      probabilities: Float64Array.from(rows, ([, , , , probability]) => probability),
      labels: Uint8Array.from(rows, ([, , , , , label]) => label),
      patients: Int32Array.from(rows, ([patient]) => patientKeys.indexOf(patient)),
    },
    slides: Int32Array.from(rows, ([patient, slide]) => slides.indexOf(`${patient}/${slide}`)),
    x: Int32Array.from(rows, ([, , x]) => x),
    y: Int32Array.from(rows, ([, , , y]) => y),
  };
}

test('patches pair by patient, slide and place, in the order of the first run', () => {
  const a = place([
    ['10', 's', 0, 0, 0.1, 0],
    ['20', 's', 0, 50, 0.2, 1],
    ['20', 's', 50, 0, 0.3, 1],
    ['30', 's', 0, 0, 0.4, 0],
  ]);
  const b = place([
    ['20', 's', 50, 0, 0.6, 1],
    ['20', 's', 0, 50, 0.7, 1],
    ['30', 's', 0, 0, 0.8, 0],
    ['40', 's', 0, 0, 0.9, 1],
  ]);
  expect(alignPatches(a, b)).toEqual({
    a: Float64Array.of(0.2, 0.3, 0.4),
    b: Float64Array.of(0.7, 0.6, 0.8),
    labels: Uint8Array.of(1, 1, 0),
    // Patient 10 is only in a: the others are numbered without the gap.
    patients: Int32Array.of(0, 0, 1),
    patientKeys: ['20', '30'],
  });
});

test('the same place on another slide of the patient is another patch', () => {
  const a = place([
    ['10', 'first', 0, 0, 0.1, 0],
    ['10', 'second', 0, 0, 0.2, 1],
  ]);
  const b = place([
    ['10', 'second', 0, 0, 0.8, 1],
    ['10', 'third', 0, 0, 0.9, 1],
  ]);
  expect(alignPatches(a, b)).toMatchObject({ a: Float64Array.of(0.2), b: Float64Array.of(0.8) });
});

test('runs that share nothing are not paired', () => {
  const [a, b] = [place([['10', 's', 0, 0, 0.1, 0]]), place([['10', 's', 0, 1, 0.2, 1]])];
  expect(alignPatches(a, b)).toBeNull();
});
