import { countTileLevels, measureTile } from '@microtome/domain/slide/tile-pyramid';
import { describe, expect, it } from 'vitest';

describe('a pyramid of tiles', () => {
  it('ends with one tile', () => {
    expect(countTileLevels({ widthPx: 1, heightPx: 1 })).toBe(1);
    expect(countTileLevels({ widthPx: 512, heightPx: 512 })).toBe(1);
    expect(countTileLevels({ widthPx: 513, heightPx: 10 })).toBe(2);
    expect(countTileLevels({ widthPx: 100_000, heightPx: 80_000 })).toBe(9);
  });

  it('covers the slide exactly: tiles at the edge are cut', () => {
    const slide = { widthPx: 1400, heightPx: 600 };
    expect(measureTile(slide, { level: 0, column: 2, row: 1 })).toEqual({ widthPx: 376, heightPx: 88 });
    expect(measureTile(slide, { level: 2, column: 0, row: 0 })).toEqual({ widthPx: 350, heightPx: 150 });
  });

  it('names what is not there', () => {
    const slide = { widthPx: 1400, heightPx: 600 };
    expect(() => measureTile(slide, { level: 3, column: 0, row: 0 })).toThrow(
      'The slide has no level 3: its levels are 0 to 2.',
    );
    expect(() => measureTile(slide, { level: 0, column: 3, row: 0 })).toThrow(
      'Level 0 of the slide has no tile 3_0: it has 3 columns and 2 rows.',
    );
  });
});
