/** The viewer's rules: what is painted, what lies at a place, in which order it is walked, and lengths in words. */

import { createRandom } from '@microtome/domain/seeded-random';
import { buildHeatmapGrid, paintHeatmap } from '@microtome/domain/slide/heatmap-grid';
import {
  CALLED_COLOUR,
  formatColour,
  LABEL_COLOURS,
  OTHER_OUTLINE_COLOUR,
  OUTCOME_COLOURS,
  sampleScale,
} from '@microtome/domain/slide/slide-colours';
import { describe, expect, it } from 'vitest';
import { orderSlides } from '../../../apps/web/app/viewer/order-slides.ts';
import {
  paintDifference,
  paintErrors,
  paintProbabilities,
  subtractGrids,
} from '../../../apps/web/viewer/cell-images.ts';
import { indexPlaces, nameOutcome, type SlideGrid } from '../../../apps/web/viewer/slide-grid.ts';
import {
  chooseScaleBar,
  describeArea,
  describeMagnification,
  describePlace,
} from '../../../apps/web/viewer/slide-measures.ts';
import { composeLayers, listLayers } from '../../../apps/web/viewer/slide-scene.ts';
import { placeWalked, readStep, stepOn } from '../../../apps/web/viewer/walk.ts';

const colorsOf = (half: Parameters<typeof sampleScale>[0]) => sampleScale(half, 64).map(formatColour);
const COLORS = {
  below: colorsOf('below'),
  above: colorsOf('above'),
  less: colorsOf('less'),
  more: colorsOf('more'),
  called: formatColour(CALLED_COLOUR),
  positive: formatColour(LABEL_COLOURS.positive),
  otherOutline: formatColour(OTHER_OUTLINE_COLOUR),
  truePositive: formatColour(OUTCOME_COLOURS.truePositive),
  falsePositive: formatColour(OUTCOME_COLOURS.falsePositive),
  falseNegative: formatColour(OUTCOME_COLOURS.falseNegative),
};

/** A slide of 12 x 9 places of 10 px of which some have no patch and some no prediction. */
function drawGrid(seed: number, threshold = 0.3) {
  const random = createRandom(seed);
  const places = Array.from({ length: 108 }, (_, at) => ({ x: 10 * (at % 12), y: 10 * Math.floor(at / 12) }))
    .filter(() => random.next() < 0.8)
    .map((place) => ({
      ...place,
      label: random.next() < 0.4 ? (1 as const) : (0 as const),
      probability: random.next() < 0.9 ? random.next() : null,
    }));
  const heatmap = buildHeatmapGrid(places, { widthPx: 120, heightPx: 90, patchSizePx: 10 });
  const grid: SlideGrid = {
    threshold,
    hasLabels: true,
    patchSizePx: 10,
    cellPx: heatmap.cellPx,
    columns: heatmap.columns,
    rows: heatmap.rows,
    patchUrl: '/p/{index}.png',
    indexes: places.map((_, at) => 100 + at),
    x: places.map(({ x }) => x),
    y: places.map(({ y }) => y),
    labels: places.map(({ label }) => label),
    probabilities: places.map(({ probability }) => probability),
    context: null,
    own: null,
    hotSpots: [
      { firstColumn: 2, firstRow: 1, lastColumn: 3, lastRow: 1, patches: 2, peak: 0.9 },
      { firstColumn: 7, firstRow: 7, lastColumn: 7, lastRow: 7, patches: 1, peak: 0.5 },
    ],
    errors: [5, 2, 9],
    calledContour: [],
    truthContour: [],
    called: 0,
    truePositive: 0,
    falsePositive: 0,
    falseNegative: 0,
  };
  return { heatmap, grid };
}

