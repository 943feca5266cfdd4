/** The analyser's rules: which squares are asked about, whether the magnification fits, what is glass, and what is saved. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findTissue, hasTissue } from '../../../apps/web/analyser/rules/find-tissue.ts';
import { judgeScale } from '../../../apps/web/analyser/rules/judge-scale.ts';
import { layTiles, placeOnLevel, type TilePlan } from '../../../apps/web/analyser/rules/lay-tiles.ts';
import { resampleSquare } from '../../../apps/web/analyser/rules/resample.ts';
import { cutShort, summarise, writeTable } from '../../../apps/web/analyser/rules/summarise.ts';
import { findModelScale } from '../../../apps/web/app/analyse/find-model-scale.ts';
import { paintTissue } from '../../fixtures/synthetic-patches.ts';

const LEVELS: Parameters<typeof layTiles>[0] = [
  { width: 2000, height: 1000, downsample: 1 },
  { width: 1000, height: 500, downsample: 2 },
  { width: 500, height: 250, downsample: 4 },
];
const RULES = { patchSizePx: 50, stride: 1, modelMicronsPerPixel: 0.5, imageMicronsPerPixel: 0.25 };

describe('the squares of a picture', () => {
  it('are of the model’s scale, wholly on it, and read from the coarsest level that has it', () => {
    expect(layTiles(LEVELS, RULES)).toEqual({ columns: 20, rows: 10, sidePx: 100, stepPx: 100, level: 1 });
    expect(layTiles(LEVELS, { ...RULES, modelMicronsPerPixel: 1 })).toMatchObject({ columns: 10, level: 2 });
    expect(layTiles(LEVELS, { ...RULES, modelMicronsPerPixel: 0.7 })).toMatchObject({
      sidePx: 140,
      level: 1,
    });
    expect(layTiles(LEVELS, { ...RULES, stride: 0.5 })).toMatchObject({ columns: 39, rows: 19, stepPx: 50 });
  });

  it('are taken as they are where a scale is not known', () => {
    const asIs = { columns: 40, rows: 20, sidePx: 50, stepPx: 50, level: 0 };
    expect(layTiles(LEVELS, { ...RULES, imageMicronsPerPixel: null })).toEqual(asIs);
    expect(layTiles(LEVELS, { ...RULES, modelMicronsPerPixel: null })).toEqual(asIs);
  });

  it('are not made up, and not cut off', () => {
    expect(layTiles(LEVELS, { ...RULES, modelMicronsPerPixel: 0.2 })).toEqual({
      refusal: 'has 0.25 µm per pixel at its finest; the model needs 0.2, which would be made up.',
    });
    expect(layTiles(LEVELS, { ...RULES, modelMicronsPerPixel: 0.24 })).toMatchObject({ level: 0 });
    expect(layTiles(LEVELS, { ...RULES, modelMicronsPerPixel: 20 })).toEqual({
      refusal: 'has 2,000 × 1,000 px: a patch of the model covers 4,000 × 4,000.',
    });
  });

  it('lie on whole pixels of a level, and never beyond its edge', () => {
    const { sidePx } = layTiles(LEVELS, { ...RULES, modelMicronsPerPixel: 0.7 }) as TilePlan;
    expect(placeOnLevel({ x: 140, y: 0, side: sidePx }, LEVELS[1]!)).toEqual({ x: 70, y: 0, side: 70 });
    expect(placeOnLevel({ x: 1861, y: 861, side: 140 }, LEVELS[1]!)).toEqual({ x: 930, y: 430, side: 70 });
  });
});

describe('the magnification', () => {
  it.each([
    [
      { model: 0.5, image: 0.52, isResampled: false },
      'FITS',
      /0\.52 µm per pixel \(about ×19\), as the model/,
    ],
    [{ model: 0.5, image: 0.25, isResampled: true }, 'FITS', /brought to that scale/],
    [{ model: 0.5, image: 0.25, isResampled: false }, 'DIFFERS', /2 times too large/],
    [{ model: 0.25, image: 1, isResampled: false }, 'DIFFERS', /4 times too small/],
    [{ model: 0.25, image: null, isResampled: false }, 'UNKNOWN', /does not tell its own/],
    [{ model: null, image: 1, isResampled: true }, 'UNKNOWN', /do not tell their µm per pixel/],
  ] as const)('of %o: %s', (scales, fit, words) => {
    expect(judgeScale(scales)).toMatchObject({ fit, sentence: expect.stringMatching(words) });
  });

  it('of a model is that of its slides, where they agree', () => {
    const slides = (...scales: (number | null)[]) => scales.map((micronsPerPixel) => ({ micronsPerPixel }));
    expect(findModelScale(slides(0.5, null, 0.502))).toBeCloseTo(0.501);
    expect(findModelScale(slides(0.25, 0.5))).toBeNull();
    expect(findModelScale(slides(null))).toBeNull();
  });
});

describe('a square that is made smaller', () => {
  it('is what an import makes of it, but for rounding', async () => {
    for (const [from, to] of [
      [70, 50],
      [100, 50],
      [150, 50],
    ] as const) {
      const pixels = paintTissue(from, from, 4);
      const expected = await sharp(pixels, { raw: { width: from, height: from, channels: 3 } })
        .resize(to, to, { fit: 'fill', kernel: 'lanczos3' })
        .raw()
        .toBuffer();
      const apart = [...resampleSquare(pixels, from, to)].map((value, at) => Math.abs(value - expected[at]!));
      expect(Math.max(...apart), `${from} to ${to}`).toBeLessThanOrEqual(6);
      expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(0.25);
    }
  });
});

describe('tissue', () => {
  it('is told from glass, and is all of it where there is no glass', () => {
    const side = 100;
    const tissue = paintTissue(side, side, 1);
    const half = tissue.map((value, at) => (Math.floor(at / 3) % side < side / 2 ? value : 243));
    const found = findTissue(half, { width: side, height: side });
    expect(hasTissue(found, { x: 0, y: 0, width: 0.5, height: 1 })).toBe(true);
    expect(hasTissue(found, { x: 0.5, y: 0, width: 0.5, height: 1 })).toBe(false);
    const whole = findTissue(tissue, { width: side, height: side });
    const squares = Array.from({ length: 100 }, (_, at) => ({
      x: (at % 10) / 10,
      y: Math.floor(at / 10) / 10,
    }));
    expect(squares.every((place) => hasTissue(whole, { ...place, width: 0.1, height: 0.1 }))).toBe(true);
  });
});

describe('what is said of a file', () => {
  const FILE = {
    kind: 'SLIDE' as const,
    path: '=slides/a, b.svs',
    widthPx: 300,
    heightPx: 200,
    micronsPerPixel: 0.5,
    columns: 3,
    rows: 2,
    stepPx: 100,
    sidePx: 100,
    cells: Int32Array.of(1, 5),
    probabilities: Float32Array.of(0.25, 0.75),
    glass: 4,
    left: 0,
    overview: null,
  };

  it('has the area that is called, where the scale is known and no patch overlaps another', () => {
    const rules = { threshold: 0.75, stride: 1 };
    expect(summarise(FILE, rules)).toEqual({
      patches: 2,
      called: 1,
      mean: 0.5,
      highest: 0.75,
      calledMm2: expect.closeTo(0.0025),
    });
    expect(summarise(FILE, { ...rules, stride: 0.5 }).calledMm2).toBeNull();
    expect(summarise({ ...FILE, micronsPerPixel: null }, rules).calledMm2).toBeNull();
    expect(summarise({ ...FILE, probabilities: new Float32Array() }, rules)).toMatchObject({
      patches: 0,
      mean: 0,
    });
  });

  it('is a table with a row a patch, whose names no spreadsheet takes for a formula', () => {
    expect(writeTable([FILE], 0.75).split('\n')).toEqual([
      'file,kind,x,y,side,microns_per_pixel,probability,threshold,called,complete',
      `"'=slides/a, b.svs",slide,100,0,100,0.5,0.25,0.75,0,1`,
      `"'=slides/a, b.svs",slide,200,100,100,0.5,0.75,0.75,1,1`,
      '',
    ]);
  });

  it('is as far as it was cancelled, and says so', () => {
    const part = cutShort(FILE, 1);
    expect(part).toMatchObject({ cells: Int32Array.of(1), probabilities: Float32Array.of(0.25), left: 1 });
    expect(writeTable([part], 0.75).split('\n')).toEqual([
      expect.stringContaining(',complete'),
      `"'=slides/a, b.svs",slide,100,0,100,0.5,0.25,0.75,0,0`,
      '',
    ]);
  });
});
