/** What patches are called: by outlines, by tables, by published folders; what does not fit is named. And the look beforehand. */
import { previewTiling } from '@microtome/store/import/preview-tiling';
import { describe, expect, it } from 'vitest';
import { useImportStore } from '../import-store.ts';
import { asap, fillFolder, importSlides, LEFT_HALF, makeSlide, reasonsOf, TILING } from './slide-files.ts';

const storage = useImportStore();

const run = (...choices: Parameters<typeof importSlides> extends [unknown, ...infer Rest] ? Rest : never) =>
  importSlides(storage.get(), ...choices);

async function listOutlines(datasetId: string) {
  const { rows } = await storage.get().database.pool.query(
    `select slide.key, name, class_name as class, role, rings from slide_outline
     join slide on slide.id = slide_id where dataset_id = $1 order by key, position`,
    [datasetId],
  );
  return rows;
}

describe('outlines', () => {
  const points: [number, number][] = [
    [9000, 9000],
    [9100, 9000],
    [9100, 9100],
  ];
  const bomb = '<!DOCTYPE a [<!ENTITY b "c">]><ASAP_Annotations>&b;</ASAP_Annotations>';

  it('label what they cover, and holes are cut out', async () => {
    const folder = await fillFolder({
      'a.tif': makeSlide(),
      'a.xml': asap(
        { group: 'Tumor', points: LEFT_HALF },
        { group: 'Exclusion', points: LEFT_HALF.map(([x, y]) => [x, y / 2]) },
      ),
    });
    const { report, datasetId } = await run(folder, { annotations: '.', holeClasses: ['exclusion'] });
    expect(report.classes).toEqual([
      { name: 'negative', patchCount: 12 },
      { name: 'positive', patchCount: 4 },
    ]);
    expect(await listOutlines(datasetId)).toEqual([
      { key: 'a', name: 'a', class: 'Tumor', role: 'POSITIVE', rings: [LEFT_HALF.flat()] },
      { key: 'a', name: 'a', class: 'Exclusion', role: 'HOLE', rings: [[0, 0, 128, 0, 128, 128, 0, 128]] },
    ]);
  });

  it('are kept in the pixels of the patches, with those of other classes, whatever they are called', async () => {
    const folder = await fillFolder({
      'a.tif': makeSlide({ 282: 40_000, 283: 40_000 }),
      'a.xml': asap(
        { group: 'Fat', points: LEFT_HALF, name: 'fat\u200B\u202Etaf' },
        { group: 'Tumor', points: LEFT_HALF },
      ),
      'b.tif': makeSlide({ 305: 'b' }),
      'labels.csv': 'slide,label\nb,normal\n',
    });
    const { datasetId } = await run(folder, {
      annotations: '.',
      labels: 'labels.csv',
      outlineClasses: ['Tumor'],
    });
    const halved = LEFT_HALF.flat().map((length) => length / 2);
    expect(await listOutlines(datasetId)).toEqual([
      { key: 'a', name: 'a', class: 'Tumor', role: 'POSITIVE', rings: [halved] },
      { key: 'a', name: 'fat\\u200b\\u202etaf', class: 'Fat', role: 'OTHER', rings: [halved] },
    ]);
  });

  it('that cannot be taken refuse their slide by name, or are left out', async () => {
    const folder = await fillFolder({
      'a.tif': makeSlide(),
      'outside.tif': makeSlide({ 305: 'b' }),
      'bomb.tif': makeSlide({ 305: 'c' }),
      'none.tif': makeSlide({ 305: 'd' }),
      'several.tif': makeSlide({ 305: 'e' }),
      'twice.tif': makeSlide({ 305: 'f' }),
      'a.xml': asap({ group: 'Tumor', points: LEFT_HALF }),
      'outside.xml': asap({ group: 'Tumor', points, name: 'far' }, { group: 'Tumor', points: LEFT_HALF }),
      'bomb.xml': bomb,
      'several.xml': asap({ group: 'Tumor', points: LEFT_HALF }, { group: 'Fat', points: LEFT_HALF }),
      'twice.xml': asap({ group: 'Tumor', points: LEFT_HALF }),
      'twice.geojson': '[]',
      'stranger.xml': asap({ group: 'Tumor', points: LEFT_HALF }),
    });
    const { report } = await run(folder, { annotations: '.' });
    expect(report).toMatchObject({ patchCount: 16, slides: [{ key: 'a' }] });
    expect(reasonsOf(report.refusals)).toMatchObject({
      'outside.tif': expect.stringMatching(
        /^OUTLINES_UNCLEAR Of its outlines 1 cannot be taken: "far" lies outside the slide of 256 x 256 px/,
      ),
      'bomb.tif': expect.stringMatching(/"bomb.xml"/),
      'none.tif': 'NO_OUTLINES There is no file of outlines for it, and nothing tells that it is negative.',
      'several.tif':
        'OUTLINES_UNCLEAR It has outlines of the classes "Tumor", "Fat": say which of them are looked for.',
      'twice.tif': 'OUTLINES_UNCLEAR It has 2 files of outlines: one is needed.',
      'stranger.xml': 'OUTLINES_WITHOUT_SLIDE No slide is called as these outlines are.',
    });
    const lenient = await run(folder, {
      annotations: '.',
      faultyOutlines: 'LEAVE_OUT',
      outlineClasses: ['Tumor'],
    });
    expect(lenient.report.slides.map(({ key }) => key)).toEqual(['a', 'outside', 'several']);
  });
});

