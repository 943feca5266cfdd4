/**
 * Orders patients for the strip: TRAIN, VALIDATION, TEST, and within each by decreasing share of the positive class.
 */

export type PatientCell = {
  id: string;
  key: string;
  subset: 'TRAIN' | 'VALIDATION' | 'TEST';
  patchCount: number;
  positiveCount: number;
  positiveShare: number;
};

const ORDER = { TRAIN: 0, VALIDATION: 1, TEST: 2 };

export function arrangePatientStrip(patients: readonly PatientCell[]): PatientCell[] {
  return [...patients].sort(
    (a, b) =>
      ORDER[a.subset] - ORDER[b.subset] || b.positiveShare - a.positiveShare || a.key.localeCompare(b.key),
  );
}
