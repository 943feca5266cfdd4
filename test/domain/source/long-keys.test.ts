import { explainLongKeys } from '@microtome/domain/source/patient-rule';
import { describe, expect, it } from 'vitest';

describe('keys that say more than the patient', () => {
  it('of which some are one patient would let it lie on two sides', () => {
    const keys = ['TCGA-A1-A0SA-01Z-00-DX1', 'TCGA-A1-A0SA-11A-01-TS1', 'TCGA-A1-A0SB-01Z-00-DX1'];
    expect(explainLongKeys(keys)).toBe(
      'The 3 patients told are barcodes of TCGA samples or slides, of 2 patients: as it stands one patient can be on ' +
        'two sides of a split. Choose the patient rule tcga.',
    );
  });

  it('would be strangers to other datasets, one key a patient', () => {
    expect(explainLongKeys(['TCGA-A1-A0SA-01', 'TCGA-A1-A0SB-01'])).toContain('no other dataset knows them');
    expect(explainLongKeys(['SOB_M_DC-14-2523-40-001', 'SOB_M_DC-14-2523A-40-001'])).toContain(
      'of 1 patient',
    );
  });

  it.each([
    ['are the patients', ['TCGA-A1-A0SA', 'TCGA-A1-A0SB']],
    ['are of no known form', ['TCGA-A1-A0SA-01', 'case 7']],
    ['are none', []],
  ])('%s: nothing is said', (_, keys) => expect(explainLongKeys(keys)).toBeNull());
});