describe('the layers', () => {
  it.each([0, 0.3, 0.5, 1])('look as the pictures of the API do, at threshold %d', (threshold) => {
    const { heatmap, grid } = drawGrid(3, threshold);
    for (const [layer, painted] of [
      ['probability', paintProbabilities(grid, COLORS)],
      ['error', paintErrors(grid, COLORS)],
    ] as const) {
      const expected = paintHeatmap(heatmap, { layer, threshold });
      expect(painted).toHaveLength(expected.length);
      // The page has 64 colours of each half.
      for (const [at, value] of expected.entries()) expect(Math.abs(painted[at]! - value)).toBeLessThan(4);
    }
  });

  it('of differences are those of patches that both runs predicted', () => {
    const { grid: first } = drawGrid(3);
    const second = {
      ...first,
      probabilities: first.probabilities.map((value, at) => (at % 2 ? null : value && value / 2)),
    };
    const differences = subtractGrids(first, second);
    for (const [at, difference] of differences.entries()) {
      const mine = first.probabilities[at] ?? null;
      if (mine === null || at % 2) expect(difference).toBeNull();
      else expect(difference).toBeCloseTo(-mine / 2);
    }
    const pixels = paintDifference(first, second, COLORS);
    const shown = pixels.filter((_, at) => at % 4 === 3 && pixels[at] === 255).length;
    expect(shown).toBe(differences.filter((difference) => difference !== null).length);
  });

  it('are offered as far as there is something to show', () => {
    const { grid } = drawGrid(3);
    const trained = { ...grid, probabilities: grid.probabilities.map(() => null) };
    const list = (shown: SlideGrid | null, hasSecond: boolean, hasOutlines = false) =>
      listLayers({ grid: shown, hasSecond, hasOutlines });
    expect(list(grid, true)).toEqual(['probability', 'called', 'truth', 'errors', 'difference']);
    expect(list(trained, false)).toEqual(['truth']);
    expect(list({ ...grid, hasLabels: false }, false)).toEqual(['probability', 'called']);
    expect(list(null, true)).toEqual([]);
    const reading = { threshold: 0.7, probabilities: grid.probabilities };
    expect(list({ ...grid, context: reading }, false)).toContain('context');
    expect(list({ ...grid, own: reading }, false)).toContain('own');
    expect(list(grid, false, true)).toEqual(['probability', 'called', 'truth', 'outlines', 'errors']);
    expect(list(null, false, true)).toEqual(['outlines']);
  });

  it('in context and of patches alone are coloured by a threshold of their own', () => {
    const { grid } = drawGrid(3);
    const [reading, byIt] = [
      { threshold: 0.7, probabilities: grid.probabilities },
      { ...grid, threshold: 0.7 },
    ];
    const compose = (over: Partial<SlideGrid>, layer: 'probability' | 'context' | 'own') =>
      composeLayers({
        grid: { ...grid, ...over },
        outlines: [],
        compared: null,
        layers: [layer],
        colors: COLORS,
      });
    const expected = compose(byIt, 'probability');
    expect(expected).not.toEqual(compose({}, 'probability'));
    expect(compose({ context: reading }, 'context')).toEqual(expected);
    expect(compose({ own: reading }, 'own')).toEqual(expected);
    expect(compose({}, 'context')).toEqual([]);
  });

  it('of outlines tell what is looked for from what is cut out of it and from other classes, with and without a model', () => {
    const ring = [0, 0, 30, 0, 30, 30];
    const outlines = (['POSITIVE', 'HOLE', 'OTHER', 'POSITIVE'] as const).map((role) => ({
      ...{ role, className: role, rings: [ring] },
    }));
    const common = { outlines, compared: null, layers: ['outlines'] as const, colors: COLORS };
    const drawn = composeLayers({ ...common, grid: null });
    const line = { kind: 'CONTOUR', unitPx: 1, veiled: false };
    expect(drawn).toEqual([
      { ...line, color: COLORS.otherOutline, dashed: false, rings: [ring] },
      { ...line, color: COLORS.otherOutline, dashed: true, rings: [ring] },
      { ...line, color: COLORS.positive, dashed: false, rings: [ring, ring] },
    ]);
    expect(composeLayers({ ...common, grid: drawGrid(3).grid })).toEqual(drawn);
    expect(composeLayers({ ...common, outlines: [], grid: null })).toEqual([]);
  });
});

describe('a place', () => {
  it('has the patch that covers it, wherever patches lie', () => {
    const random = createRandom(11);
    const x = Array.from({ length: 60 }, () => Math.floor(190 * random.next()));
    const y = Array.from({ length: 60 }, () => Math.floor(90 * random.next()));
    const places = indexPlaces({ cellPx: 20, columns: 10, rows: 5, patchSizePx: 20, x, y });
    for (let probe = 0; probe < 500; probe++) {
      const [px, py] = [200 * random.next(), 100 * random.next()];
      const covering = x.flatMap((left, at) =>
        px >= left && px < left + 20 && py >= y[at]! && py < y[at]! + 20 ? [at] : [],
      );
      const found = places.find(px, py);
      if (covering.length === 0) expect(found).toBeNull();
      else expect(covering).toContain(found);
    }
    expect(places.find(-5, 1000)).toBeNull();
  });

  it('is told with what came of the call', () => {
    const { grid } = drawGrid(3);
    const told = {
      ...grid,
      threshold: 0.5,
      labels: [1, 1, 0, 0, 1],
      probabilities: [0.5, 0.4, 0.5, 0.4, null],
    };
    expect([0, 1, 2, 3, 4].map((at) => nameOutcome(told, at))).toEqual([
      'true positive',
      'false negative',
      'false positive',
      'true negative',
      null,
    ]);
    expect(nameOutcome({ ...told, labels: null }, 0)).toBeNull();
  });
});

