/** What each layout reads off a path, and which layout a set of paths is taken for. */
import { parseBreakhisName } from '@microtome/domain/source/breakhis-name';
import type { ReadCell } from '@microtome/domain/source/layout/layout';
import { detectLayout, getLayout, listLayouts } from '@microtome/domain/source/layout/layouts';
import { namePcamClass, parsePcamPart, readPcamMeta } from '@microtome/domain/source/layout/pcam';
import type { SourcePatch } from '@microtome/domain/source/source-patch';
import { parseTcgaBarcode } from '@microtome/domain/source/tcga-barcode';
import { describe, expect, it, test } from 'vitest';

const KAGGLE_ID = 'f38a6374c348f90b587e046aac6079959adf3835';

const READ: [layout: string, path: string, facts: Partial<SourcePatch>][] = [
  [
    'idc',
    '10253/1/10253_idx5_x1001_y551_class1.png',
    { patient: '10253', slide: '10253', x: 1001, y: 551, className: 'IDC', subset: null },
  ],
  [
    'idc-flat',
    'train/0/10253_idx5_x1001_y551_class0.png',
    { patient: '10253', slide: '10253', x: 1001, y: 551, className: 'not IDC', subset: 'TRAIN' },
  ],
  ['class-folders', 'data/valid/1/patch0000000.jpg', { className: '1', subset: 'VALIDATION' }],
  ['class-folders', 'Tumeur épithéliale/a,(1).png', { className: 'Tumeur épithéliale', subset: null }],
  ['pcam-h5', 'pcam/camelyonpatch_level_2_split_valid_x.h5#17', { subset: 'VALIDATION' }],
  ['pcam-kaggle', `train/${KAGGLE_ID}.tif`, {}],
  [
    'wilds',
    'patches/patient_004_node_4/patch_patient_004_node_4_x_3168_y_22176.png',
    { patient: '004', slide: 'patient_004_node_4', x: 3168, y: 22176 },
  ],
  [
    'breakhis',
    'benign/SOB/adenosis/SOB_B_A_14-22549AB/40X/SOB_B_A-14-22549AB-40-001.png',
    { patient: '14-22549', slide: '14-22549AB', className: 'adenosis' },
  ],
  ['kather', 'CRC-VAL-HE-7K/NORM/NORM-TCGA-YLVCMEHK.tif', { className: 'NORM', subset: 'TEST' }],
  ['kather', 'NCT-CRC-HE-100K-NONORM/TUM/TUM-AEPINLNQ.tif', { className: 'TUM', subset: 'TRAIN' }],
  ['lc25000', 'lung_image_sets/lung_aca/lungaca1.jpeg', { className: 'lung_aca' }],
  ['mhist', 'images/MHIST_aaa.png', {}],
  [
    'tcga-tiles',
    'MSI/TCGA-AD-6964-01Z-00-DX1/Tile_(16896,20480).jpg',
    {
      patient: 'TCGA-AD-6964',
      slide: 'TCGA-AD-6964-01Z-00-DX1',
      site: 'AD',
      className: 'MSI',
      subset: null,
      x: 16896,
      y: 20480,
    },
  ],
  [
    'tcga-tiles',
    'train/tumour/TCGA-A2-A0CM-DX1_xmin18562_ymin56852_MPP-0.2500.png',
    {
      patient: 'TCGA-A2-A0CM',
      slide: 'TCGA-A2-A0CM-DX1',
      site: 'A2',
      className: 'tumour',
      subset: 'TRAIN',
      x: 18562,
      y: 56852,
      micronsPerPixel: 0.25,
    },
  ],
];

describe('a path', () => {
  it.each(READ)('of %s says what is in it: %s', (layout, path, facts) => {
    expect(getLayout(layout).readPath(path)).toEqual({ ok: true, facts });
  });

  it.each([
    ['idc', '10253/1/9000_idx5_x1_y1_class1.png', 'Its name says patient 9000, its folder 10253.'],
    ['idc', '10253/1/10253_idx5_x1_y1_class0.png', 'Its name says class 0, its folder 1.'],
    ['idc', 'train/0/10253_idx5_x1_y1_class0.png', 'Its name says patient 10253, its folder train.'],
    ['idc-flat', 'train/1/10253_idx5_x1_y1_class0.png', 'Its name says class 0, its folder 1.'],
    ['kather', 'CRC/TUM/NORM-ABCDEFGH.tif', 'Its name says class NORM, its folder TUM.'],
    ['class-folders', 'a.png', 'It lies in no folder, and the folder is the class.'],
    ['class-folders', 'train/a.png', 'It lies in the folder train, which is a subset and no class.'],
    ['breakhis', 'a.png', 'Its name is not of the form SOB_B_A-14-22549AB-40-001.png.'],
  ])('that is not of %s is refused: %s', (layout, path, reason) => {
    const reading = getLayout(layout).readPath(path);
    expect(reading.ok ? reading : reading.fault.reason).toBe(reason);
  });

  it('reads alike whether its accents are composed or not', () => {
    const read = (path: string) => getLayout('class-folders').readPath(path);
    expect(read('é/a.png'.normalize('NFD'))).toEqual(read('é/a.png'.normalize('NFC')));
  });
});

