/** Sources of every kind become datasets: the same one whether they come as a folder, a zip or by a manifest. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveSeed } from '@microtome/domain/seeded-random';
import { importDataset } from '@microtome/store/import/import-dataset';
import { createSplit } from '@microtome/store/split/create-split';
import fc from 'fast-check';
import sharp from 'sharp';
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

  it('of IDC is one dataset as published, flattened, in a zip and by a manifest, with one split', async () => {
    const sets = fc.array(
      fc.record({ columns: fc.integer({ min: 2, max: 3 }), positives: fc.constantFrom(1, 2) }),
      {
        minLength: 4,
        maxLength: 5,
      },
    );
    await fc.assert(
      fc.asyncProperty(sets, fc.nat(), async (patients, seed) => {
        const patches = patients.flatMap((grid, at) => gridOf(String(101 + at), { rows: 2, ...grid }));
        const tree: FileTree = {};
        for (const patch of patches) {
          tree[patchPath(patch)] = await drawPng({ seed: deriveSeed(seed, patchPath(patch)) });
        }
        const withoutPatient = ([path, bytes]: [string, Buffer]) => [
          path.split('/').slice(1).join('/'),
          bytes,
        ];
        const flat: FileTree = Object.fromEntries(Object.entries(tree).map(withoutPatient));
        const manifest = join(await createFolder(), 'Liste.csv');
        const rows = patches.map((patch) => {
          const { patient, x = 0, y = 0, label } = patch;
          // Another case, and folders of another machine before it.
          const path = `D:\\data\\${patchPath(patch).toUpperCase().replaceAll('/', '\\')}`;
          return `${path},${patient},${label === 1 ? 'IDC' : 'not IDC'},${x - 1},${y - 1}`;
        });
        await writeFile(manifest, ['file,patient,label,x,y', ...rows].join('\n'));
        const folder = await writeTree(tree);
        const ways: Request[] = [
          { path: folder },
          { path: await writeZip(tree, { compress: true }) },
          { path: await writeTree(flat), layout: 'idc-flat' },
          { path: folder, manifest, patientsOf: 'IDC' },
          { path: await writeZip(tree), manifest, patientsOf: 'IDC' },
        ];
        const seen = [];
        for (const way of ways) {
          await storage.empty();
          const { datasetId, report } = await run(way);
          const [split] = await createSplit(storage.get(), {
            datasetId,
            strategy: 'PATIENT_STRATIFIED',
            seed: 1,
          });
          const { rows: patchRows } = await storage.get().database.pool.query(
            `select index, encode(pixel_hash, 'hex') as pixels, x, y, class, slide.key from patch
             join slide on slide.id = patch.slide_id where patch.dataset_id = $1 order by index`,
            [datasetId],
          );
          seen.push({ digest: report.digest, task: report.task, split: split?.digest, patchRows });
        }
        for (const other of seen) expect(other).toEqual(seen[0]);
      }),
      { numRuns: 2 },
    );
  }, 240_000);

  it('written by other letters for the same name is one dataset', async () => {
    const name = 'Été (1), [b].png';
    const bytes = await drawPng({});
    const draw = (folder: string, file: string) => writeTree({ [`${folder}/${file}`]: bytes });
    const composed = await run({ path: await draw('Tumör'.normalize('NFC'), name.normalize('NFC')) });
    const apart = await run({ path: await draw('Tumör'.normalize('NFD'), name.normalize('NFD')) });
    expect(apart.datasetId).toBe(composed.datasetId);
    const manifest = join(await createFolder(), 'list.csv');
    await writeFile(manifest, `file,label\n"TUMÖR/${name.toUpperCase()}",Tumör\n`);
    const told = await run({ path: await draw('Tumör'.normalize('NFD'), name.normalize('NFD')), manifest });
    expect(told.datasetId).toBe(composed.datasetId);
  });
});

describe('choices over what a source tells', () => {
  const draw = async () => {
    const tree: FileTree = {};
    for (const name of ['P1_a', 'P1_b', 'P2_a', 'other'])
      tree[`x/${name}.png`] = await drawPng({ seed: deriveSeed(3, name) });
    return writeTree(tree);
  };

  it('read patients from paths by an expression, and refuse what it does not read', async () => {
    const { report } = await run({ path: await draw(), patientPattern: '/(P\\d)_', micronsPerPixel: 0.25 });
    expect(report).toMatchObject({ unit: 'PATIENT', patchCount: 3, refusedByCode: { NO_PATIENT: 1 } });
    expect(report.refusals[0]?.reason).toBe("The rule reads no patient from 'x/other.png'.");
    expect(report.slides.map(({ micronsPerPixel }) => micronsPerPixel)).toEqual([0.25, 0.25]);
  });

  it('by a manifest name the row of a file that is not what it says', async () => {
    const path = await writeTree({
      ...Object.fromEntries(
        await Promise.all(
          ['a', 'b', 'c'].map(async (name, seed) => [`${name}.png`, await drawPng({ seed })]),
        ),
      ),
      'text.png': Buffer.from('no picture'),
      'large.png': await drawPng({ width: 60, height: 60 }),
      'list.csv': Buffer.from('file,label\na.png,1\nb.png,2\ntext.png,1\n\nc.png,2\nlarge.png,2\n'),
    });
    const { report } = await run({ path, manifest: 'list.csv' });
    expect(report.patchCount).toBe(3);
    expect(report.refusals.map(({ path: file, reason }) => `${file}: ${reason}`)).toEqual([
      'large.png: It has 60 x 60 pixels; patches of this dataset have 50 x 50. Line 7 of the manifest names it.',
      'text.png: It is not an image: PNG, JPEG, TIFF, WebP and BMP can be read. Line 4 of the manifest names it.',
    ]);
  });

  it('make another dataset where they split by less than the source allows', async () => {
    const path = await draw();
    const patients = await run({ path, patientPattern: '/(P\\d)_' });
    const unknown = await run({ path, patientPattern: '/(P\\d)_', unit: 'NONE' });
    expect(unknown.report).toMatchObject({ unit: 'NONE', patients: [{ patchCount: 3 }] });
    expect(unknown.report.digest).not.toBe(patients.report.digest);
  });

  it('bring in patches without classes, on which nothing can be trained', async () => {
    const { datasetId, report } = await run({
      path: await draw(),
      patientPattern: '/(P\\d)_',
      unlabelled: true,
    });
    expect(report).toMatchObject({ classes: [{ name: 'unlabelled', patchCount: 3 }], task: null });
    await expect(
      createSplit(storage.get(), { datasetId, strategy: 'PATIENT_STRATIFIED', seed: 1 }),
    ).rejects.toThrow(/ has no classes: it was imported for heatmaps and predictions alone/);
  });

  it('take a JPEG with a name of the IDC set', async () => {
    const tree: FileTree = {};
    for (const patch of gridOf('101')) {
      const path = patchPath(patch);
      tree[path.replace(/png$/, 'jpg')] = await sharp(await drawPng({ seed: deriveSeed(1, path) }))
        .jpeg()
        .toBuffer();
    }
    const { report } = await run({ path: await writeTree(tree) });
    expect(report).toMatchObject({ patchCount: 6, unit: 'PATIENT', task: { name: 'IDC' }, refusedCount: 0 });
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
    const names = (await readdir(layoutInput('pcam-h5-derived'))).filter((name) =>
      /\.(h5|csv|gz)$/.test(name),
    );
    const files = names.map(async (name) => [
      name,
      await readFile(join(layoutInput('pcam-h5-derived'), name)),
    ]);
    const tree: FileTree = Object.fromEntries(await Promise.all(files));
    const zipped = await run({ path: await writeZip(tree, { compress: true }) });
    expect(zipped.datasetId).toBe(container.datasetId);
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
