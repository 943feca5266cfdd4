/**
 * Folders of slides as groups have them: real files of every kind at hand, and files that are no slides.
 * What cannot be cut is named with its sentence, and the others go on, or nothing does.
 */
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { previewTiling } from '@microtome/store/import/preview-tiling';
import { describe, expect, it } from 'vitest';
import { makeTiff, plainTile, rgbFields } from '../../../slides/make-tiff.ts';
import { HAS_SLIDE_INPUTS, slideInput, WHERE_SLIDES_ABSENT } from '../../../slides/slide-inputs.ts';
import { useImportStore } from '../import-store.ts';
import { createFolder } from '../patch-files.ts';
import { fillFolder, importSlides, makeSlide, reasonsOf, TILING } from './slide-files.ts';

const storage = useImportStore();

const run = (...choices: Parameters<typeof importSlides> extends [unknown, ...infer Rest] ? Rest : never) =>
  importSlides(storage.get(), ...choices);

describe.skipIf(!HAS_SLIDE_INPUTS)(`real slides ${WHERE_SLIDES_ABSENT}`, () => {
  const FILES = [
    'CMU-1-Small-Region.svs',
    'derived_CMU-1-Small-Region_pyramid.tif',
    'layouts/wsi-tcga-svs-jpeg2000/TCGA-CR-7395-01A-01-TS1.svs',
    'layouts/wsi-dicom/highdicom_sm_image.dcm',
    'layouts/wsi-dicom/openslide_boxes_0.dcm',
    'layouts/wsi-dicom/openslide_boxes_1.dcm',
    'layouts/wsi-dicom/highdicom_sm_annotations.dcm',
  ];

  it.each([
    [
      0.5,
      { 'CMU-1-Small-Region': 45, 'TCGA-CR-7395-01A-01-TS1': 191, 'derived_CMU-1-Small-Region_pyramid': 42 },
    ],
    [1, { 'CMU-1-Small-Region': 9, 'TCGA-CR-7395-01A-01-TS1': 47, 'derived_CMU-1-Small-Region_pyramid': 8 }],
  ])('are cut at %d µm per pixel where they can be', async (micronsPerPixel, counts) => {
    const folder = await createFolder();
    for (const file of FILES) await copyFile(slideInput(file), join(folder, basename(file)));
    const chosen = { tilePx: 224, micronsPerPixel };
    const { datasetId, report } = await run(folder, chosen, { micronsPerPixel: 0.499, unlabelled: true });
    const { rows } = await storage.get().database.pool.query(
      `select key, count(*)::int, file_microns_per_pixel as mpp from slide join patch on slide_id = slide.id
       where slide.dataset_id = $1 group by 1, 3`,
      [datasetId],
    );
    expect(Object.fromEntries(rows.map(({ key, count }) => [key, count]))).toEqual(counts);
    expect(new Set(rows.map(({ mpp }) => mpp))).toEqual(new Set([0.499]));
    const reasons = reasonsOf(report.refusals);
    expect(Object.keys(reasons)).toEqual([
      'highdicom_sm_annotations.dcm',
      'highdicom_sm_image.dcm',
      'openslide_boxes_0.dcm',
    ]);
    expect(reasons['highdicom_sm_annotations.dcm']).toMatch(/^NOT_A_SLIDE "highdicom_sm_annotations.dcm" /);
    const size = `224 px at ${micronsPerPixel} µm per pixel`;
    expect(reasons['highdicom_sm_image.dcm']).toBe(`NO_TISSUE It is smaller than a patch of ${size}.`);
  });

  it('have patients by their barcodes', async () => {
    const folder = await createFolder();
    const name = 'TCGA-CR-7395-01A-01-TS1.svs';
    await copyFile(slideInput(`layouts/wsi-tcga-svs-jpeg2000/${name}`), join(folder, name));
    const told = { micronsPerPixel: 0.25, unlabelled: true, patientRule: 'tcga' as const };
    const { report } = await run(folder, { tilePx: 256, micronsPerPixel: 0.5 }, told);
    expect(report).toMatchObject({
      unit: 'PATIENT',
      patients: [{ key: 'TCGA-CR-7395' }],
      slides: [{ site: 'CR' }],
    });
  });
});