describe('published folders', () => {
  it('of CAMELYON16: outlines of tumours, normal slides without, TEST by its table', async () => {
    const folder = await fillFolder({
      'training/normal/normal_001.tif': makeSlide({ 305: 'a' }),
      'training/tumor/tumor_071.tif': makeSlide({ 305: 'b' }),
      'training/tumor/tumor_071_mask.tif': makeSlide({ 305: 'c' }),
      'training/lesion_annotations/tumor_071.xml': asap(
        { group: '_0', points: LEFT_HALF },
        { group: '_2', points: LEFT_HALF.map(([x, y]) => [x, y / 4]) },
      ),
      'testing/images/test_001.tif': makeSlide({ 305: 'd' }),
      'testing/images/test_002.tif': makeSlide({ 305: 'e' }),
      'testing/reference.csv': 'test_001,Normal,None,None\ntest_002,Tumor,IDC,Macro\n',
    });
    const { report } = await run(folder, { preset: 'camelyon16', micronsPerPixel: 0.5 });
    expect(report.classes).toEqual([
      { name: 'normal', patchCount: 42 },
      { name: 'tumor', patchCount: 6 },
    ]);
    expect(report.slides.map(({ key, site }) => [key, site])).toEqual([
      ['normal_001', 'Radboud UMC'],
      ['test_001', null],
      ['tumor_071', 'UMC Utrecht'],
    ]);
    expect(reasonsOf(report.refusals)).toEqual({
      'testing/images/test_002.tif':
        'NO_OUTLINES There is no file of outlines for it, and it is called "tumor".',
      'training/tumor/tumor_071_mask.tif': 'STRAY_FILE By its name it is no slide of CAMELYON16.',
    });
  });

  it('of CAMELYON17: patients, nodes and centres, and what the stages say of nodes without outlines', async () => {
    const folder = await fillFolder({
      'training/center_0/patient_004_node_4.tif': makeSlide({ 305: 'a' }),
      'training/center_0/patient_004_node_0.tif': makeSlide({ 305: 'b' }),
      'training/center_1/patient_020_node_1.tif': makeSlide({ 305: 'c' }),
      'training/lesion_annotations/patient_004_node_4.xml': asap({ group: 'metastases', points: LEFT_HALF }),
      'training/stage_labels.csv':
        'patient,stage\npatient_004.zip,pN1\npatient_004_node_4.tif,macro\npatient_004_node_0.tif,negative\npatient_020_node_1.tif,negative\n',
    });
    const { report } = await run(folder, { preset: 'camelyon17' });
    expect(report).toMatchObject({ unit: 'PATIENT', refusedCount: 0 });
    expect(report.patients.map(({ key, classCounts }) => [key, ...classCounts])).toEqual([
      ['patient_004', 24, 8],
      ['patient_020', 16, 0],
    ]);
    expect(new Set(report.slides.map(({ site }) => site))).toEqual(new Set(['centre 0', 'centre 1']));
    const flat = await fillFolder({
      'images/patient_004_node_4.tif': makeSlide({ 305: 'a' }),
      'images/patient_020_node_1.tif': makeSlide({ 305: 'c' }),
      'annotations/patient_004_node_4.xml': asap({ group: 'metastases', points: LEFT_HALF }),
      'stages.csv':
        'patient,stage,center\npatient_004_node_4.tif,macro,0\npatient_020.zip,pN0,1\npatient_020_node_1.tif,negative,1\n',
    });
    const open = (await run(flat, { preset: 'camelyon17' })).report;
    expect(open.refusedCount).toBe(0);
    expect(open.slides.map(({ key, site }) => [key, site])).toEqual([
      ['patient_004_node_4', 'centre 0'],
      ['patient_020_node_1', 'centre 1'],
    ]);
  });

  it('of CAMELYON17 have the centres of their table, which become those of the patients', async () => {
    const folder = await fillFolder({
      // By their numbers these would be of the centres 1 and 1, and of none.
      'images/patient_020_node_1.tif': makeSlide({ 305: 'a' }),
      'images/patient_021_node_0.tif': makeSlide({ 305: 'b' }),
      'images/patient_150_node_3.tif': makeSlide({ 305: 'c' }),
      'images/center_1/patient_022_node_0.tif': makeSlide({ 305: 'd' }),
      'annotations/patient_020_node_1.xml': asap({ group: 'metastases', points: LEFT_HALF }),
      'stages.csv':
        'patient,stage,center\npatient_020_node_1.tif,macro,4\npatient_021_node_0.tif,negative,NA\n' +
        'patient_150.zip,pN0,3\npatient_150_node_3.tif,negative,\npatient_022_node_0.tif,negative,2\n',
    });
    const { report, datasetId } = await run(folder, { preset: 'camelyon17' });
    const { rows } = await storage
      .get()
      .database.pool.query(
        'select key, site from dataset_patient join patient on id = patient_id where dataset_id = $1 order by key',
        [datasetId],
      );
    expect(rows).toEqual([
      { key: 'patient_020', site: 'centre 4' },
      { key: 'patient_021', site: 'centre 1' },
      { key: 'patient_150', site: 'centre 3' },
    ]);
    expect(reasonsOf(report.refusals)).toEqual({
      'images/center_1/patient_022_node_0.tif':
        'SITE_UNCLEAR It is of the site "centre 1" by its path or manifest and of "centre 2" by the table of labels: one of them is wrong.',
    });
    const both = await fillFolder({
      'patient_020_node_1.tif': makeSlide(),
      'stage_labels.csv': 'patient,stage\npatient_020_node_1.tif,macro\n',
      'stages.csv': 'patient,stage,center\npatient_020_node_1.tif,negative,1\n',
    });
    await expect(run(both, { preset: 'camelyon17' })).rejects.toThrow(
      'stages.csv, beside the tables before it, calls the slide "patient_020_node_1" both "macro" and "negative".',
    );
  });
});

