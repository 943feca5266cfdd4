/** Where patches lie, which level they come from, and what names, labels and presets say: worked by hand. */
import { AppError } from '@microtome/domain/app-error';
import type { Outline } from '@microtome/domain/outline/outline';
import { readSlideLabels } from '@microtome/domain/tiling/slide-labels';
import { isSlideName, nameOutlinedSlide, nameWithoutEnding } from '@microtome/domain/tiling/slide-name';
import { getSlidePreset } from '@microtome/domain/tiling/slide-presets';
import { sortOutlines } from '@microtome/domain/tiling/sort-outlines';
import { chooseLevel, layGrid, placeOnLevel } from '@microtome/domain/tiling/tile-grid';
import { describe, expect, it } from 'vitest';

describe('the grid of a slide', () => {
  it('has as many patches as fit, at the asked scale', () => {
    const slide = { width: 2220, height: 2967, micronsPerPixel: 0.25 };
    // 224 px at 0.5 are 448 px here: 4 and 6 of them.
    expect(layGrid(slide, { tilePx: 224, stridePx: 224, micronsPerPixel: 0.5 })).toEqual({
      ...{ columns: 4, rows: 6, scale: 2, side: 448 },
    });
    // Half a patch on: (2220 - 448) / 224 = 7.9.
    expect(layGrid(slide, { tilePx: 224, stridePx: 112, micronsPerPixel: 0.5 })).toMatchObject({
      columns: 8,
    });
    expect(
      layGrid({ ...slide, width: 447 }, { tilePx: 224, stridePx: 224, micronsPerPixel: 0.5 }).columns,
    ).toBe(0);
    expect(
      layGrid({ ...slide, width: 448 }, { tilePx: 224, stridePx: 224, micronsPerPixel: 0.5 }).columns,
    ).toBe(1);
  });

  it('takes what a scanner rounds, and makes up no detail', () => {
    const rules = { tilePx: 224, stridePx: 224, micronsPerPixel: 0.25 };
    expect(layGrid({ width: 1000, height: 1000, micronsPerPixel: 0.2525 }, rules).columns).toBe(4);
    expect(() => layGrid({ width: 1000, height: 1000, micronsPerPixel: 0.5 }, rules)).toThrow(
      'has 0.5 µm per pixel at its finest; 0.25 would be made up.',
    );
  });

  it('reads from the coarsest level that is fine enough, at the nearest whole pixels', () => {
    const levels = [1, 2.0003, 4.0024, 16].map((downsample) => ({ width: 0, height: 0, downsample }));
    expect([1, 1.95, 2, 3.9, 4, 8, 40].map((scale) => chooseLevel(levels, { scale }))).toEqual([
      0, 1, 1, 2, 2, 2, 3,
    ]);
    expect([1.89, 0.96].map((scale) => chooseLevel(levels, { scale }))).toEqual([0, 0]);
    expect(placeOnLevel({ x: 448.9, y: 100, side: 448.9 }, levels[1]!)).toEqual({ x: 224, y: 50, side: 224 });
  });
});

describe('names', () => {
  it('tell slides, and what they are called', () => {
    expect(['a.svs', 'b/c.ome.tif', 'd.DCM', '.x.svs', 'e.png', 'f.xml'].map(isSlideName)).toEqual([
      ...[true, true, true, false, false, false],
    ]);
    expect(['a/TCGA-01.svs', 'b.ome.tiff', 'x.y.tif'].map(nameWithoutEnding)).toEqual([
      'TCGA-01',
      'b',
      'x.y',
    ]);
  });
});

