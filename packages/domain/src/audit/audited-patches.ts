/** The patches of a split as the leakage audit sees them: who, where, which class, which side. Columns, not rows. */

export type AuditedPatches = {
  /** Dense index of the patient. */
  patients: Int32Array;
  /** Top-left corner in slide pixels. */
  x: Int32Array;
  y: Int32Array;
  labels: Uint8Array;
  /** Index into SUBSETS: 0 TRAIN, 1 VALIDATION, 2 TEST. */
  subsets: Uint8Array;
};

export const TRAIN_INDEX = 0;

/** The indices of the patches of each patient, in their order. */
export function groupByPatient(patients: Int32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  patients.forEach((patient, index) => {
    const group = groups.get(patient);
    if (group) group.push(index);
    else groups.set(patient, [index]);
  });
  return groups;
}
