import { countTileLevels, measureTile } from '@microtome/domain/slide/tile-pyramid';
import { describe, expect, it } from 'vitest';

describe('a pyramid of tiles', () => {
  it('ends with one tile', () => {
    expect(countTileLevels({ widthPx: 1, heightPx: 1 })).toBe(1);
    expect(countTileLevels({ widthPx: 256, heightPx: 256 })).toBe(1);
    expect(countTileLevels({ widthPx: 257, heightPx: 10 })).toBe(2);
    expect(countTileLevels({ widthPx: 100_000, heightPx: 80_000 })).toBe(10);
  });

  it('covers the slide exactly: tiles at the edge are cut', () => {
    const slide = { widthPx: 700, heightPx: 300 };
    expect(measureTile(slide, { level: 0, column: 2, row: 1 })).toEqual({ widthPx: 188, heightPx: 44 });
    expect(measureTile(slide, { level: 2, column: 0, row: 0 })).toEqual({ widthPx: 175, heightPx: 75 });
  });

  it('names what is not there', () => {
    const slide = { widthPx: 700, heightPx: 300 };
    expect(() => measureTile(slide, { level: 3, column: 0, row: 0 })).toThrow(
      'The slide has no level 3: its levels are 0 to 2.',
    );
    expect(() => measureTile(slide, { level: 0, column: 3, row: 0 })).toThrow(
      'Level 0 of the slide has no tile 3_0: it has 3 columns and 2 rows.',
    );
  });
});
