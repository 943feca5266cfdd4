/** What the analyser reads of TIFF files by itself: LZW and deflate, strips and tiles, levels, scales and the sentences for the rest. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openTiffSource } from '../../../apps/web/analyser/tiff/open-tiff.ts';
import { readTiffScale } from '../../../apps/web/analyser/tiff/tiff-scale.ts';
import { makeWholeJpeg, readClaimedSize } from '../../../apps/web/analyser/tiff/whole-jpeg.ts';
import { paintTissue } from '../../fixtures/synthetic-patches.ts';
import { makeTiff, plainTile, rgbFields } from '../../slides/make-tiff.ts';

const SIZE = { width: 300, height: 210 };
const pixels = paintTissue(SIZE.width, SIZE.height, 6);
const picture = () => sharp(pixels, { raw: { ...SIZE, channels: 3 } });
const whole = { x: 0, y: 0, ...SIZE };
const open = (bytes: Buffer) => openTiffSource(new Blob([new Uint8Array(bytes)]));

describe('a TIFF in the browser', () => {
  it.each([
    ['none', 'none', false],
    ['lzw', 'none', false],
    ['lzw', 'horizontal', true],
    ['deflate', 'horizontal', true],
    ['deflate', 'none', false],
  ] as const)(
    'keeps its pixels as %s with the predictor %s, tiled %s',
    async (compression, predictor, tile) => {
      const size = tile ? { tile, tileWidth: 64, tileHeight: 64 } : {};
      const source = await open(
        await picture()
          .tiff({ compression, predictor, ...size })
          .toBuffer(),
      );
      expect(source.kind).toBe(tile ? 'SLIDE' : 'IMAGE');
      expect(await source.readRegion(0, whole)).toEqual(pixels);
      const box = { x: 61, y: 120, width: 70, height: 77 };
      const expected = await picture()
        .extract({ left: box.x, top: box.y, width: box.width, height: box.height })
        .raw()
        .toBuffer();
      expect(Buffer.from(await source.readRegion(0, box)).equals(expected)).toBe(true);
      source.close();
    },
  );

  it('has the levels of its pyramid', async () => {
    const tile = { tile: true, tileWidth: 64, tileHeight: 64, pyramid: true, compression: 'lzw' } as const;
    const { levels } = await open(await picture().tiff(tile).toBuffer());
    expect(levels.map(({ width, height }) => [width, height])).toEqual([
      [300, 210],
      [150, 105],
      [75, 52],
      [37, 26],
    ]);
  });

  it('is refused with what it has: 16 bits, other codings, an end before its tiles, no list of pictures', async () => {
    const deep = await picture().toColourspace('rgb16').tiff({ compression: 'none' }).toBuffer();
    await expect(open(deep)).rejects.toThrow('has 16 bits a colour in its picture; stained tissue has 8.');
    const webp = await picture().tiff({ compression: 'webp' }).toBuffer();
    await expect(open(webp)).rejects.toThrow('keeps its picture as WebP, which cannot be read here.');
    const tiles = [plainTile([9, 9, 9])];
    const coded = (coding: number) =>
      open(makeTiff({ directories: [{ fields: rgbFields(64, 64, { 259: coding }), tiles }] }));
    await expect(coded(33005)).rejects.toThrow(
      'as JPEG 2000, which cannot be read here; ask a worker, by Slides.',
    );
    await expect(coded(50002)).rejects.toThrow('as JPEG XL, which cannot be read here.');
    const tiled = await picture()
      .tiff({ compression: 'none', tile: true, tileWidth: 64, tileHeight: 64 })
      .toBuffer();
    await expect(
      open(tiled.subarray(0, 40_000)).then((source) => source.readRegion(0, whole)),
    ).rejects.toThrow(/is a damaged TIFF|is cut off: the tile \d, \d lies beyond its end/);
    await expect(open(Buffer.from('II*\0\xff\xff\xff\x7f', 'latin1'))).rejects.toThrow('is a damaged TIFF');
  });

  it('tells its scale in the words of its scanner, or not at all', () => {
    const paper = { x: 72, y: 72, unit: 2 };
    expect(readTiffScale('Aperio Image Library\n1x1|AppMag = 20|MPP = 0.4990|x', paper)).toBe(0.499);
    expect(readTiffScale('Aperio Image Library', { x: 20_000, y: 20_000, unit: 3 })).toBeNull();
    expect(readTiffScale('', { x: 20_000, y: 20_000, unit: 3 })).toBe(0.5);
    expect(readTiffScale('', paper)).toBeNull();
    expect(readTiffScale('<OME><Pixels PhysicalSizeX="0.25" PhysicalSizeY="0.25"/></OME>', paper)).toBe(0.25);
    expect(() => readTiffScale('Aperio|MPP = 4000|', paper)).toThrow('tells 4,000 µm per pixel');
    expect(() => readTiffScale('', { x: 20_000, y: 30_000, unit: 3 })).toThrow('which are not square');
  });
});

describe('the JPEG of a tile', () => {
  it('is put together with its tables, says its colours, and the browser is not handed one without a size', async () => {
    const jpeg = new Uint8Array(await picture().jpeg().toBuffer());
    const made = makeWholeJpeg(jpeg, null, 'RGB');
    expect(made).toMatchObject(SIZE);
    expect([...made.bytes.subarray(0, 4)]).toEqual([0xff, 0xd8, 0xff, 0xee]);
    expect(made.bytes[17]).toBe(0);
    expect(makeWholeJpeg(jpeg, null, 'YCBCR').bytes[17]).toBe(1);
    const decoded = await sharp(makeWholeJpeg(jpeg, null, 'YCBCR').bytes)
      .raw()
      .toBuffer();
    expect(decoded.equals(await sharp(jpeg).raw().toBuffer())).toBe(true);
    expect(readClaimedSize(jpeg)).toEqual(SIZE);
    expect(readClaimedSize(jpeg.subarray(0, 20))).toBeNull();
    expect(() => makeWholeJpeg(jpeg.subarray(0, 100), null, 'RGB')).toThrow('its JPEG');
  });
});