describe('the walk', () => {
  const { grid } = drawGrid(3);

  it('goes through hot spots by left and right, through errors by up and down, and around', () => {
    const press = (keys: string[]) =>
      keys.reduce<ReturnType<typeof stepOn>>((at, key) => stepOn(grid, at, readStep(key)!), null);
    expect(press(['ArrowRight'])).toEqual({ kind: 'SPOT', at: 0 });
    expect(press(['ArrowRight', 'ArrowRight', 'ArrowRight'])).toEqual({ kind: 'SPOT', at: 0 });
    expect(press(['ArrowLeft'])).toEqual({ kind: 'SPOT', at: 1 });
    expect(press(['ArrowRight', 'ArrowDown', 'ArrowDown'])).toEqual({ kind: 'ERROR', at: 1 });
    expect(press(['ArrowDown', 'ArrowUp'])).toEqual({ kind: 'ERROR', at: 2 });
    expect(readStep('a')).toBeNull();
    expect(stepOn({ ...grid, errors: [] }, null, { kind: 'ERROR', by: 1 })).toBeNull();
  });

  it('leads to the place', () => {
    expect(placeWalked(grid, { kind: 'SPOT', at: 0 })).toEqual({ x: 20, y: 10, width: 20, height: 10 });
    expect(placeWalked(grid, { kind: 'ERROR', at: 0 })).toEqual({
      x: grid.x[5],
      y: grid.y[5],
      width: 10,
      height: 10,
    });
    expect(placeWalked(grid, { kind: 'SPOT', at: 9 })).toBeNull();
  });
});

describe('lengths', () => {
  it('have a round scale bar that is no wider than asked for', () => {
    expect(chooseScaleBar({ zoom: 1, micronsPerPixel: 0.5 }, 140)).toEqual({ widthPx: 100, text: '50 µm' });
    expect(chooseScaleBar({ zoom: 0.01, micronsPerPixel: 0.25 }, 140)).toEqual({ widthPx: 80, text: '2 mm' });
    expect(chooseScaleBar({ zoom: 2, micronsPerPixel: null }, 140)).toEqual({ widthPx: 100, text: '50 px' });
    for (let zoom = 0.001; zoom < 40; zoom *= 1.3) {
      const { widthPx } = chooseScaleBar({ zoom, micronsPerPixel: 0.37 }, 140);
      expect(widthPx).toBeLessThanOrEqual(140.001);
      expect(widthPx).toBeGreaterThan(50);
    }
  });

  it('are those of a microscope where the scale is known, and of the picture elsewhere', () => {
    expect(describeMagnification({ zoom: 1, micronsPerPixel: 0.25 })).toBe('40×');
    expect(describeMagnification({ zoom: 0.03, micronsPerPixel: 0.25 })).toBe('1.2×');
    expect(describeMagnification({ zoom: 0.5, micronsPerPixel: null })).toBe('50 %');
    expect(describePlace({ x: 100.4, y: 40 }, 0.5)).toBe('50, 20 µm');
    expect(describePlace({ x: 100.4, y: 40 }, null)).toBe('100, 40 px');
    expect(describeArea(100, 50, 0.5)).toBe('0.0625 mm²');
    // Of a single square too.
    expect(describeArea(1, 64, 1)).toBe('0.0041 mm²');
    expect(describeArea(100, 50, null)).toBeNull();
  });
});

describe('the order of slides', () => {
  const slide = (
    key: string,
    patches: number,
    figures: { auc?: number; errors?: number; called?: number },
  ) => ({
    patches,
    called: 0,
    ...figures,
    slide: { key, patient: { key } },
  });
  const slides = [
    slide('10', 9, { auc: 0.9, errors: 1, called: 3 }),
    slide('9', 9, { auc: 0.6, errors: 2, called: 8 }),
    slide('100', 0, {}),
    slide('11', 9, { errors: 2, called: 9 }),
  ];
  const keys = (order: Parameters<typeof orderSlides>[1]) =>
    orderSlides(slides, order).map((one) => one.slide.key);

  it('is by name, or what needs a look first; slides without the figure last', () => {
    expect(keys('patient')).toEqual(['9', '10', '11', '100']);
    expect(keys('auc')).toEqual(['9', '10', '11', '100']);
    expect(keys('errors')).toEqual(['9', '11', '10', '100']);
    expect(keys('area')).toEqual(['11', '9', '10', '100']);
  });
});
