/** Sources of every kind become datasets: the same one whether they come as a folder, a zip or by a manifest. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveSeed } from '@microtome/domain/seeded-random';
import { importDataset } from '@microtome/store/import/import-dataset';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HAS_LAYOUT_INPUTS, layoutInput, WHERE_LAYOUTS_ABSENT } from '../../fixtures/layout-inputs.ts';
import { useImportStore } from './import-store.ts';
import {
  createFolder,
  drawPng,
  type FileTree,
  gridOf,
  patchPath,
  writeTree,
  writeZip,
} from './patch-files.ts';

const storage = useImportStore();
type Request = Omit<Parameters<typeof importDataset>[0], 'database' | 'artifacts'>;
const run = (request: Request) => {
  const { database, artifacts } = storage.get();
  return importDataset({ database, artifacts, ...request });
};

describe('one set', () => {
  it('is one dataset as a folder, as a zip and by a manifest', async () => {
    const cell = fc.record({
      patient: fc.constantFrom('P-1', 'P-2', 'P-3'),
      tumour: fc.boolean(),
      place: fc.nat(20),
    });
    const cells = fc.uniqueArray(cell, {
      minLength: 4,
      maxLength: 8,
      selector: ({ patient, place }) => `${patient} ${place}`,
    });
    await fc.assert(
      fc.asyncProperty(cells, async (patches) => {
        const rows = patches.map(({ patient, tumour, place }) => ({
          path: `${tumour}/${patient}_${place}.png`,
          patient,
          tumour,
          x: place * 50,
        }));
        const tree: FileTree = {};
        for (const { path } of rows) tree[path] = await drawPng({ seed: deriveSeed(1, path) });
        const manifest = join(await createFolder(), 'list.csv');
        const lines = rows.map(
          ({ path, patient, tumour, x }) => `${path},${patient},${tumour ? 'tumour' : 'normal'},${x},0`,
        );
        await writeFile(manifest, ['file,patient,label,x,y', ...lines].join('\n'));
        const wrapped = Object.fromEntries(
          Object.entries(tree).map(([path, bytes]) => [`outer/${path}`, bytes]),
        );
        const folder = await run({ path: await writeTree(tree), manifest });
        const zip = await run({ path: await writeZip(tree), manifest });
        const other = await run({ path: await writeTree(wrapped), manifest });
        expect(new Set([folder, zip, other].map(({ datasetId }) => datasetId)).size).toBe(1);
        expect(zip.report.digest).toBe(folder.report.digest);
        expect(folder.report.patchCount).toBe(patches.length);
      }),
      { numRuns: 5 },
    );
  }, 120_000);

  it('has the patients of its own group, and those of another only when that is said', async () => {
    const importPatientOne = async (seed: number, patientsOf?: string) => {
      const path = await writeTree({
        'a.png': await drawPng({ seed }),
        'b.png': await drawPng({ seed: seed + 1 }),
      });
      const manifest = join(await createFolder(), 'list.csv');
      await writeFile(manifest, 'file,patient,label\na.png,1,tumour\nb.png,1,normal');
      const { datasetId } = await run({ path, manifest, patientsOf });
      const { rows } = await storage
        .get()
        .database.pool.query<{ id: string }>(
          'select patient_id as id from dataset_patient where dataset_id = $1',
          [datasetId],
        );
      return rows[0]?.id;
    };
    const own = await importPatientOne(100);
    expect(await importPatientOne(200)).not.toBe(own);
    const shared = await importPatientOne(300, 'Utrecht');
    expect(await importPatientOne(400, 'Utrecht')).toBe(shared);
  });

  it('of IDC names is the dataset that the published folders are, also when it is flattened', async () => {
    const patches = [...gridOf('101'), ...gridOf('102')];
    const tree: FileTree = {};
    const flat: FileTree = {};
    for (const patch of patches) {
      const path = patchPath(patch);
      const bytes = await drawPng({ seed: deriveSeed(1, path) });
      tree[path] = bytes;
      flat[path.split('/').slice(1).join('/')] = bytes;
    }
    const published = await run({ path: await writeTree(tree) });
    const flattened = await run({ path: await writeTree(flat), layout: 'idc-flat' });
    expect(flattened.datasetId).toBe(published.datasetId);
  });
});

describe.skipIf(!HAS_LAYOUT_INPUTS)(`real layouts become datasets ${WHERE_LAYOUTS_ABSENT}`, () => {
  it('class folders and HDF5 of PCam, without patients and with the sides of the publisher', async () => {
    const folders = await run({ path: layoutInput('pcam-class-folders') });
    expect(folders.report).toMatchObject({ unit: 'NONE', patchCount: 600, patchSizePx: 96 });
    const container = await run({ path: layoutInput('pcam-h5-derived') });
    expect(container.report).toMatchObject({
      unit: 'NONE',
      patchCount: 240,
      patchSizePx: 96,
      refusedByCode: { STRAY_FILE: 1 },
    });
    expect(container.report.task).toMatchObject({ name: 'tumor against normal' });
  }, 120_000);
});

describe('pictures that are not square, or of several sizes', () => {
  const draw = async () => {
    const tree: FileTree = {};
    for (const name of ['a', 'b', 'c'])
      tree[`x/${name}.png`] = await drawPng({ seed: deriveSeed(2, name), width: 70, height: 46 });
    tree['y/d.png'] = await drawPng({ width: 46, height: 46 });
    tree['y/e.png'] = await drawPng({ width: 60, height: 60 });
    return writeTree(tree);
  };

  it('are refused, or cut and resized by a rule that is counted and is part of the identity', async () => {
    const path = await draw();
    await expect(run({ path })).rejects.toThrow(
      /^Patches must be square, but most of these \(3 of 5\) have 70 x 46/,
    );
    const cut = await run({ path, notSquare: 'CROP' });
    expect(cut.report).toMatchObject({
      patchSizePx: 46,
      patchCount: 4,
      refusedByCode: { NOT_PATCH_SIZE: 1 },
    });
    expect(cut.report.changedByCode).toEqual({ CUT_TO_SQUARE: 3 });
    const resized = await run({ path, notSquare: 'SQUEEZE', otherSizes: 'RESIZE' });
    expect(resized.report).toMatchObject({
      patchCount: 5,
      changedByCode: { SQUEEZED_TO_SQUARE: 3, RESIZED: 1 },
    });
    expect(resized.report.digest).not.toBe(cut.report.digest);
  });
});
