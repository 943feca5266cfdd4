/** The form of a new split offers what the dataset can be split by. */
import { expect, it } from 'vitest';
import { offerStrategies } from '../../apps/web/app/splits/split-form.ts';

const offer = (kind: string, sites: string[] = []) =>
  offerStrategies({ unit: { kind }, sites }).map(({ value }) => value);

it('without units, only what a publisher or a list gives', () => {
  expect(offer('NONE')).toEqual(['PUBLISHED', 'IMPORTED']);
});

it('by patient first, and by site only where there are two', () => {
  expect(offer('PATIENT')[0]).toBe('PATIENT_STRATIFIED');
  expect(offer('PATIENT', ['Utrecht'])).not.toContain('BY_SITE');
  expect(offer('PATIENT', ['Utrecht', 'Nijmegen'])).toEqual(
    expect.arrayContaining(['BY_SITE', 'PRESERVED_SITES']),
  );
});