describe('a folder of slides and other files', () => {
  it('is imported without what cannot be cut, each with its sentence', async () => {
    const folder = await fillFolder({
      'good.tif': makeSlide(),
      'no-scale.tif': makeSlide({ 282: 0, 283: 0, 296: 1 }),
      'absurd.tif': makeSlide({ 282: 400, 283: 400 }),
      'coarse.tif': makeSlide({ 282: 5000, 283: 5000 }),
      'cut-off.tif': makeSlide().subarray(0, 900),
      'damaged.tif': makeSlide({ 324: Array(16).fill(9_999_999) }),
      'huge.tif': makeSlide({ 256: 4_294_967_295, 257: 4_294_967_295 }),
      'picture.svs': Buffer.from('\x89PNG\r\n\x1a\n0000000', 'latin1'),
      'empty.svs': Buffer.alloc(0),
      'deep.tif': makeSlide({ 258: [16, 16, 16] }),
      'white.tif': makeTiff({
        directories: [
          {
            fields: rgbFields(64, 64, { 282: 20_000, 283: 20_000, 296: 3 }),
            tiles: [plainTile([243, 242, 244])],
          },
        ],
      }),
      'readme.txt': 'slides',
    });
    const { report } = await run(folder, {}, { unlabelled: true });
    expect(report).toMatchObject({ patchCount: 16, slides: [{ key: 'good' }] });
    const reasons = reasonsOf(report.refusals);
    expect(Object.keys(reasons)).toHaveLength(10);
    expect(reasons).toMatchObject({
      'no-scale.tif': expect.stringMatching(/^NO_SCALE It tells no µm per pixel/),
      'absurd.tif': expect.stringMatching(/^NOT_A_SLIDE "absurd.tif" tells 25 µm per pixel/),
      'coarse.tif': 'TOO_COARSE It has 2 µm per pixel at its finest; 0.5 would be made up.',
      'cut-off.tif': expect.stringMatching(/^NOT_A_SLIDE "cut-off.tif" is cut off/),
      'damaged.tif': expect.stringMatching(/^NOT_A_SLIDE "damaged.tif" .*tile 0 of 16 should be at bytes/),
      'huge.tif': expect.stringMatching(/^NOT_A_SLIDE "huge.tif" claims a picture of 4,294,967,295/),
      'picture.svs': expect.stringMatching(/^NOT_A_SLIDE "picture.svs" is a PNG picture, not a slide/),
      'empty.svs': 'NOT_A_SLIDE "empty.svs" is empty.',
      'deep.tif': expect.stringMatching(/^NOT_A_SLIDE "deep.tif" has 16 bits a colour/),
      'white.tif':
        'NO_TISSUE None of its 1 squares of 64 px at 0.5 µm per pixel becomes a patch: 1 are glass, 0 under a pen, 0 neither inside nor outside outlines.',
    });
  });

  it('has a slide refused once whose name cannot be read, before it is cut', async () => {
    const folder = await fillFolder({
      'good.tif': makeSlide(),
      'two\nlines.tif': makeSlide({ 305: 'b' }),
      'b\u202Efit.tif': makeSlide({ 305: 'c' }),
    });
    const preview = await previewTiling({ path: folder, tiling: TILING, unlabelled: true });
    const { report } = await run(folder, {}, { unlabelled: true });
    expect(preview.slides.map(({ path }) => path)).toEqual(['good.tif']);
    expect(report.refusedCount).toBe(2);
    expect(report.refusals).toEqual(preview.refusals);
    expect(reasonsOf(report.refusals)).toEqual({
      'b\\u202efit.tif': expect.stringMatching(/^NAME_UNPARSEABLE Its slide is 'b\\u202efit', and /),
      'two\\u000alines.tif': expect.stringMatching(/^NAME_UNPARSEABLE Its slide is 'two\\u000alines', and /),
    });
  });

  it('is not imported at all where that was asked, and leaves nothing', async () => {
    const folder = await fillFolder({ 'good.tif': makeSlide(), 'empty.svs': '' });
    await expect(run(folder, { faultySlides: 'STOP' }, { unlabelled: true })).rejects.toThrow(
      'empty.svs: "empty.svs" is empty.',
    );
    expect(Object.values(await storage.countRows()).every((count) => count === 0)).toBe(true);
  });

  it('has a patch refused whose tile is damaged, and the others kept, unless nothing may fail', async () => {
    const scale = { 282: 20_000, 283: 20_000, 296: 3 };
    const tile = plainTile([200, 120, 170]);
    // The picture of the whole slide comes from the small level, which is sound.
    const damaged = makeTiff({
      directories: [
        {
          fields: rgbFields(256, 256, { ...scale, 325: [...Array(15).fill(tile.length), 12] }),
          tiles: Array.from({ length: 16 }, () => tile),
        },
        { fields: rgbFields(64, 64, scale), tiles: [tile] },
      ],
    });
    const folder = await fillFolder({ 'a.tif': damaged });
    const { report } = await run(folder, {}, { unlabelled: true });
    expect(report.patchCount).toBe(15);
    expect(reasonsOf(report.refusals)).toEqual({
      'a.tif#x192,y192': expect.stringMatching(/^UNREADABLE "a.tif" is damaged: tile/),
    });
    const strict = run(folder, { faultySlides: 'STOP' }, { unlabelled: true, name: 'strict' });
    await expect(strict).rejects.toThrow(/^"a.tif" is damaged: tile/);
  });

  it('gets a scale that the file lacks from its manifest, or for all of them, and no two that differ', async () => {
    const folder = await fillFolder({
      'told.tif': makeSlide({ 282: 0, 283: 0, 296: 1 }),
      'other.tif': makeSlide(),
      'slides.csv': 'file,patient,label,mpp\ntold.tif,p1,tumor,0.25\nother.tif,p2,normal,0.25\n',
    });
    const { report } = await run(folder, {}, { manifest: 'slides.csv' });
    expect(report).toMatchObject({ unit: 'PATIENT', slides: [{ key: 'told' }], patchCount: 4 });
    expect(reasonsOf(report.refusals)).toEqual({
      'other.tif': 'NO_SCALE The file tells 0.5 µm per pixel and the manifest 0.25: one of them is wrong.',
    });
    const both = await run(folder, {}, { micronsPerPixel: 0.5, unlabelled: true, name: 'both' });
    expect(both.report.patchCount).toBe(32);
  });

  it('is refused as a whole for what is wrong with all of it', async () => {
    await expect(run(await fillFolder({ 'a.png': '' }))).rejects.toThrow(
      /holds no slides: none of its 1 files is one/,
    );
    const folder = await fillFolder({ 'a.tif': makeSlide() });
    await expect(run(folder, { annotations: 'nowhere' })).rejects.toThrow(
      'There is no folder of outlines at nowhere.',
    );
    await expect(run(folder, { annotations: '.' })).rejects.toThrow(
      /holds no outlines: files that end in .xml/,
    );
    await expect(run(folder, { labels: 'nowhere.csv' })).rejects.toThrow(
      'There is no table of labels at nowhere.csv.',
    );
    await expect(run(folder, { tilePx: 8 })).rejects.toThrow('tiling.tilePx must be at least 16');
    await expect(run(folder, { micronsPerPixel: 21 })).rejects.toThrow(
      'tiling.micronsPerPixel must be at most 20',
    );
    await expect(run(folder)).rejects.toThrow(/Nothing to import.* a.tif: Nothing tells its label\./);
  });
});
