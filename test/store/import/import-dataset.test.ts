/** Imports from end to end, into a real database and a real artifact store. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { type ImportRequest, importDataset } from '@microtome/store/import/import-dataset';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { useImportStore } from './import-store.ts';
import {
  claimSize,
  drawPng,
  drawTree,
  drawTwoPatients,
  type FileTree,
  gridOf,
  patchPath,
  writeTree,
  writeZip,
} from './patch-files.ts';

const MINI_ZIP = fileURLToPath(new URL('../../../../shared/data/idc-mini.zip', import.meta.url));

const storage = useImportStore();

const run = (request: Omit<ImportRequest, 'database' | 'artifacts'>) =>
  importDataset({ ...storage.get(), ...request });

async function renamed(path: string, name: string): Promise<string> {
  const target = join(dirname(path), name);
  await rename(path, target);
  return target;
}

describe('an import', () => {
  it('writes patients, slides, patches and shards from which every pixel can be read back', async () => {
    const tree = await drawTwoPatients();
    const { datasetId, reused, report } = await run({ path: await writeTree(tree), name: 'two patients' });
    expect(reused).toBe(false);
    expect(report).toMatchObject({
      patchSizePx: 50,
      patchCount: 15,
      classes: [
        { name: 'not IDC', patchCount: 10 },
        { name: 'IDC', patchCount: 5 },
      ],
      task: { name: 'IDC', positiveName: 'IDC', sides: ['NEGATIVE', 'POSITIVE'] },
      stripCount: 1,
      refusedCount: 0,
    });
    expect(report.patients).toEqual([
      { key: '101', patchCount: 6, classCounts: [4, 2], stripCount: 0 },
      { key: '102', patchCount: 9, classCounts: [6, 3], stripCount: 1 },
    ]);
    const { prisma } = storage.get().database;
    const dataset = await prisma.dataset.findUniqueOrThrow({
      where: { id: datasetId },
      include: {
        shards: { orderBy: { position: 'asc' } },
        patches: { orderBy: { index: 'asc' }, include: { slide: { include: { patient: true } } } },
        patients: { include: { patient: true } },
      },
    });
    expect(dataset).toMatchObject({
      name: 'two patients',
      source: 'IDC',
      classCount: 2,
      digest: report.digest,
    });
    expect(dataset.shards.map(({ kind, firstPatch, patchCount }) => [kind, firstPatch, patchCount])).toEqual([
      ['PATCH', 0, 15],
      ['STRIP', 15, 1],
    ]);
    const places = dataset.patches.map(({ slide, x, y }) => [slide.patient.key, y!, x!] as const);
    const inOrder = (a: (typeof places)[0], b: (typeof places)[0]) =>
      a[0] === b[0] ? a[1] - b[1] || a[2] - b[2] : Number(a[0]) - Number(b[0]);
    expect(places.slice(0, 15)).toEqual(places.slice(0, 15).toSorted(inOrder));
    expect(places[15]).toEqual(['102', 150, 50]);
    for (const patch of dataset.patches) {
      const name = patchPath({
        patient: patch.slide.patient.key,
        x: patch.x! + 1,
        y: patch.y! + 1,
        label: patch.classPosition as 0 | 1,
      });
      const { data, info } = await sharp(tree[name]).raw().toBuffer({ resolveWithObject: true });
      expect([patch.widthPx, patch.heightPx]).toEqual([info.width, info.height]);
      const shard = dataset.shards.findLast(({ firstPatch }) => firstPatch <= patch.index)!;
      const shardBytes = await storage.get().artifacts.read(shard.artifactHash);
      const start = Number(patch.byteOffset);
      expect(shardBytes.subarray(start, start + data.length).equals(data)).toBe(true);
      expect(Buffer.from(patch.pixelHash).equals(createHash('sha256').update(data).digest())).toBe(true);
    }
  });

  it('gives one digest, hence one dataset, for a folder, a zip, a wrapped zip and a double copy', async () => {
    const tree = await drawTwoPatients();
    const wrapped = Object.fromEntries(
      Object.entries(tree).map(([path, png]) => [`IDC_regular_ps50_idx5/${path}`, png]),
    );
    const first = await run({ path: await writeTree(tree) });
    for (const path of [await writeZip(tree), await writeZip(wrapped, { compress: true })]) {
      const again = await run({ path });
      expect(again).toMatchObject({ reused: true, datasetId: first.datasetId, report: { refusedCount: 0 } });
    }
    const doubled = await run({ path: await writeTree({ ...tree, ...wrapped }) });
    expect(doubled).toMatchObject({ reused: true, datasetId: first.datasetId });
    expect(doubled.report.refusedByCode).toEqual({ DUPLICATE: 16 });
    expect(await storage.countRows()).toMatchObject({ dataset: 1, patch: 16 });
  });

  it('goes on without files that it refuses, and says of each why', async () => {
    const png = await drawPng();
    const tree: FileTree = {
      ...(await drawTree(gridOf('101'))),
      [patchPath({ patient: '102' })]: Buffer.from('no image at all'),
      [patchPath({ patient: '103' })]: claimSize(60_000, 60_000),
      [patchPath({ patient: '104' })]: await drawPng({ width: 96, height: 96 }),
      [patchPath({ patient: '105' })]: await drawPng({ width: 50, height: 3 }),
      [patchPath({ patient: '106' })]: png.subarray(0, png.length / 2),
      '101/1/101_idx5_x901_y1_class0.png': png,
      '107/0/101_idx5_x951_y1_class0.png': png,
      '.DS_Store': Buffer.from('x'),
      'X.npy': Buffer.from('x'),
    };
    const { datasetId, report } = await run({ path: await writeTree(tree) });
    expect(report).toMatchObject({ patchCount: 6, refusedCount: 9 });
    const rows = await storage.get().database.prisma.refusedFile.findMany({
      where: { datasetId },
      orderBy: { position: 'asc' },
    });
    const codes = Object.fromEntries(rows.map(({ path, code }) => [path, code]));
    expect(codes).toEqual({
      '.DS_Store': 'STRAY_FILE',
      'X.npy': 'STRAY_FILE',
      '101/1/101_idx5_x901_y1_class0.png': 'CLASS_FOLDER_DISAGREES',
      '107/0/101_idx5_x951_y1_class0.png': 'PATIENT_FOLDER_DISAGREES',
      [patchPath({ patient: '102' })]: 'NOT_AN_IMAGE',
      [patchPath({ patient: '103' })]: 'IMAGE_TOO_LARGE',
      [patchPath({ patient: '104' })]: 'NOT_PATCH_SIZE',
      [patchPath({ patient: '105' })]: 'ONLY_STRIPS',
      [patchPath({ patient: '106' })]: 'UNREADABLE',
    });
    expect(rows.find(({ code }) => code === 'NOT_PATCH_SIZE')?.reason).toBe(
      'It has 96 x 96 pixels; patches of this dataset have 50 x 50.',
    );
  });

  it('takes the size that most patches have, and refuses a majority that is not square', async () => {
    const large = gridOf('101').map((patch) => ({ ...patch, width: 96, height: 96 }));
    const { report } = await run({
      path: await writeTree(await drawTree([...large, { patient: '101', x: 901, y: 901 }])),
    });
    expect(report).toMatchObject({ patchSizePx: 96, patchCount: 6, stripCount: 1 });
    const oblong = gridOf('101').map((patch) => ({ ...patch, height: 40 }));
    await expect(run({ path: await writeTree(await drawTree(oblong)) })).rejects.toThrow(
      'Patches must be square, but most of these (6 of 6) have 50 x 40 pixels.',
    );
  });

  it('of nothing fails with a sentence and writes nothing', async () => {
    const layouts = 'Known are the layouts idc, idc-flat, wilds, breakhis, kather, lc25000, mhist, pcam-h5,';
    const empty = await writeTree({});
    await expect(run({ path: empty })).rejects.toThrow(
      `Nothing to import: ${empty} holds no files. ${layouts}`,
    );
    const stray = await writeTree({ 'a.csv': Buffer.from('x'), 'b.csv': Buffer.from('x') });
    await expect(run({ path: stray })).rejects.toThrow(
      `Nothing to import from ${stray}: 2 files were refused (2 STRAY_FILE), for example a.csv: It is a table, which this layout does not read. If it says what the files are, name it as their manifest. ${layouts}`,
    );
    const text = await writeTree({ [patchPath({})]: Buffer.from('text') });
    await expect(run({ path: text })).rejects.toThrow(
      /^Nothing to import: no patch can be read, for example 101\/0/,
    );
    expect(await storage.countRows()).toEqual({
      dataset: 0,
      patch: 0,
      patient: 0,
      slide: 0,
      dataset_shard: 0,
      artifact: 0,
    });
  });

  it('says which option is wrong', async () => {
    await expect(run({ path: '' })).rejects.toThrow('The import cannot start: path must not be empty.');
    await expect(run({ path: 'x', maxPatches: 0 })).rejects.toThrow(
      'The import cannot start: maxPatches must be at least 1.',
    );
    for (const path of [' ', '\n'])
      await expect(run({ path })).rejects.toThrow('The import cannot start: path must not be empty.');
    for (const name of ['a\u0000', 'a\nb', 'a\u202eb', 'a\u2029b', 'a\ud800'])
      await expect(run({ path: 'x', name })).rejects.toThrow(/The name of the dataset holds/);
    await expect(run({ path: 'x', seed: -1 })).rejects.toThrow(/seed must not be negative/);
  });
});

describe('the name of an imported dataset', () => {
  it('is that of the folder or zip, with a number when other data has it', async () => {
    const first = await renamed(await writeZip(await drawTree(gridOf('101'))), 'breast.zip');
    const second = await renamed(await writeZip(await drawTree(gridOf('102'))), 'breast.zip');
    expect(await run({ path: first })).toMatchObject({ name: 'breast', reused: false });
    expect(await run({ path: second })).toMatchObject({ name: 'breast 2', reused: false });
    expect(await run({ path: second })).toMatchObject({ name: 'breast 2', reused: true });
  });

  it('that a user chose is taken or refused, never changed; the same files again are no conflict', async () => {
    const path = await writeTree(await drawTree(gridOf('101')));
    expect(await run({ path, name: ' ours ' })).toMatchObject({ name: 'ours' });
    const conflict = 'Another dataset is named "ours". Choose another name for this one.';
    // One of as many files, which only its digest tells apart, and a larger one, which is refused before the work.
    for (const grid of [gridOf('102'), gridOf('102', { columns: 9 })]) {
      const error = await run({ path: await writeTree(await drawTree(grid)), name: 'ours' }).catch(
        (caught) => caught,
      );
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'CONFLICT', message: conflict });
    }
    expect(await run({ path, name: 'ours' })).toMatchObject({ reused: true });
    expect(await run({ path, name: 'theirs' })).toMatchObject({ reused: true, name: 'ours' });
    expect(await storage.countRows()).toMatchObject({ dataset: 1, patch: 6 });
  });

  it('of a share of the data says so, and the share is a dataset of its own that repeats', async () => {
    const grids = ['101', '102', '103'].map((patient) => gridOf(patient, { columns: 4, rows: 3 }));
    const path = await renamed(await writeZip(await drawTree(grids.flat())), 'breast.zip');
    const share = await run({ path, maxPatches: 10, seed: 5 });
    expect(share.name).toBe('breast (10 patches)');
    expect(share.report).toMatchObject({ patchCount: 10, leftOutCount: 26, refusedCount: 0 });
    expect(share.report.patients.map(({ patchCount }) => patchCount).sort()).toEqual([3, 3, 4]);
    expect(await run({ path, maxPatches: 10, seed: 5 })).toMatchObject({
      reused: true,
      datasetId: share.datasetId,
    });
    expect((await run({ path, maxPatches: 10, seed: 6 })).reused).toBe(false);
    expect(await run({ path })).toMatchObject({ name: 'breast', reused: false, report: { patchCount: 36 } });
  });
});

describe('real patches', () => {
  it.skipIf(!existsSync(MINI_ZIP))(
    'of the IDC set are imported whole (skipped where ../shared/data/idc-mini.zip is absent)',
    async () => {
      const phases = new Set<string>();
      const { report } = await run({ path: MINI_ZIP, onProgress: ({ phase }) => phases.add(phase) });
      expect(report).toMatchObject({ patchSizePx: 50, patchCount: 3588, stripCount: 7, refusedCount: 0 });
      expect(report.patients.length).toBe(36);
      expect(report.patchCount + report.stripCount).toBe(3595);
      expect([...phases]).toEqual(['scanning', 'decoding', 'saving', 'done']);
      expect(report.channelMean.map((mean) => Math.round(mean * 100) / 100)).toEqual([0.82, 0.65, 0.76]);
    },
  );
});
