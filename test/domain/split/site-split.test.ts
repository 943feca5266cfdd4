/** Splits by site: whole sites on each side, however they are chosen; and what a publisher gives. */
import { placePublishedPatch, splitAsPublished } from '@microtome/domain/split/published-split';
import {
  holdSitesOut,
  leaveOneSiteOut,
  type SitedPatient,
  type SiteSplit,
  splitPreservingSites,
} from '@microtome/domain/split/site-split';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const patient = (patientKey: string, sites: string[], patches = 10): SitedPatient => ({
  patientKey,
  sites,
  patches,
  classCounts: [patches - 4, 4],
});

const centres = (patientsOfEach: number[]) =>
  patientsOfEach.flatMap((count, site) =>
    Array.from({ length: count }, (_, at) => patient(`${site}-${at}`, [`centre ${site}`])),
  );

/** Every patient is on the side of their site. */
function expectSites({ assignments, sites }: SiteSplit, patients: readonly SitedPatient[]): void {
  const sideOf = new Map(sites.map(({ site, subset }) => [site, subset]));
  expect(sideOf.size).toBe(sites.length);
  expect(assignments.length).toBe(patients.length);
  for (const { patientKey, subset, site } of assignments) {
    expect(patients.find((one) => one.patientKey === patientKey)?.sites).toEqual([site]);
    expect(sideOf.get(site)).toBe(subset);
  }
}

test('each site is left out once: TEST is it, VALIDATION the next, TRAIN the rest', () => {
  const patients = centres([2, 3, 4, 2, 1]);
  const splits = leaveOneSiteOut(patients);
  expect(splits.map(({ sites }) => sites.map(({ subset }) => subset[0]).join(''))).toEqual([
    ...['TVTTT', 'TTVTT', 'TTTVT', 'TTTTV', 'VTTTT'].map((_, at) =>
      [0, 1, 2, 3, 4].map((site) => (site === at ? 'T' : site === (at + 1) % 5 ? 'V' : 'T')).join(''),
    ),
  ]);
  for (const [at, split] of splits.entries()) {
    expectSites(split, patients);
    expect(split.sites.find(({ subset }) => subset === 'TEST')?.site).toBe(`centre ${at}`);
  }
});

test('named sites are TEST; VALIDATION is named, or comes nearest to a quarter of the rest', () => {
  const patients = centres([8, 3, 4, 5]);
  const chosen = holdSitesOut({ patients, testSites: ['centre 1'] });
  expectSites(chosen, patients);
  expect(chosen.sites.find(({ subset }) => subset === 'VALIDATION')?.site).toBe('centre 2');
  const named = holdSitesOut({
    patients,
    testSites: ['centre 1', 'centre 2'],
    validationSites: ['centre 0'],
  });
  expect(named.sites.map(({ subset }) => subset)).toEqual(['VALIDATION', 'TEST', 'TEST', 'TRAIN']);
});

test('folds keep each site on one side, whatever the sites', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 12 }), (sizes) => {
      const patients = centres(sizes);
      const splits = splitPreservingSites({ patients, k: 3 });
      expect(splits).toHaveLength(3);
      for (const split of splits) expectSites(split, patients);
      const tested = splits.flatMap(({ sites }) => sites.filter(({ subset }) => subset === 'TEST'));
      expect(new Set(tested.map(({ site }) => site)).size).toBe(sizes.length);
    }),
    { numRuns: 100 },
  );
});

test('what cannot be kept together is refused by name', () => {
  const three = centres([2, 2, 2]);
  const refuse = (make: () => unknown, sentence: string) => expect(make).toThrow(sentence);
  refuse(
    () => leaveOneSiteOut([...three, patient('both', ['centre 0', 'centre 1'])]),
    "'both' is on 2 sites",
  );
  refuse(() => leaveOneSiteOut([...three, patient('none', [])]), "tells no site of 'none'");
  refuse(() => leaveOneSiteOut(centres([2, 2])), 'needs at least 3 sites, but there are 2');
  refuse(() => splitPreservingSites({ patients: three, k: 4 }), 'need at least 4 sites, but there are 3');
  refuse(
    () => holdSitesOut({ patients: three, testSites: ['moon'] }),
    "no site 'moon': its sites are 'centre 0'",
  );
  refuse(
    () => holdSitesOut({ patients: three, testSites: ['centre 0', 'centre 1'] }),
    'Two sites have to be left',
  );
});

test('a published split is by patient where each is on one side, and takes VALIDATION from TRAIN where there is none', () => {
  const given = (key: string, ...sides: ('TRAIN' | 'TEST' | null)[]) => ({
    ...patient(key, []),
    given: sides,
  });
  const train = Array.from({ length: 10 }, (_, at) => given(`a${at}`, 'TRAIN'));
  const split = splitAsPublished([...train, given('b', 'TEST'), given('c', null)], 'patients')!;
  const count = (wanted: string) => split.filter(({ subset }) => subset === wanted).length;
  expect([count('TRAIN'), count('VALIDATION'), count('TEST')]).toEqual([8, 2, 1]);
  expect(splitAsPublished([...train, given('b', 'TRAIN', 'TEST')], 'patients')).toBeNull();
  expect(() => splitAsPublished(train, 'patients')).toThrow('has no TEST');
  const place = (index: number) =>
    placePublishedPatch({ given: 'TRAIN', lacksValidation: true, seed: 1, index });
  const held = Array.from({ length: 2_000 }, (_, index) => place(index)).filter((side) => side !== 'TRAIN');
  expect(held.length).toBeGreaterThan(300);
  expect(held.length).toBeLessThan(500);
  expect(placePublishedPatch({ given: null, lacksValidation: true, seed: 1, index: 0 })).toBeNull();
});
