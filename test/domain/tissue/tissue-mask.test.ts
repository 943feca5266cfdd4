/** What is taken for tissue, glass and ink in pictures whose truth is painted, and how much of a square each covers. */
import { coverMask } from '@microtome/domain/tissue/mask-cover';
import { findOtsuThreshold } from '@microtome/domain/tissue/otsu';
import { findTissue, GLASS, PEN, TISSUE } from '@microtome/domain/tissue/tissue-mask';
import { describe, expect, it } from 'vitest';

type Colour = [number, number, number];
const COLOURS: Record<string, Colour> = {
  '.': [242, 241, 243],
  '#': [190, 120, 180],
  e: [225, 150, 185],
  B: [40, 80, 190],
  G: [20, 110, 90],
  R: [220, 20, 50],
  K: [20, 18, 22],
  n: [70, 60, 200],
};

/** One character a pixel. */
function paint(rows: readonly string[]) {
  const pixels = Uint8Array.from(rows.flatMap((row) => [...row].flatMap((one) => COLOURS[one] ?? [0, 0, 0])));
  return { width: rows[0]!.length, height: rows.length, pixels };
}

const shown = ({ kinds, width }: { kinds: Uint8Array; width: number }) =>
  Array.from({ length: kinds.length / width }, (_, row) =>
    [...kinds.subarray(row * width, (row + 1) * width)]
      .map((kind) => ({ [GLASS]: '.', [TISSUE]: '#', [PEN]: 'P' })[kind])
      .join(''),
  );

describe('the threshold of Otsu', () => {
  it('parts two groups between them, and one value not at all', () => {
    const histogram = new Uint32Array(256);
    histogram[10] = 50;
    histogram[12] = 50;
    histogram[100] = 30;
    histogram[110] = 20;
    expect(findOtsuThreshold(histogram)).toBe(13);
    expect(findOtsuThreshold(new Uint32Array(256).fill(7, 40, 41))).toBe(0);
  });
});

describe('the mask of a slide', () => {
  it('has tissue where the stain is, pale or dark, and glass where nothing is', () => {
    const mask = findTissue({ ...paint(['......', '.##ee.', '.##ee.', '......']), micronsPerPixel: 100 });
    expect(shown(mask)).toEqual(['......', '.####.', '.####.', '......']);
  });

  it('calls a picture of glass alone glass, and one of tissue alone tissue', () => {
    expect(shown(findTissue({ ...paint(['....', '....']), micronsPerPixel: 100 }))).toEqual(['....', '....']);
    expect(shown(findTissue({ ...paint(['#e#e', 'e#e#']), micronsPerPixel: 100 }))).toEqual(['####', '####']);
  });

  it('closes small holes and keeps large ones, and takes no speck for tissue', () => {
    const rows = ['.........', '.#####...', '.#.##....', '.#####.#.', '.........'];
    // A pixel is 0.01 mm²: the hole is closed, the speck has just the size that is none.
    expect(shown(findTissue({ ...paint(rows), micronsPerPixel: 100 }))).toEqual([
      ...['.........', '.#####...', '.####....', '.#####...', '.........'],
    ]);
    // A pixel is 1 mm²: a hole of that size is no gap in tissue.
    expect(shown(findTissue({ ...paint(rows), micronsPerPixel: 1000 }))[2]).toBe('.#.##....');
  });

  it.each(['B', 'G', 'R', 'K'])(
    'finds ink (%s), with a rim around it, and no ink in a few dark cells',
    (ink) => {
      const rows = [
        '........',
        `.${ink.repeat(3)}....`,
        `.${ink.repeat(3)}..##`,
        `.${ink.repeat(3)}..##`,
        '......##',
      ];
      const mask = findTissue({ ...paint(rows), micronsPerPixel: 100 });
      expect(shown(mask)).toEqual(['PPPPP...', 'PPPPP...', 'PPPPP.##', 'PPPPP.##', 'PPPPP.##']);
      const cells = findTissue({ ...paint(['####', '#Kn#', '####', '####']), micronsPerPixel: 40 });
      expect(shown(cells)).toEqual(['####', '####', '####', '####']);
    },
  );
});

describe('the share of a square', () => {
  const mask = { width: 4, height: 2, kinds: Uint8Array.from([1, 0, 0, 2, 1, 1, 0, 2]), saturationFrom: 20 };
  const tissue = coverMask(mask, { kind: TISSUE, cellPx: 100 });

  it('is exact within cells and beyond the edge', () => {
    expect(tissue({ x: 0, y: 0, side: 100 })).toBe(1);
    expect(tissue({ x: 0, y: 0, side: 200 })).toBeCloseTo(0.75, 12);
    expect(tissue({ x: 50, y: 50, side: 100 })).toBeCloseTo(0.75, 12);
    expect(tissue({ x: 90, y: 0, side: 20 })).toBeCloseTo(0.5, 12);
    expect(tissue({ x: -50, y: 0, side: 100 })).toBeCloseTo(0.5, 12);
    expect(coverMask(mask, { kind: PEN, cellPx: 100 })({ x: 250, y: 25, side: 100 })).toBeCloseTo(0.5, 12);
  });
});
