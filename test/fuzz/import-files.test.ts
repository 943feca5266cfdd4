/**
 * Zips and images mutated from valid ones, through the importer's and `predict`'s own readers and through whole imports.
 * MICROTOME_FUZZ_RUNS and MICROTOME_FUZZ_SEED ask for more or for others.
 */
import { readdir } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { importDataset } from '@microtome/store/import/import-dataset';
import { configureDecoder, decodePatch } from '@microtome/store/import/pixels/decode-patch';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFuzzing } from '../env.ts';
import { useImportStore } from '../store/import/import-store.ts';
import { dropRecords } from './drop-records.ts';
import { recordInputs, recordMemory } from './fuzz-record.ts';
import {
  countIntact,
  listSpans,
  listStrangers,
  openFuzzFolder,
  tryImage,
  tryPrediction,
  tryZip,
} from './import-files.ts';
import { measureKeptBytes } from './kept-bytes.ts';
import { mutate, mutations } from './mutate-bytes.ts';
import {
  IMAGE_MARKS,
  makeValidImages,
  makeValidZips,
  type ValidImage,
  type ValidZip,
  ZIP_MARKS,
} from './valid-files.ts';

const { runs, seed } = readFuzzing();
const TIMEOUT_MS = 120_000 + 100 * runs;
const WHOLE_IMPORTS_SHARE = 0.1;
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

const zips: ValidZip[] = [];
const images: ValidImage[] = [];
let folder: Awaited<ReturnType<typeof openFuzzFolder>>;
const importStore = useImportStore();

beforeAll(async () => {
  configureDecoder();
  zips.push(...(await makeValidZips()));
  images.push(...(await makeValidImages()));
  folder = await openFuzzFolder();
});
afterAll(() => folder.close());

describe('a zip that is mutated', () => {
  it('that is not, is read whole', async () => {
    for (const { what, bytes, entries } of zips) {
      const { outcome, accounted } = await tryZip(await folder.put(bytes));
      expect([what, outcome, accounted]).toEqual([what, 'listed', expect.any(Number)]);
      expect(accounted).toBeGreaterThanOrEqual(entries.length);
    }
  });

  it(
    'ends as its files or as a sentence, by an import and by predict, and no file of it is missing without a word',
    async ({ task }) => {
      recordInputs(task, runs);
      const zip = fc.nat(zips.length - 1);
      const property = fc.asyncProperty(zip, mutations, async (index, applied) => {
        const { bytes: valid } = zips[index]!;
        const bytes = mutate(valid, applied, ZIP_MARKS);
        const intact = countIntact(bytes, listSpans(valid));
        const file = await folder.put(bytes);
        for (const attempt of [tryZip, tryPrediction]) {
          const { outcome, accounted } = await attempt(file);
          if (outcome === 'listed') expect(accounted).toBeGreaterThanOrEqual(intact);
        }
        expect(await listStrangers(folder.path)).toEqual([]);
      });
      await fc.assert(property, { numRuns: runs, seed });
    },
    TIMEOUT_MS,
  );

  it(
    'lists what its directory leaves out, or is refused, also where the directory agrees with itself',
    async ({ task }) => {
      recordInputs(task, runs);
      // One of two copies of a name may be an old one, and a header without a proper name is not told from noise.
      const distinct = zips.filter(({ entries }) => {
        const names = new Set(entries.map(({ name }) => name));
        return (
          names.size > 0 && names.size === entries.length && [...names].every((name) => /^[^\0]+$/.test(name))
        );
      });
      const zip = fc.nat(distinct.length - 1);
      const places = fc.array(fc.nat(63), { minLength: 1, maxLength: 5 });
      const property = fc.asyncProperty(zip, places, async (index, dropped) => {
        const { bytes: valid } = distinct[index]!;
        const bytes = dropRecords(valid, dropped);
        const intact = countIntact(bytes, listSpans(valid));
        const file = await folder.put(bytes);
        for (const attempt of [tryZip, tryPrediction]) {
          const { outcome, accounted } = await attempt(file);
          if (outcome === 'listed') expect(accounted).toBeGreaterThanOrEqual(intact);
        }
      });
      await fc.assert(property, { numRuns: runs, seed });
    },
    TIMEOUT_MS,
  );

  it(
    'is imported whole or not at all',
    async ({ task }) => {
      recordInputs(task, Math.ceil(runs * WHOLE_IMPORTS_SHARE));
      const zip = fc.nat(zips.length - 1);
      const property = fc.asyncProperty(zip, mutations, async (index, applied) => {
        const { bytes: valid } = zips[index]!;
        const bytes = mutate(valid, applied, ZIP_MARKS);
        const path = await folder.put(bytes);
        const { database, artifacts } = importStore.get();
        try {
          const { report } = await importDataset({ path, database, artifacts });
          const told = report.patchCount + report.stripCount + report.refusedCount;
          expect(told).toBeGreaterThanOrEqual(countIntact(bytes, listSpans(valid)));
        } catch (error) {
          if (!(error instanceof AppError) || error.code === 'INTERNAL') throw error;
        }
        expect(await listStrangers(folder.path)).toEqual([]);
      });
      await fc.assert(property, { numRuns: Math.ceil(runs * WHOLE_IMPORTS_SHARE), seed });
    },
    TIMEOUT_MS,
  );
});

describe('an image that is mutated', () => {
  it(
    'is decoded to as many pixels as it says, or refused in a sentence',
    async ({ task }) => {
      recordInputs(task, runs);
      const property = fc.asyncProperty(fc.nat(images.length - 1), mutations, async (index, applied) => {
        await tryImage(mutate(images[index]!.bytes, applied, IMAGE_MARKS));
      });
      await fc.assert(property, { numRuns: runs, seed });
    },
    TIMEOUT_MS,
  );

  it(
    'is never shown with other pixels than before when one bit of a PNG flips',
    async ({ task }) => {
      recordInputs(task, runs);
      const pngs = images.filter(({ what }) => what.includes('png') && !what.includes('profile'));
      const whole = await Promise.all(pngs.map(({ bytes }) => decodePatch(bytes)));
      const share = fc.double({ min: 0, max: 1, noNaN: true });
      const property = fc.asyncProperty(fc.nat(pngs.length - 1), share, fc.nat(7), async (index, at, bit) => {
        const pixels = await tryImage(mutate(pngs[index]!.bytes, [{ kind: 'flip', at, bit }], []));
        const before = whole[index]!;
        if (pixels && before.ok) expect(Buffer.compare(pixels, before.value.pixels)).toBe(0);
      });
      await fc.assert(property, { numRuns: runs, seed });
    },
    TIMEOUT_MS,
  );
});

describe('the memory', () => {
  it(
    'is where it was after all of them',
    async ({ task }) => {
      recordInputs(task, 100);
      const before = measureKeptBytes();
      const property = fc.asyncProperty(fc.nat(zips.length - 1), mutations, async (index, applied) => {
        await tryZip(await folder.put(mutate(zips[index]!.bytes, applied, ZIP_MARKS)));
      });
      await fc.assert(property, { numRuns: 100, seed });
      const after = measureKeptBytes();
      recordMemory(task, { before, after });
      expect(after - before).toBeLessThan(KEPT_BYTES_MAX);
      expect(await readdir(folder.path)).toEqual(['patches.zip']);
    },
    TIMEOUT_MS,
  );
});