describe('a table of labels', () => {
  it('tells the centre of slides too, of names that are written otherwise on disk', async () => {
    const folder = await fillFolder({
      'ko\u0308rper.tif': makeSlide(),
      'TCGA-1.77aa.tif': makeSlide({ 305: 'b' }),
      'labels.csv': 'slide,label,hospital\nk\u00f6rper,tumor,Bern\nTCGA-1.77aa,tumor,Basel\n',
    });
    const { report } = await run(folder, { labels: 'labels.csv' });
    expect(report.slides.map(({ key, site }) => [key, site])).toEqual([
      ['TCGA-1.77aa', 'Basel'],
      ['k\u00f6rper', 'Bern'],
    ]);
  });
});

describe('a look at slides', () => {
  it('tells what would be cut of some of them, draws them, and writes nothing', async () => {
    const folder = await fillFolder({
      'a.tif': makeSlide(),
      'b.tif': makeSlide({ 305: 'b' }),
      'a.xml': asap({ group: 'Tumor', points: LEFT_HALF.map(([x, y]) => [x * 1.2, y]) }),
      'b.xml': asap({ group: 'Tumor', points: LEFT_HALF }),
    });
    const seen: [string, number][] = [];
    const request = { path: folder, tiling: { ...TILING, annotations: '.' }, first: 1 };
    const preview = await previewTiling({
      ...request,
      onSlide: async ({ path }, { mask }) => void seen.push([path, mask.kinds.length]),
    });
    expect(preview).toMatchObject({
      slideCount: 2,
      refusedCount: 0,
      slides: [
        {
          ...{ path: 'a.tif', slide: 'a', widthPx: 256, micronsPerPixel: 0.5 },
          counts: { squares: 16, glass: 0, pen: 0, between: 4 },
          classes: [
            { name: 'negative', patches: 4 },
            { name: 'positive', patches: 8 },
          ],
        },
      ],
    });
    expect(seen).toEqual([['a.tif', 32 * 32]]);
    const rest = await previewTiling({ ...request, skip: 1 });
    expect(rest.slides.map(({ path }) => path)).toEqual(['b.tif']);
    expect(Object.values(await storage.countRows()).every((count) => count === 0)).toBe(true);
  });
});
