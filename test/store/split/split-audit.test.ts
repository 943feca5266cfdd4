import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import { deleteDataset } from '@microtome/store/dataset/datasets';
import type { Split } from '@microtome/store/generated/prisma/client';
import { createSplit } from '@microtome/store/split/create-split';
import { auditStoredSplit, listUnauditedSplits } from '@microtome/store/split/split-audit';
import type { SplitRequest } from '@microtome/store/split/split-rows';
import { deleteSplit, getSplit } from '@microtome/store/split/splits';
import { openStore, type Store } from '@microtome/store/store';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatasetOptions, insertDataset, type Painted } from '../../fixtures/dataset.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

const PATCH_SIZE_PX = 32;
const SHAPE = {
  patients: 12,
  patchesPerPatient: 16,
  patchSizePx: PATCH_SIZE_PX,
  seed: 3,
  stripsPerPatient: 1,
};
const RAW = { raw: { width: PATCH_SIZE_PX, height: PATCH_SIZE_PX, channels: 3 as const } };

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await createTestStore();
  store = test.store;
});
afterAll(() => test.close());

describe('the audit of a stored split', () => {
  it('passes a split by patient of patches that differ, and the rule without pixels can say nothing', async () => {
    const split = await split12();
    expect(await auditStoredSplit(store, { splitId: split.id })).toEqual({
      passed: true,
      reasons: [],
      notes: [],
      patches: 192,
      heldOut: split.validationPatches + split.testPatches,
      patientsOnSeveralSides: 0,
      identicalAcrossSides: 0,
      nearIdenticalAcrossSides: 0,
      neighboursInTrain: 0,
      noPixelBaseline: { neighbours: 8, ...UNANSWERED, whole: UNANSWERED, sparse: UNANSWERED },
    });
    expect(isUnsafeSplit(await getSplit(store, split.id))).toBe(false);
  });

  it('fails RANDOM_PATCH, with a figure for what is known without seeing a pixel', async () => {
    const split = await split12({ patchesPerPatient: 64, patchSizePx: 8 }, { strategy: 'RANDOM_PATCH' });
    const audit = await auditStoredSplit(store, { splitId: split.id });
    expect(audit).toMatchObject({ passed: false, patientsOnSeveralSides: 12, patches: 768 });
    expect(audit.heldOut).toBe(split.validationPatches + split.testPatches);
    expect(audit.noPixelBaseline.answered).toBe(audit.heldOut);
    expect(audit.noPixelBaseline.balancedAccuracy).toBeGreaterThan(0.75);
    expect(audit.reasons.join(' ')).toMatch(/never looks at a pixel answers for \d+ of \d+ held-out patches/);
  });

  it('fails a split by patient whose patients share the very same patches, and counts those', async () => {
    const split = await split12({
      repaint: (patches) => everyPatient(patches, (own) => Object.assign(own[5]!, pixelsOf(patches[0]!))),
    });
    const audit = await auditStoredSplit(store, { splitId: split.id });
    // The first patch and its twelve copies, the first patient's own among them.
    expect(audit).toMatchObject({ passed: false, patientsOnSeveralSides: 0, identicalAcrossSides: 13 });
    expect(audit.reasons[0]).toBe('Patches whose pixels also occur on another side: 13.');
    expect(isUnsafeSplit(await getSplit(store, split.id))).toBe(true);
  });

  it('finds a flipped, recompressed copy on another side, which shares no byte', async () => {
    let flipped = new Uint8Array();
    const paint = (patches: Painted[]) =>
      everyPatient(patches, (own) => Object.assign(own[5]!, { pixels: flipped }));
    const { patches } = await insertDataset(store, { ...SHAPE, name: 'the original' });
    const jpeg = await sharp(patches[0]!.pixels, RAW).flop().jpeg({ quality: 90 }).toBuffer();
    flipped = new Uint8Array(await sharp(jpeg).raw().toBuffer());
    const split = await split12({ repaint: (own) => paint(own.filter(({ patient }) => patient === 7)) });
    const sides = await store.database.prisma.splitPatient.findMany({
      where: { splitId: split.id, patient: { patient: { key: { in: ['10001', '10008'] } } } },
    });
    const audit = await auditStoredSplit(store, { splitId: split.id });
    expect(new Set(sides.map(({ subset }) => subset)).size).toBe(2);
    expect(audit).toMatchObject({ passed: false, identicalAcrossSides: 0, nearIdenticalAcrossSides: 1 });
  });

  it('takes empty glass for no leak, and says that it left it out', async () => {
    const pixels = new Uint8Array(PATCH_SIZE_PX ** 2 * 3).fill(243);
    const split = await split12({
      repaint: (patches) => everyPatient(patches, (own) => Object.assign(own[5]!, { pixels })),
    });
    expect(await auditStoredSplit(store, { splitId: split.id })).toMatchObject({
      passed: true,
      identicalAcrossSides: 0,
      notes: [
        expect.stringContaining('empty glass'),
        expect.stringMatching(/without fine structure .*: 12\.$/),
      ],
    });
  });

  it('says so where patches are too small to be told apart by their looks', async () => {
    const split = await split12({ patchSizePx: 8 });
    const audit = await auditStoredSplit(store, { splitId: split.id });
    expect(audit).toMatchObject({ passed: true, identicalAcrossSides: 0, nearIdenticalAcrossSides: null });
    expect(audit.notes).toEqual([
      expect.stringMatching(/not searched for: patches of 8 pixels are too small/),
    ]);
  });

  it('is made once: of two that make it at the same time one is kept, and none is written over', async () => {
    const split = await split12();
    const other = await openStore({ databaseUrl: test.databaseUrl, artifactUrl: test.artifactUrl });
    const arrived: (() => void)[] = [];
    const together = () =>
      new Promise<void>((resolve) => {
        arrived.push(resolve);
        if (arrived.length === 2) for (const go of arrived) go();
      });
    const audits = await Promise.all(
      [store, other].map((one, at) =>
        auditStoredSplit(one, {
          splitId: split.id,
          compute: async ({ patches }) => {
            await together();
            return { ...PASSED, patches: patches.labels.length, notes: [`by ${at}`] };
          },
        }),
      ),
    );
    await other.close();
    expect(audits[0]).toEqual(audits[1]);
    expect((await getSplit(store, split.id)).audit).toEqual(audits[0]);
  });

  it('is made up for when a crash came between the split and its audit, and is then owed no more', async () => {
    const split = await split12();
    expect(await listUnauditedSplits(store)).toContain(split.id);
    const crash = auditStoredSplit(store, {
      splitId: split.id,
      compute: () => Promise.reject(new Error('killed')),
    });
    await expect(crash).rejects.toThrow('killed');
    expect(await listUnauditedSplits(store)).toContain(split.id);
    await auditStoredSplit(store, { splitId: split.id });
    expect(await listUnauditedSplits(store)).not.toContain(split.id);
  });

  it('is refused in a sentence when the patches are gone, and leaves no verdict', async () => {
    const split = await split12();
    const gone = { ...store, artifacts: { ...store.artifacts, findLocalPath: () => '/nowhere' } };
    await expect(auditStoredSplit(gone, { splitId: split.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await getSplit(store, split.id)).audit).toBeNull();
    await deleteSplit(store, split.id);
    await deleteDataset(store, split.datasetId);
    await expect(auditStoredSplit(store, { splitId: split.id })).rejects.toThrow('There is no split');
  });
});

const UNANSWERED = { answered: 0, patients: 0, auc: null, balancedAccuracy: null };

const PASSED = {
  passed: true,
  reasons: [],
  heldOut: 0,
  patientsOnSeveralSides: 0,
  identicalAcrossSides: 0,
  nearIdenticalAcrossSides: null,
  neighboursInTrain: 0,
  noPixelBaseline: { neighbours: 8, ...UNANSWERED, whole: UNANSWERED, sparse: UNANSWERED },
};

async function split12(
  dataset: Partial<DatasetOptions> = {},
  request: Partial<SplitRequest> = {},
): Promise<Split> {
  const { datasetId } = await insertDataset(store, { ...SHAPE, name: `dataset ${made++}`, ...dataset });
  const [split] = await createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED', ...request });
  return split!;
}

let made = 0;

function everyPatient(patches: Painted[], change: (own: Painted[]) => void): void {
  const full = patches.filter(({ kind }) => kind === 'PATCH');
  for (const patient of new Set(full.map((patch) => patch.patient))) {
    change(full.filter((patch) => patch.patient === patient));
  }
}

function pixelsOf({ pixels }: Painted): { pixels: Uint8Array } {
  return { pixels };
}
