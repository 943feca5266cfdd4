/** What the options of the command mean with slides, and without. */
import { addTilingOptions, readTilingOptions } from '@microtome/store/import/tiling-command-options';
import { describe, expect, it } from 'vitest';

describe('the options of a tiling', () => {
  it('are those of the import, --mpp being the scale of the patches', () => {
    const given = { tile: 224, mpp: 0.5, slideMpp: 0.25, stride: 112, tissue: 0.3, outlineRule: 'CENTRE' };
    expect(readTilingOptions(given)).toEqual({
      micronsPerPixel: 0.25,
      tiling: { tilePx: 224, micronsPerPixel: 0.5, stridePx: 112, tissueFrom: 0.3, outlineRule: 'CENTRE' },
    });
    expect(readTilingOptions({ mpp: 0.5 })).toEqual({});
  });

  it('are refused where slides are not cut, or a scale is missing', () => {
    expect(() => readTilingOptions({ annotations: 'a' })).toThrow(
      '--annotations is about slides: say by --tile',
    );
    expect(() => readTilingOptions({ slideMpp: 1 })).toThrow('--slide-mpp is about slides');
    expect(() => readTilingOptions({ tile: 224 })).toThrow('--tile needs --mpp');
  });

  it('are read as words, names and numbers', () => {
    const parsers = new Map<string, (value: string, earlier: unknown) => unknown>();
    addTilingOptions({
      option: (flags: string, _: string, parse) => parsers.set(flags.split(' ')[0] ?? '', parse),
    });
    const parse = (flag: string, value: string) => parsers.get(flag)?.(value, undefined);
    expect(parse('--faulty-outlines', 'leave-out')).toBe('LEAVE_OUT');
    expect(parse('--outline-classes', 'Tumor, Metastasis')).toEqual(['Tumor', 'Metastasis']);
    expect(parse('--preset', 'CAMELYON16')).toBe('camelyon16');
    expect(parse('--stride', '112')).toBe(112);
  });
});
