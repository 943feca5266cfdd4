/** Files that claim one place, and patches that are smaller than the others: what an import makes of them, and says. */
import { type ImportRequest, importDataset } from '@microtome/store/import/import-dataset';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { faultInput, HAS_FAULT_INPUTS, WHERE_ABSENT } from '../../fixtures/fault-inputs.ts';
import { forgeZip, writeBytes } from './forged-zip.ts';
import { useImportStore } from './import-store.ts';
import { drawPng, drawTree, gridOf, patchPath, writeTree } from './patch-files.ts';

const storage = useImportStore();
const run = (request: Omit<ImportRequest, 'database' | 'artifacts'>) =>
  importDataset({ ...storage.get(), ...request });

const reencode = (png: Buffer) => sharp(png).png({ compressionLevel: 0 }).toBuffer();

describe('copies of a patch', () => {
  it('that show the same pixels are taken once, whatever the bytes, and name the one that was taken', async () => {
    const tree = await drawTree(gridOf('101'));
    const [path = '', png = Buffer.alloc(0)] = Object.entries(tree)[0] ?? [];
    const copies = { [`copy/${path}`]: png, [`smaller/${path}`]: await reencode(png) };
    const { report } = await run({ path: await writeTree({ ...tree, ...copies }) });
    expect(report).toMatchObject({ patchCount: 6, refusedByCode: { DUPLICATE: 2 } });
    for (const { reason } of report.refusals) {
      expect(reason).toBe(`The same patch was found before, as ${path}, and is taken once.`);
    }
  });

  it('that show other pixels are refused, all of them, and name each other', async () => {
    const tree = await drawTree(gridOf('101'));
    const path = patchPath({ patient: '101', x: 1, y: 1, label: 1 });
    const copies = { [`rescan/${path}`]: await drawPng({ seed: 99 }), [`copy/${path}`]: tree[path]! };
    const { report } = await run({ path: await writeTree({ ...tree, ...copies }) });
    expect(report).toMatchObject({ patchCount: 5, refusedByCode: { CONFLICTING_PIXELS: 3 } });
    const reasonOf = (shown: string) => report.refusals.find((refusal) => refusal.path === shown)?.reason;
    const says = (other: string) =>
      `It shows other pixels than ${other}, of the same place and class: neither is taken.`;
    expect(reasonOf(path)).toBe(says(`rescan/${path}`));
    expect(reasonOf(`copy/${path}`)).toBe(says(`rescan/${path}`));
    expect(reasonOf(`rescan/${path}`)).toBe(says(path));
  });

  it('of one name in one zip are compared as well', async () => {
    const tree = await drawTree(gridOf('101'));
    const entries = Object.entries(tree).map(([name, content]) => ({ name, content }));
    const twice = [...entries, entries[0]!, { name: entries[1]!.name, content: await drawPng({ seed: 99 }) }];
    const { report } = await run({ path: await writeBytes(forgeZip({ entries: twice })) });
    expect(report).toMatchObject({ patchCount: 5, refusedByCode: { DUPLICATE: 1, CONFLICTING_PIXELS: 2 } });
    expect(report.refusals.map(({ reason }) => reason).join()).toContain(
      'than another file of this very name',
    );
  });

  it('of which one is damaged leave the other', async () => {
    const tree = await drawTree(gridOf('101'));
    const path = patchPath({ patient: '101', x: 1, y: 1, label: 1 });
    const damaged = tree[path]!.subarray(0, 200);
    for (const copies of [
      { [path]: damaged, [`copy/${path}`]: tree[path]! },
      { [path]: tree[path]!, [`copy/${path}`]: damaged },
    ]) {
      const { report } = await run({ path: await writeTree({ ...tree, ...copies }) });
      expect(report).toMatchObject({ patchCount: 6, refusedByCode: { UNREADABLE: 1 } });
    }
  });

  it('that a share of the data leaves out are counted with what was left out', async () => {
    const tree = await drawTree(gridOf('101'));
    const copies = Object.fromEntries(Object.entries(tree).map(([path, png]) => [`copy/${path}`, png]));
    const { report } = await run({ path: await writeTree({ ...tree, ...copies }), maxPatches: 2 });
    expect(report).toMatchObject({ patchCount: 2, leftOutCount: 8, refusedByCode: { DUPLICATE: 2 } });
  });

  it.skipIf(!HAS_FAULT_INPUTS)(
    `from a scan of another year, and twice in a zip ${WHERE_ABSENT}`,
    async () => {
      await expect(run({ path: faultInput('nested_differs') })).rejects.toThrow(
        /120 files were refused \(120 CONFLICTING_PIXELS\), for example .* It shows other pixels than rescan_2021/,
      );
      const zipped = await run({ path: faultInput('dup_names_different_pixels.zip') });
      expect(zipped.report.refusedByCode).toEqual({ CONFLICTING_PIXELS: 10 });
    },
  );
});

