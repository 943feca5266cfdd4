import { auditEvidence, explainNoNearDuplicates } from '@microtome/domain/audit-evidence';
import type { AuditedPatches } from '@microtome/domain/audited-patches';
import { auditSplit } from '@microtome/domain/leakage-audit';
import { findNearDuplicates } from '@microtome/domain/near-duplicates';
import { scoreWithoutPixels } from '@microtome/domain/no-pixel-baseline';
import { describePatch, toGrey } from '@microtome/domain/perceptual-hash';
import { assignPatch } from '@microtome/domain/random-patch-split';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { SUBSETS } from '@microtome/domain/subset';
import sharp, { type Sharp } from 'sharp';
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
  const audit = auditSplit({ patches: toAudited(rows), patchSizePx: PATCH_SIZE_PX });
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
    return auditSplit({ patches: toAudited(rows), patchSizePx: PATCH_SIZE_PX, contentHashes: copied });
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
  const audit = auditSplit({ patches: toAudited(rows), patchSizePx: PATCH_SIZE_PX, nearDuplicates });
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

/** A patch of blurred coloured noise: smooth blobs on a bright ground, as stained tissue is. */
async function createTissue(seed: number): Promise<Uint8Array> {
  const random = createRandom(seed);
  const noise = Uint8Array.from({ length: PATCH_SIZE_PX ** 2 * 3 }, () =>
    Math.min(255, Math.max(0, 180 + 70 * gaussian(random))),
  );
  const raw = { width: PATCH_SIZE_PX, height: PATCH_SIZE_PX, channels: 3 as const };
  return new Uint8Array(await sharp(noise, { raw }).blur(1.5).raw().toBuffer());
}

function open(rgb: Uint8Array): Sharp {
  return sharp(rgb, { raw: { width: PATCH_SIZE_PX, height: PATCH_SIZE_PX, channels: 3 } });
}

async function toRgb(picture: Sharp): Promise<Uint8Array> {
  return new Uint8Array(await picture.removeAlpha().raw().toBuffer());
}

function search(patches: Uint8Array[], mayPair?: (first: number, second: number) => boolean) {
  return findNearDuplicates({
    looks: patches.map((rgb) => describePatch(rgb, PATCH_SIZE_PX)),
    patchSizePx: PATCH_SIZE_PX,
    readGrey: (index) => toGrey(patches[index] ?? new Uint8Array()),
    mayPair,
  });
}

test('planted copies, recompressed, turned or shifted, are all found, and nothing else is', async () => {
  const clean = await Promise.all(Array.from({ length: 60 }, (_, seed) => createTissue(seed)));
  expect(search(clean)).toEqual([]);
  const plant: ((rgb: Uint8Array) => Promise<Uint8Array>)[] = [
    async (rgb) => toRgb(sharp(await open(rgb).jpeg({ quality: 60 }).toBuffer())),
    (rgb) => toRgb(open(rgb).flip()),
    (rgb) => toRgb(open(rgb).flop()),
    (rgb) => toRgb(open(rgb).rotate(90)),
    (rgb) => toRgb(open(rgb).rotate(180)),
    async (rgb) => toRgb(sharp(await open(rgb).rotate(270).png().toBuffer()).flop()),
    async (rgb) => {
      const moved = await open(rgb).extend({ left: 1, top: 1, extendWith: 'mirror' }).png().toBuffer();
      return toRgb(sharp(moved).extract({ left: 0, top: 0, width: PATCH_SIZE_PX, height: PATCH_SIZE_PX }));
    },
  ];
  const copies = await Promise.all(
    plant.map((change, index) => change(clean[index * 3] ?? new Uint8Array())),
  );
  const pairs = search([...clean, ...copies]).map(({ first, second }) => [first, second]);
  expect(pairs).toEqual(plant.map((_, index) => [index * 3, clean.length + index]));
  expect(search([...clean, ...copies], (first) => first !== 0)).toHaveLength(plant.length - 1);
});

test('white background has no identity, and a shared straight edge does not make patches alike', async () => {
  const white = new Uint8Array(PATCH_SIZE_PX ** 2 * 3).fill(250);
  expect(search([white, white])).toEqual([]);
  const random = createRandom(4);
  const edge = () =>
    Uint8Array.from({ length: PATCH_SIZE_PX ** 2 * 3 }, (_, at) =>
      Math.round((at > 40 * PATCH_SIZE_PX * 3 ? 60 : 235) + 4 * gaussian(random)),
    );
  expect(search([edge(), edge()])).toEqual([]);
});

test('pieces of tissue in the same corner are no copies of each other, and a copy of one is', async () => {
  const grounds = await Promise.all([100, 101, 102].map(createTissue));
  const pieces = grounds.map((tissue, piece) =>
    tissue.map((level, at) => {
      const [column, row] = [Math.floor(at / 3) % PATCH_SIZE_PX, Math.floor(at / 3 / PATCH_SIZE_PX)];
      const edge = 24 + 3 * Math.sin(column / 3 + 2 * piece);
      return column + row < edge ? Math.max(0, level - 60) : 240;
    }),
  );
  expect(search(pieces)).toEqual([]);
  const turned = await toRgb(open(pieces[1] ?? new Uint8Array()).rotate(90));
  expect(search([...pieces, turned]).map(({ first, second }) => [first, second])).toEqual([[1, 3]]);
});

test('near-identical patches are searched up to a size of the data set, beyond which the audit says so', () => {
  expect(explainNoNearDuplicates({ patchCount: 40_000, patchSizePx: 50 })).toBeNull();
  expect(explainNoNearDuplicates({ patchCount: 277_524, patchSizePx: 50 })).toMatch(
    /not searched: the data set has 277524 patches.* kept to 40000/,
  );
  const audit = auditEvidence({
    patches: toAudited(createSlides((patient) => patient % 3)),
    patchSizePx: PATCH_SIZE_PX,
    repeatedPixels: new Int32Array(createSlides(() => 0).length),
    pixels: null,
    notes: ['Too many.'],
  });
  expect(audit).toMatchObject({ passed: true, nearIdenticalAcrossSides: null, notes: ['Too many.'] });
});