describe('detection', () => {
  it.each(READ)('takes a path of %s for one: %s', (layout, path) => {
    expect(detectLayout([path.replace(/#\d+$/, '')])?.name).toBe(layout);
  });

  it('takes the layout that most files are of, and none where half of them are of none', () => {
    const idc = '10253/1/10253_idx5_x1001_y551_class1.png';
    expect(detectLayout([idc, idc, 'a/b.png', 'notes.txt'])?.name).toBe('idc');
    expect(detectLayout(['a.png', 'b.png', 'c/d.png'])).toBeNull();
    expect(detectLayout(['notes.txt'])).toBeNull();
  });

  it('knows each layout by its name, and says which there are for another', () => {
    for (const layout of listLayouts()) expect(getLayout(layout.name.toUpperCase())).toBe(layout);
    expect(() => getLayout('isic')).toThrow(/^There is no layout 'isic': known are idc, idc-flat, wilds/);
  });
});

describe('a table of a layout', () => {
  const join = (layout: string, row: Record<string, string>, path: string, tablePath = 'table.csv') => {
    const { table } = getLayout(layout);
    const cell: ReadCell = (column) => row[column] ?? null;
    expect(table?.keyRow(cell, tablePath)).toBe(table?.keyPath(path));
    return table?.readRow(cell, tablePath);
  };

  test('WILDS: class, centre and the side of the centre, with or without zeros before the patient', () => {
    const path = 'patches/patient_004_node_4/patch_patient_004_node_4_x_3168_y_22176.png';
    const row = { patient: '004', node: '4', x_coord: '3168', y_coord: '22176', tumor: '1', split: '0' };
    const facts = { className: 'tumor', site: 'centre 0', subset: 'TRAIN' };
    expect(join('wilds', { ...row, center: '0' }, path)).toEqual(facts);
    expect(join('wilds', { ...row, patient: '4', center: '0', split: '1' }, path)).toEqual({
      ...facts,
      subset: null,
    });
    expect(join('wilds', { ...row, center: '1' }, path)?.subset).toBe('VALIDATION');
    expect(join('wilds', { ...row, center: '2', split: '1' }, path)?.subset).toBe('TEST');
  });

  test('Kaggle: the class by the id', () => {
    const facts = { className: 'tumor' };
    expect(join('pcam-kaggle', { id: KAGGLE_ID, label: '1' }, `train/${KAGGLE_ID}.tif`)).toEqual(facts);
    expect(join('pcam-kaggle', { id: KAGGLE_ID, label: '2' }, `train/${KAGGLE_ID}.tif`)).toEqual({
      className: null,
    });
  });

  test('LC25000: the group, whose numbers begin again in each class', () => {
    const row = { cluster_label: '7', img_path: './LC25000/lung_aca/lungaca12.jpeg' };
    const group = join(
      'lc25000',
      row,
      'lung_image_sets/lung_aca/lungaca12.jpeg',
      'g/lung_aca_final_clusters.csv',
    );
    expect(group).toEqual({ group: 'lung_aca/7' });
  });

  test('MHIST: the class of the majority and the side', () => {
    const row = { 'Image Name': 'MHIST_aaa.png', 'Majority Vote Label': 'SSA', Partition: 'test' };
    expect(join('mhist', row, 'images/MHIST_aaa.png')).toEqual({ className: 'SSA', subset: 'TEST' });
  });
});

test('the files of the HDF5 set belong together by all but their last letter', () => {
  const [x, y, meta] = ['x.h5', 'y.h5.gz', 'meta.csv'].map((end) => {
    return parsePcamPart(`pcam/camelyonpatch_level_2_split_test_${end}`);
  });
  expect([x?.part, y?.part, meta?.part]).toEqual(['x', 'y', 'meta']);
  expect(new Set([x?.set, y?.set, meta?.set]).size).toBe(1);
  expect(x?.subset).toBe('TEST');
  expect(parsePcamPart('features.h5')).toBeNull();
  expect([0, 1, 2, Number.NaN].map(namePcamClass)).toEqual(['normal', 'tumor', null, null]);
  const row: Record<string, string> = { wsi: 'camelyon16_train_tumor_001', coord_x: '12', coord_y: '34' };
  expect(readPcamMeta((column) => row[column] ?? null)).toEqual({
    slide: 'camelyon16_train_tumor_001',
    x: 12,
    y: 34,
  });
  expect(readPcamMeta(() => null)).toEqual({ slide: null, x: null, y: null });
});

test('a barcode gives patient, slide and site; what only begins like one gives none', () => {
  const slide = 'TCGA-A1-A0SH-01Z-00-DX1';
  expect(parseTcgaBarcode(`${slide}.90E71B08-E1D9-4FC2`)).toEqual({
    patient: 'TCGA-A1-A0SH',
    slide,
    site: 'A1',
  });
  expect(parseTcgaBarcode('tcga-a1-a0sh')).toEqual({ patient: 'TCGA-A1-A0SH', slide: null, site: 'A1' });
  expect(parseTcgaBarcode('NORM-TCGA-YLVCMEHK')).toBeNull();
});

test('a BreakHis name gives the slide with its letters and the patient without', () => {
  expect(parseBreakhisName('a/SOB_M_DC-14-2523-400-012.png')).toEqual({
    subtype: 'DC',
    patient: '14-2523',
    slide: '14-2523',
    magnification: 400,
  });
  expect(parseBreakhisName('SOB_B_TA-14-16184CD-40-001.png')?.slide).toBe('14-16184CD');
  expect(parseBreakhisName('14-16184CD.png')).toBeNull();
});
