import { auditEvidence, explainNoNearDuplicates } from '@microtome/domain/audit/audit-evidence';
import type { AuditedPatches } from '@microtome/domain/audit/audited-patches';
import { auditSplit } from '@microtome/domain/audit/leakage-audit';
import { scoreWithoutPixels } from '@microtome/domain/audit/no-pixel-baseline';
import { assignPatch } from '@microtome/domain/split/random-patch-split';
import { SUBSETS } from '@microtome/domain/split/subset';
import { expect, test } from 'vitest';

const PATCH_SIZE_PX = 50;

type Row = { patient: number; x: number; y: number; label: number; subset: number };

function toAudited(rows: Row[]): AuditedPatches {
  return {
    patients: Int32Array.from(rows, (row) => row.patient),
    x: Int32Array.from(rows, (row) => row.x),
    y: Int32Array.from(rows, (row) => row.y),
    labels: Uint8Array.from(rows, (row) => row.label),
    subsets: Uint8Array.from(rows, (row) => row.subset),
  };
}

/** Slides of 20 x 20 patches with a round tumour in each, split by the given rule. */
function createSlides(subsetOf: (patient: number, x: number, y: number) => number): Row[] {
  const rows: Row[] = [];
  for (let patient = 0; patient < 6; patient++) {
    for (let cell = 0; cell < 400; cell++) {
      const [column, row] = [cell % 20, Math.floor(cell / 20)];
      const label = Math.hypot(column - 6 - patient, row - 10) < 6 ? 1 : 0;
      const [x, y] = [1 + column * PATCH_SIZE_PX, 1 + row * PATCH_SIZE_PX];
      rows.push({ patient, x, y, label, subset: subsetOf(patient, x, y) });
    }
  }
  return rows;
}

test('a split by patient passes: nothing crosses, and the rule without pixels has nothing to say', () => {
  const audit = auditSplit({
    unit: 'PATIENT',
    patches: toAudited(createSlides((patient) => patient % 3)),
    patchSizePx: PATCH_SIZE_PX,
  });
  expect(audit).toMatchObject({
    passed: true,
    reasons: [],
    patientsOnSeveralSides: 0,
    neighboursInTrain: 0,
    heldOut: 1600,
    identicalAcrossSides: null,
    noPixelBaseline: { answered: 0, auc: null, balancedAccuracy: null },
  });
});

test('a random split of patches fails, and the rule without pixels is nearly always right', () => {
  const fractions = { train: 0.8, validation: 0.1, test: 0.1 };
  const rows = createSlides((patient, x, y) =>
    SUBSETS.indexOf(assignPatch({ seed: 3, fractions, patientKey: String(patient), x, y })),
  );
  const audit = auditSplit({ unit: 'PATIENT', patches: toAudited(rows), patchSizePx: PATCH_SIZE_PX });
  expect(audit).toMatchObject({ passed: false, patientsOnSeveralSides: 6 });
  expect(audit.noPixelBaseline.answered).toBe(audit.heldOut);
  expect(audit.noPixelBaseline.balancedAccuracy).toBeGreaterThan(0.9);
  expect(audit.neighboursInTrain).toBeGreaterThan(0.99 * audit.heldOut);
  expect(audit.reasons.join(' ')).toMatch(/never looks at a pixel answers for \d+ of \d+ held-out patches/);
});

test('one patient on two sides is enough to fail', () => {
  const rows = createSlides((patient) => patient % 3);
  const [first] = rows;
  const audit = auditSplit({
    unit: 'PATIENT',
    patches: toAudited(rows.map((row) => (row === first ? { ...row, subset: 2 } : row))),
    patchSizePx: PATCH_SIZE_PX,
  });
  expect(audit).toMatchObject({ passed: false, patientsOnSeveralSides: 1, neighboursInTrain: 1 });
});

