/** Where patches lie, which level they come from, and what names, labels and presets say: worked by hand. */
import { AppError } from '@microtome/domain/app-error';
import type { Outline } from '@microtome/domain/outline/outline';
import { readSlideLabels } from '@microtome/domain/tiling/slide-labels';
import { isSlideName, nameWithoutEnding } from '@microtome/domain/tiling/slide-name';
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
      ['patient_000', 'pN1'],
      ['patient_000_node_0', 'negative'],
    ]);
    const reference = {
      columns: ['test_001', 'Tumor', 'IDC', 'Macro'],
      rows: [['test_003', 'Normal', null, null]],
    };
    expect([...readSlideLabels(reference, 'reference.csv')]).toEqual([
      ['test_001', 'Tumor'],
      ['test_003', 'Normal'],
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
    expect(() => readSlideLabels({ columns: ['slide', 'label'], rows: [] }, 'l.csv')).toThrow(
      'l.csv tells a label of no slide: a column of slides and one of labels are needed.',
    );
  });
});

describe('presets', () => {
  it('tell slides, sites and sides of CAMELYON16', () => {
    const { readPath } = getSlidePreset('camelyon16');
    const told = (path: string) => readPath(path);
    expect(told('training/normal/normal_001.tif')).toEqual({
      ...{ slide: 'normal_001', site: 'Radboud UMC', subset: 'TRAIN', className: 'normal' },
    });
    expect(told('training/tumor/tumor_110.tif')).toMatchObject({ site: 'UMC Utrecht', className: 'tumor' });
    // The slide that was moved from the normal ones later.
    expect(told('training/tumor/tumor_111.tif')).toMatchObject({ site: 'Radboud UMC' });
    expect(told('testing/images/test_001.tif')).toEqual({ slide: 'test_001', subset: 'TEST' });
    expect(told('training/tumor/tumor_001_mask.tif')).toBeNull();
  });

  it('tell patients and centres of CAMELYON17, and no centre that is not known', () => {
    const { readPath } = getSlidePreset('camelyon17');
    expect(readPath('training/patient_047_node_2.tif')).toEqual({
      ...{ slide: 'patient_047_node_2', patient: 'patient_047', site: 'centre 2' },
    });
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
