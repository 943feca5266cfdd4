/** Every folder of layouts that is at hand, as an import would take it: what is found, and what is said of the rest. */
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { getFileName } from '@microtome/domain/source/file-path';
import type { LayoutName } from '@microtome/domain/source/layout/layout';
import { readPcam } from '@microtome/store/import/facts/read-pcam';
import { decodePatch } from '@microtome/store/import/pixels/decode-patch';
import { previewImport } from '@microtome/store/import/preview-import';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import { openTableAt } from '@microtome/store/import/table/open-table';
import { describe, expect, it } from 'vitest';
import { HAS_LAYOUT_INPUTS, layoutInput, WHERE_LAYOUTS_ABSENT } from '../../fixtures/layout-inputs.ts';
import { createFolder } from './patch-files.ts';
import { seeImport } from './see-import.ts';

type Wish = { layout?: LayoutName; manifest?: string; map?: string[]; magnification?: number };

const preview = (path: string, { layout, manifest, map, magnification }: Wish = {}) =>
  seeImport({
    path,
    layout: layout ?? null,
    manifest: manifest ?? null,
    map: map ?? [],
    magnification: magnification ?? null,
  });

async function readColumn(table: string, column: string): Promise<string[]> {
  const opened = await openTableAt(table);
  const position = opened.columns.indexOf(column);
  const cells: string[] = [];
  for await (const batch of opened.batches) for (const row of batch) cells.push(row.cells[position] ?? '');
  await opened.close();
  return cells.filter((cell) => cell !== '');
}

/** A folder of empty files of these names: a preview opens none of them. */
async function touchAll(paths: readonly string[]): Promise<string> {
  const root = await createFolder();
  for (const folder of new Set(paths.map((path) => dirname(path))))
    await mkdir(join(root, folder), { recursive: true });
  await Promise.all(paths.map((path) => writeFile(join(root, path), '')));
  return root;
}