describe('a patch that is smaller than the others', () => {
  const grid = gridOf('101', { columns: 3, rows: 3 });
  const importWith = async (patch: { x: number; y: number; width?: number; height?: number }) =>
    (await run({ path: await writeTree(await drawTree([...grid, { patient: '101', ...patch }])) })).report;

  it('is an edge strip where its slide ends, to the right, below, or in the corner', async () => {
    for (const strip of [
      { x: 151, y: 51, width: 20 },
      { x: 51, y: 151, height: 7 },
      { x: 151, y: 151, width: 20, height: 7 },
    ]) {
      expect(await importWith(strip)).toMatchObject({ stripCount: 1, refusedCount: 0 });
    }
  });

  it('is refused in the midst of its slide', async () => {
    const tree = await drawTree(grid);
    const inside = patchPath({ patient: '101', x: 51, y: 51, label: 0 });
    const path = await writeTree({ ...tree, [inside]: await drawPng({ width: 49, height: 49 }) });
    const { report } = await run({ path });
    expect(report).toMatchObject({ patchCount: 8, stripCount: 0 });
    expect(report.refusals).toEqual([
      {
        path: inside,
        code: 'NOT_PATCH_SIZE',
        reason:
          'It has 49 x 49 pixels where its slide does not end; only at the right or lower edge may a patch be smaller than 50 x 50.',
      },
    ]);
    // Narrow below the others, low to the right of them: the slide ends there, but not in that direction.
    expect(await importWith({ x: 51, y: 151, width: 30 })).toMatchObject({ stripCount: 0 });
    expect(await importWith({ x: 151, y: 51, height: 30 })).toMatchObject({ stripCount: 0 });
  });

  it('is judged by its whole slide where only a share of it is imported', async () => {
    const tall = gridOf('101', { columns: 1, rows: 40, positives: 20 });
    const tree = await drawTree(tall);
    const low = patchPath({ patient: '101', x: 1, y: 1, label: 1 });
    const path = await writeTree({ ...tree, [low]: await drawPng({ height: 49 }) });
    for (let seed = 0; seed < 30; seed++) {
      const { report } = await run({ path, maxPatches: 2, seed }).catch(() => ({
        report: { stripCount: 0 },
      }));
      expect(report.stripCount).toBe(0);
    }
  });
});

describe('pixels that are changed on the way in', () => {
  it('are counted and named in the report and kept with the dataset', async () => {
    const tree = await drawTree(gridOf('101'));
    const [clear, grey] = [patchPath({ patient: '101', x: 901 }), patchPath({ patient: '101', x: 951 })];
    const glass = {
      create: { width: 50, height: 50, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    } as const;
    const path = await writeTree({
      ...tree,
      [clear]: await sharp(glass).png().toBuffer(),
      [grey]: await sharp(await drawPng())
        .toColourspace('b-w')
        .png()
        .toBuffer(),
    });
    const { datasetId, report } = await run({ path });
    expect(report).toMatchObject({
      patchCount: 8,
      refusedCount: 0,
      changedByCode: { TRANSPARENCY_TO_WHITE: 1, GREY_TO_RGB: 1 },
      changes: [
        { path: clear, code: 'TRANSPARENCY_TO_WHITE' },
        { path: grey, code: 'GREY_TO_RGB' },
      ],
    });
    const kept = await storage
      .get()
      .database.prisma.pixelChange.findMany({ where: { datasetId }, orderBy: { code: 'asc' } });
    expect(kept.map(({ code, fileCount, paths }) => [code, fileCount, paths])).toEqual([
      ['GREY_TO_RGB', 1, [grey]],
      ['TRANSPARENCY_TO_WHITE', 1, [clear]],
    ]);
    expect((await run({ path })).reused).toBe(true);
  });

  it('of files that were read otherwise before are not taken for the same dataset', async () => {
    const { pool } = storage.get().database;
    const path = await writeTree(await drawTree(gridOf('101')));
    const { name } = await run({ path });
    await pool.query('alter table dataset disable trigger dataset_guard');
    await pool.query("update dataset set channel_mean = '{0.1,0.1,0.1}'");
    await pool.query('alter table dataset enable trigger dataset_guard');
    await expect(run({ path })).rejects.toThrow(
      `These files were imported before, as "${name}", when other pixels were read from them than today.`,
    );
  });

  it.skipIf(!HAS_FAULT_INPUTS)(`in files with alpha and of 16 bits ${WHERE_ABSENT}`, async () => {
    const { report } = await run({ path: faultInput('alpha') });
    expect(report).toMatchObject({ refusedCount: 0, changedByCode: { TRANSPARENCY_TO_WHITE: 3 } });
    const formats = await run({ path: faultInput('formats') });
    expect(formats.report.refusals.map(({ path, code }) => [path.slice(0, 5), code])).toEqual([
      ['92010', 'DEPTH_UNCLEAR'],
      ['92015', 'UNREADABLE'],
    ]);
    expect(formats.report.refusals[1]?.reason).toBe('It cannot be decoded: its bytes are damaged.');
  });
});

describe('places where no slide reaches', () => {
  it.skipIf(!HAS_FAULT_INPUTS)(`are refused by name, and the rest is imported ${WHERE_ABSENT}`, async () => {
    const { report } = await run({ path: faultInput('huge_coordinate') });
    expect(report.refusedByCode).toEqual({ BEYOND_A_SLIDE: 3 });
    expect(report.patients.find(({ key }) => key === '93001')).toMatchObject({ patchCount: 3 });
    expect(report.slides.find(({ key }) => key === '93001')).toMatchObject({
      widthPx: 50_300,
    });
  });
});

describe('names that count from 0', () => {
  it('are imported, and the dataset keeps that they do', async () => {
    const patches = gridOf('101').map(({ x = 1, y = 1, ...patch }) => ({ ...patch, x: x - 1, y: y - 1 }));
    const { datasetId, report } = await run({ path: await writeTree(await drawTree(patches)) });
    expect(report).toMatchObject({ patchCount: 6, refusedCount: 0, placesFrom: 0 });
    expect(report.slides[0]).toMatchObject({ widthPx: 150, heightPx: 100 });
    const dataset = await storage
      .get()
      .database.prisma.dataset.findUniqueOrThrow({ where: { id: datasetId } });
    expect(dataset.placesFrom).toBe(0);
  });
});