describe('labels of slides', () => {
  it('are read with a header, as CAMELYON17 has it, and without, as CAMELYON16', () => {
    const stages = {
      columns: ['patient', 'stage'],
      rows: [
        ['patient_000.zip', 'pN1'],
        ['patient_000_node_0.tif', 'negative'],
      ],
    };
    expect([...readSlideLabels(stages, 'stage_labels.csv')]).toEqual([
      ['patient_000', { label: 'pN1', site: null }],
      ['patient_000_node_0', { label: 'negative', site: null }],
    ]);
    const reference = {
      columns: ['test_001', 'Tumor', 'IDC', 'Macro'],
      rows: [['test_003', 'Normal', null, null]],
    };
    expect([...readSlideLabels(reference, 'reference.csv')]).toEqual([
      ['test_001', { label: 'Tumor', site: null }],
      ['test_003', { label: 'Normal', site: null }],
    ]);
  });

  it('come with the centre that a column tells, of slides and of patients', () => {
    const stages = {
      columns: ['Patient', 'Stage', 'Center'],
      rows: [
        ['patient_000.zip', 'pN1', '0'],
        ['patient_000_node_0.tif', null, ' 0 '],
        ['patient_000_node_1.tif', 'micro', 'NA'],
      ],
    };
    expect([...readSlideLabels(stages, 'stages.csv')]).toEqual([
      ['patient_000', { label: 'pN1', site: '0' }],
      ['patient_000_node_0', { label: null, site: '0' }],
      ['patient_000_node_1', { label: 'micro', site: null }],
    ]);
  });

  it('are of slides whose names have points, written with their ending or without', () => {
    const named = {
      columns: ['Slide ID', 'label'],
      rows: [
        ['TCGA-AA-3864-01Z-00-DX1.5f1e-4a', 'x'],
        ['TCGA-AA-3864-01Z-00-DX1.77aa.svs', 'y'],
        ['scans/b.ome.tif', 'x'],
        ['ko\u0308rper.svs', 'y'],
      ],
    };
    expect([...readSlideLabels(named, 'l.csv').keys()]).toEqual([
      ...['TCGA-AA-3864-01Z-00-DX1.5f1e-4a', 'TCGA-AA-3864-01Z-00-DX1.77aa', 'b', 'k\u00f6rper'],
    ]);
  });

  it('are refused where they disagree, or where there are none', () => {
    const twice = {
      columns: ['slide', 'label'],
      rows: [
        ['a', 'x'],
        ['a.svs', 'y'],
      ],
    };
    expect(() => readSlideLabels(twice, 'l.csv')).toThrow('l.csv calls the slide "a" both "x" and "y".');
    const moved = {
      columns: ['slide', 'label', 'site'],
      rows: [
        ['a', 'x', '0'],
        ['a.svs', 'x', '1'],
      ],
    };
    expect(() => readSlideLabels(moved, 'l.csv')).toThrow('l.csv puts the slide "a" both at "0" and at "1".');
    expect(() => readSlideLabels({ columns: ['slide', 'label'], rows: [] }, 'l.csv')).toThrow(
      'l.csv tells a label of no slide: a column of slides and one of labels are needed.',
    );
  });
});

describe('outlines', () => {
  it('are called as their slide is, with its ending or without', () => {
    expect(
      ['a/TCGA-1.77aa.geojson', 'b.svs.geojson', 'c.ome.tif.xml', 'd.v2.json'].map(nameOutlinedSlide),
    ).toEqual([...['TCGA-1.77aa', 'b', 'c', 'd.v2']]);
  });
});

describe('presets', () => {
  it('tell slides, sites and sides of CAMELYON16', () => {
    const { readPath, countSite } = getSlidePreset('camelyon16');
    const told = (path: string) => readPath(path);
    expect(told('training/normal/normal_001.tif')).toEqual({
      ...{ slide: 'normal_001', subset: 'TRAIN', className: 'normal' },
    });
    expect(told('training/tumor/tumor_110.tif')).toMatchObject({ className: 'tumor' });
    const counted = (slide: string) => countSite({ slide, patient: null });
    // The last is the slide that was moved from the normal ones later.
    expect(['normal_001', 'tumor_110', 'test_001', 'tumor_111'].map(counted)).toEqual([
      ...['Radboud UMC', 'UMC Utrecht', null, 'Radboud UMC'],
    ]);
    expect(told('testing/images/test_001.tif')).toEqual({ slide: 'test_001', subset: 'TEST' });
    expect(told('training/tumor/tumor_001_mask.tif')).toBeNull();
  });

  it('tell patients and centres of CAMELYON17, and no centre that is not known', () => {
    const { readPath, countSite, nameSite } = getSlidePreset('camelyon17');
    expect(readPath('training/patient_047_node_2.tif')).toEqual({
      ...{ slide: 'patient_047_node_2', patient: 'patient_047', site: null },
    });
    const counted = (patient: string) => countSite({ slide: null, patient });
    expect(['patient_047', 'patient_099', 'patient_120'].map(counted)).toEqual([
      'centre 2',
      'centre 4',
      null,
    ]);
    expect(['3', '3.0', 'center_3', 'Radboud'].map(nameSite)).toEqual([
      ...['centre 3', 'centre 3', 'centre 3', 'centre Radboud'],
    ]);
    expect(readPath('training/center_4/patient_099_node_0.tif')).toMatchObject({ site: 'centre 4' });
    expect(readPath('testing/patients/patient_120_node_0.tif')).toMatchObject({
      patient: 'patient_120',
      site: null,
    });
    expect(readPath('masks/patient_047_node_2_mask.tif')).toBeNull();
  });
});

describe('classes of outlines', () => {
  const outline = (className: string | null): Outline => ({ name: 'a', className, polygons: [] });

  it('are told apart by name, whatever the case, and need none where one is drawn', () => {
    const drawn = ['Tumor', 'tumor ', 'Exclusion', 'Fat'].map(outline);
    const sorted = sortOutlines(drawn, { positive: ['TUMOR'], holes: ['exclusion'] });
    expect(sorted).toEqual({
      inside: [outline('Tumor'), outline('tumor ')],
      holes: [outline('Exclusion')],
      others: [outline('Fat')],
    });
    expect(sortOutlines([outline(null)], { positive: null, holes: [] }).inside).toHaveLength(1);
  });

  it('are asked for where several are drawn', () => {
    const sort = () => sortOutlines(['Tumor', null].map(outline), { positive: null, holes: [] });
    expect(sort).toThrow(AppError);
    expect(sort).toThrow('It has outlines of the classes "Tumor", none: say which of them are looked for.');
  });
});