describe.skipIf(!HAS_LAYOUT_INPUTS)(`real layouts ${WHERE_LAYOUTS_ABSENT}`, () => {
  it('class folders of PCam: classes and subsets, and no patients', async () => {
    const found = await preview(layoutInput('pcam-class-folders'));
    expect(found).toMatchObject({
      layout: { name: 'class-folders' },
      unit: 'NONE',
      patients: null,
      slides: null,
      patches: 600,
      classes: [
        { name: '0', patches: 300 },
        { name: '1', patches: 300 },
      ],
      refusedByCode: { STRAY_FILE: 2 },
    });
    expect(found.subsets.map(({ patches }) => patches)).toEqual([200, 200, 200]);
  });

  it('PCam in HDF5: rows with classes, each pixel as its JPEG has it', async () => {
    const path = layoutInput('pcam-h5-derived');
    const found = await preview(path);
    expect(found).toMatchObject({ layout: { name: 'pcam-h5' }, patches: 240, unit: 'NONE', withoutClass: 0 });
    const source = await openPatchSource(path);
    const signal = new AbortController().signal;
    const files = await source.scan({ refuse: () => {}, signal });
    const { told, close } = await readPcam({ files, scratch: null, refuse: () => {}, signal });
    const row = told.find(({ file }) => file.path.endsWith('train_x.h5#7'));
    const bytes = await row?.file.read();
    const decoded = bytes?.ok ? await decodePatch(bytes.value) : null;
    expect(decoded).toMatchObject({ ok: true, value: { width: 96, height: 96, changes: [] } });
    await close();
  });

  it('packed HDF5 of PCam: once it is open no file is left that a killed import could leave', async () => {
    const [packed, scratch] = [await createFolder(), await createFolder()];
    for (const part of ['x', 'y']) {
      const name = `camelyonpatch_level_2_split_train_${part}.h5`;
      const bytes = await readFile(join(layoutInput('pcam-h5-derived'), name));
      await writeFile(join(packed, `${name}.gz`), gzipSync(bytes));
    }
    const { signal } = new AbortController();
    const source = await openPatchSource(packed);
    const files = await source.scan({ refuse: () => {}, signal });
    const { told, close } = await readPcam({ files, scratch, refuse: () => {}, signal });
    const left = await readdir(scratch, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
    expect(left).toHaveLength(1);
    const bytes = await told[7]?.file.read();
    expect(bytes?.ok ? (await decodePatch(bytes.value)).ok : false).toBe(true);
    await close();
    expect(await readdir(scratch)).toEqual([]);
  });

  it('HDF5 of PCam whose files do not belong together, or one of which is missing, is refused with both counts', async () => {
    const folder = await createFolder();
    const bring = async (from: string, name: string) =>
      writeFile(
        join(folder, name),
        await readFile(layoutInput(`pcam-h5-derived/camelyonpatch_level_2_split_${from}.h5`)),
      );
    await bring('train_x', 'some_train_x.h5');
    await expect(preview(folder, { layout: 'pcam-h5' })).rejects.toThrow(
      'some_train_x.h5 has no classes: some_train_y.h5 is missing.',
    );
    await bring('test_y', 'some_train_y.h5');
    await expect(preview(folder, { layout: 'pcam-h5' })).rejects.toThrow(
      'The two files do not belong together: some_train_x.h5 has 120 patches, some_train_y.h5 60 labels.',
    );
    await bring('train_y', 'some_train_y.h5');
    expect(await preview(folder, { layout: 'pcam-h5' })).toMatchObject({ patches: 120 });
    await writeFile(join(folder, 'some_train_meta.csv'), 'wsi\ntumor_001\n');
    await expect(preview(folder, { layout: 'pcam-h5' })).rejects.toThrow(
      'some_train_meta.csv has 1 row, the pictures 120: they do not belong together.',
    );
  });

  it('Kaggle: classes by the table of labels; a file without a row has no class', async () => {
    const labels = layoutInput('kaggle-histopathologic-cancer/train_labels.head200.csv');
    const ids = await readColumn(labels, 'id');
    const root = await touchAll([...ids.map((id) => `train/${id}.tif`), `test/${'0'.repeat(40)}.tif`]);
    await symlink(labels, join(root, 'elsewhere.csv'));
    await expect(preview(root)).rejects.toThrow(
      /^The layout pcam-kaggle .* needs train_labels\.csv next to the files/,
    );
    await writeFile(join(root, 'train_labels.csv'), ['id,label', ...ids.map((id) => `${id},1`)].join('\n'));
    const found = await preview(root);
    expect(found).toMatchObject({
      layout: { name: 'pcam-kaggle' },
      patches: 201,
      withoutClass: 1,
      unit: 'NONE',
    });
  });

  it('BreakHis: 80 slides of 69 patients at one magnification, which is asked for', async () => {
    const paths = await readColumn(layoutInput('breakhis/mysplit.csv'), 'path');
    const root = await touchAll(paths);
    await expect(preview(root)).rejects.toThrow(
      'These files show the same fields at several magnifications (40, 100, 200, 400): choose one of them.',
    );
    const found = await preview(root, { magnification: 40 });
    expect(found).toMatchObject({ layout: { name: 'breakhis' }, unit: 'PATIENT', slides: 80, patients: 69 });
    expect(found.classes).toHaveLength(8);
    await expect(preview(root, { magnification: 20 })).rejects.toThrow(
      'No file is of magnification 20: there are 40, 100, 200, 400.',
    );
    const split = await preview(root, { manifest: layoutInput('breakhis/mysplit.csv') });
    expect(split.manifest).toMatchObject({
      rowCount: 7663,
      rowsWithoutFile: 0,
      filesWithoutRow: 0,
      filesTwice: 0,
    });
    expect(split.subsets.map(({ subset }) => subset).sort()).toEqual(['TEST', 'TRAIN', 'VALIDATION']);
  }, 120_000);

  it('Kather: the class of the name, the side of the archive, and no barcode', async () => {
    const found = await preview(layoutInput('kather-crc'));
    expect(found).toMatchObject({
      layout: { name: 'kather' },
      patches: 1,
      patients: null,
      classes: [{ name: 'NORM', patches: 1 }],
      subsets: [{ subset: 'TEST', patches: 1 }],
    });
  });

  it('LC25000: groups of copies by the published tables, and no unit without them', async () => {
    const classes = ['colon_aca', 'colon_n', 'lung_aca', 'lung_n', 'lung_scc'];
    const tables = classes.map((name) => layoutInput(`lc25000-groups/${name}_final_clusters.csv`));
    const listed = await Promise.all(tables.map((table) => readColumn(table, 'img_path')));
    const paths = listed.flatMap((cells, at) =>
      cells.map((cell) => `sets/${classes[at]}/${getFileName(cell)}`),
    );
    const root = await touchAll(paths.filter((_, at) => at % 20 === 0));
    expect((await preview(root)).unit).toBe('NONE');
    for (const table of tables) await symlink(table, join(root, basename(table)));
    // Links are not followed: the tables have to lie there.
    expect((await preview(root)).unit).toBe('NONE');
    for (const table of tables) {
      const bytes = await readFile(table);
      await rm(join(root, basename(table)));
      await writeFile(join(root, basename(table)), bytes);
    }
    const found = await preview(root);
    expect(found).toMatchObject({ layout: { name: 'lc25000' }, unit: 'GROUP', patches: 1250 });
    expect(found.groups).toBeGreaterThan(600);
  }, 120_000);

  it('tiles of a TCGA slide: patient, slide, site and places; features are no image', async () => {
    const found = await preview(layoutInput('features-h5'));
    expect(found).toMatchObject({
      layout: { name: 'tcga-tiles' },
      unit: 'PATIENT',
      patients: 1,
      slides: 1,
      sites: [{ name: 'AD', patches: 3 }],
      patches: 3,
      placed: 3,
      withoutClass: 3,
    });
  });

  it('GTEx: a manifest of tiles, one row of which names none', async () => {
    const table = layoutInput('manifests/gtex_test_tiles_patientwise.csv');
    const tiles = await readColumn(table, 'tile_filename');
    const root = await touchAll(tiles.slice(0, 300));
    const found = await preview(root, { manifest: table });
    expect(found.manifest?.columns?.filter(({ key }) => key !== null)).toEqual([
      { name: 'Tissue Sample ID', key: 'slide' },
      { name: 'Tissue', key: 'label' },
      { name: 'Subject ID', key: 'patient' },
      { name: 'tile_filename', key: 'path' },
    ]);
    expect(found).toMatchObject({ unit: 'PATIENT', patches: 300, manifest: { filesWithoutRow: 0 } });
    expect(found.manifest?.rowsWithoutFile).toBe((found.manifest?.rowCount ?? 0) - 300);
  });

  it.each(['annotations', 'manifests', 'wsi-hostile'])(
    '%s: nothing that is a patch, and each file is named',
    async (name) => {
      const found = await previewImport({ path: layoutInput(name) });
      expect(found).toMatchObject({ facts: null, refusedCount: found.fileCount });
      expect(found.problem?.message).toMatch(/^Nothing to import from .*: \d files were refused/);
    },
  );

  it('tables of real projects are read with all their rows, whatever their kind', async () => {
    const rowsOf = async (name: string) => {
      const table = await openTableAt(layoutInput(`manifests/${name}`));
      let rows = 0;
      for await (const batch of table.batches) rows += batch.length;
      await table.close();
      return [rows, table.columns.slice(0, 2)];
    };
    expect(await rowsOf('slideflow_breast_er_labels.csv')).toEqual([1048, ['patient', 'slide']]);
    expect(await rowsOf('derived_slideflow_breast_er_labels.parquet')).toEqual([1048, ['patient', 'slide']]);
    expect(await rowsOf('gdc_manifest_tcga_coad_slides.txt')).toEqual([258, ['id', 'filename']]);
    expect(await rowsOf('clam_splits_0.csv')).toEqual([expect.any(Number), ['column 1', 'train']]);
    expect((await rowsOf('tcga_clinical_example.csv'))[1]).toEqual(['case_id', 'case_submitter_id']);
  });
});