test('identical pixels across sides are counted, within a side they are not', () => {
  const rows = createSlides((patient) => patient % 3);
  const hashes = rows.map((_, index) => `hash ${index}`);
  const withCopies = (pairs: [number, number][]) => {
    const copied = [...hashes];
    for (const [from, to] of pairs) copied[to] = copied[from] ?? '';
    return auditSplit({
      unit: 'PATIENT',
      patches: toAudited(rows),
      patchSizePx: PATCH_SIZE_PX,
      contentHashes: copied,
    });
  };
  expect(withCopies([])).toMatchObject({ passed: true, identicalAcrossSides: 0 });
  expect(withCopies([[0, 1]])).toMatchObject({ passed: true, identicalAcrossSides: 0 });
  expect(withCopies([[0, 450]])).toMatchObject({ passed: false, identicalAcrossSides: 2 });
});

test('near-identical pairs count where they lie on two sides', () => {
  const rows = createSlides((patient) => patient % 3);
  const nearDuplicates = [
    { first: 0, second: 450, correlation: 0.99 },
    { first: 0, second: 1, correlation: 0.99 },
  ];
  const audit = auditSplit({
    unit: 'PATIENT',
    patches: toAudited(rows),
    patchSizePx: PATCH_SIZE_PX,
    nearDuplicates,
  });
  expect(audit).toMatchObject({ passed: false, nearIdenticalAcrossSides: 1 });
});

test('the rule without pixels takes the nearest TRAIN patches of the same patient and no others', () => {
  const rows: Row[] = [
    { patient: 0, x: 1, y: 1, label: 1, subset: 0 },
    { patient: 0, x: 51, y: 1, label: 1, subset: 0 },
    { patient: 0, x: 901, y: 1, label: 0, subset: 0 },
    { patient: 0, x: 51, y: 51, label: 1, subset: 2 },
    { patient: 1, x: 51, y: 51, label: 0, subset: 2 },
    { patient: 0, x: 51, y: 101, label: 0, subset: 1 },
  ];
  const { scored, indices, heldOut } = scoreWithoutPixels(toAudited(rows), 2);
  expect([[...indices], [...scored.probabilities], heldOut]).toEqual([[3, 5], [1, 1], 3]);
  expect([...scoreWithoutPixels(toAudited(rows), 3).scored.probabilities]).toEqual([2 / 3, 2 / 3]);
});

test('the rule without pixels is judged apart on whole slides and on sparse ones', () => {
  const fractions = { train: 0.8, validation: 0.1, test: 0.1 };
  const rows = createSlides((patient, x, y) =>
    SUBSETS.indexOf(assignPatch({ seed: 3, fractions, patientKey: String(patient), x, y })),
  ).filter(({ patient }, index) => patient < 4 || index % 9 === 0);
  const { noPixelBaseline } = auditSplit({
    unit: 'PATIENT',
    patches: toAudited(rows),
    patchSizePx: PATCH_SIZE_PX,
  });
  const { answered, whole, sparse } = noPixelBaseline;
  expect([whole.patients, sparse.patients, whole.answered + sparse.answered]).toEqual([4, 2, answered]);
  expect(whole.balancedAccuracy).toBeGreaterThan(sparse.balancedAccuracy ?? 1);
});

test('near-identical patches are searched up to a size of the dataset, beyond which the audit says so', () => {
  expect(explainNoNearDuplicates({ patchCount: 277_524, patchSizePx: 50 })).toBeNull();
  expect(explainNoNearDuplicates({ patchCount: 1_000_001, patchSizePx: 50 })).toMatch(
    /not searched for: the dataset has 1000001 patches.* limited to 1000000/,
  );
  const evidence = {
    patches: toAudited(createSlides((patient) => patient % 3)),
    patchSizePx: PATCH_SIZE_PX,
    unit: 'PATIENT' as const,
    repeatedPixels: new Int32Array(createSlides(() => 0).length),
    notes: ['Too many.'],
  };
  const audit = auditEvidence(evidence, { readPatch: null });
  expect(audit).toMatchObject({ passed: true, nearIdenticalAcrossSides: null, notes: ['Too many.'] });
});
