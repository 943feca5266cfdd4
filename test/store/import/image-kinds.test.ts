/** Every kind of image that is read, by its bytes: right, or refused with a sentence, and counted where it matters. */
import { decodePatch } from '@microtome/store/import/pixels/decode-patch';
import { writePpm } from '@microtome/store/import/pixels/headers/ppm-header';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it, test } from 'vitest';
import { type Rgb, writeBmp } from './bmp-files.ts';

const COLOURS: Rgb[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [10, 20, 30],
  [200, 150, 100],
];
const ENTRIES = [
  [0, 1, 2, 3, 4],
  [4, 3, 2, 1, 0],
  [1, 1, 0, 0, 4],
];
const PIXELS = Buffer.from(ENTRIES.flat().flatMap((entry) => COLOURS[entry] as Rgb));
const [WIDTH, HEIGHT] = [5, 3];

const picture = () => sharp(PIXELS, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

async function see(image: Sharp | Uint8Array) {
  const bytes = image instanceof Uint8Array ? image : await image.toBuffer();
  const decoded = await decodePatch(bytes);
  if (!decoded.ok) return `${decoded.fault.code}: ${decoded.fault.reason}`;
  const { width, height, pixels, changes } = decoded.value;
  return { width, height, pixels: Buffer.from(pixels), changes };
}

const whole = { width: WIDTH, height: HEIGHT, pixels: PIXELS, changes: [] as string[] };

describe('files that keep every pixel', () => {
  it.each([
    ['PNG', () => picture().png(), []],
    ['interlaced PNG', () => picture().png({ progressive: true }), ['INTERLACED']],
    ['TIFF', () => picture().tiff({ compression: 'lzw' }), []],
    [
      'TIFF in tiles',
      () => picture().tiff({ tile: true, tileWidth: 16, tileHeight: 16, compression: 'none' }),
      [],
    ],
    ['lossless WebP', () => picture().webp({ lossless: true }), []],
  ] as const)('are read as they are: %s', async (_, image, changes) => {
    expect(await see(image())).toEqual({ ...whole, changes: [...changes] });
  });

  const packed = (pack: (colour: Rgb) => number) =>
    ENTRIES.map((row) => row.map((entry) => pack(COLOURS[entry] as Rgb)));
  const as24 = packed(([red, green, blue]) => red * 65_536 + green * 256 + blue);
  it.each([
    ['24 bits', writeBmp({ bitsPerPixel: 24, rows: as24 }), []],
    ['24 bits from the top', writeBmp({ bitsPerPixel: 24, rows: as24, isTopDown: true }), []],
    ['24 bits of the first version', writeBmp({ bitsPerPixel: 24, rows: as24, isOldest: true }), []],
    ['32 bits, the last unused', writeBmp({ bitsPerPixel: 32, rows: as24 }), []],
    [
      '32 bits by masks',
      writeBmp({
        bitsPerPixel: 32,
        masks: [0xff, 0xff00, 0xff0000],
        rows: packed(([red, green, blue]) => blue * 65_536 + green * 256 + red),
      }),
      [],
    ],
    [
      '8 bits of a palette',
      writeBmp({ bitsPerPixel: 8, rows: ENTRIES, palette: COLOURS }),
      ['PALETTE_TO_RGB'],
    ],
    [
      '4 bits of a palette',
      writeBmp({ bitsPerPixel: 4, rows: ENTRIES, palette: COLOURS }),
      ['PALETTE_TO_RGB'],
    ],
  ] as const)('are read as they are: BMP of %s', async (_, file, changes) => {
    expect(await see(file)).toEqual({ ...whole, changes: [...changes] });
  });

  it('are read as they are: PPM, in which rows of a container are handed on', async () => {
    expect(await see(writePpm(PIXELS, { width: WIDTH, height: HEIGHT }))).toEqual(whole);
  });
});

test('a BMP of 16 bits has its colours scaled to the end, one of 1 bit two colours', async () => {
  const rows = [[0x7c00, 0x03e0, 0x001f, 0x7fff, 0, 0x4210]];
  const shown = await see(writeBmp({ bitsPerPixel: 16, rows }));
  const grey = Math.round((16 / 31) * 255);
  const expected = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, grey, grey, grey];
  expect(shown).toMatchObject({ pixels: Buffer.from(expected), changes: [] });
  const green = writeBmp({ bitsPerPixel: 16, rows: [[0xf800, 0x07e0]], masks: [0xf800, 0x07e0, 0x1f] });
  expect(await see(green)).toMatchObject({ pixels: Buffer.from([255, 0, 0, 0, 255, 0]) });
  const palette: Rgb[] = [
    [250, 240, 230],
    [1, 2, 3],
  ];
  const two = await see(writeBmp({ bitsPerPixel: 1, rows: [[0, 1, 1, 0, 0, 0, 0, 0, 1]], palette }));
  const pixels = Buffer.from([0, 1, 1, 0, 0, 0, 0, 0, 1].flatMap((entry) => palette[entry] as Rgb));
  expect(two).toMatchObject({ width: 9, height: 1, pixels, changes: ['PALETTE_TO_RGB'] });
});

test('a BMP with alpha is laid on white', async () => {
  const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
  const rows = [[0xff0a141e, 0x000a141e]];
  expect(await see(writeBmp({ bitsPerPixel: 32, rows, masks }))).toMatchObject({
    pixels: Buffer.from([10, 20, 30, 255, 255, 255]),
    changes: ['TRANSPARENCY_TO_WHITE'],
  });
});

test('a JPEG is as its own decoder gives it, a progressive one the same', async () => {
  const side = { width: 32, height: 32 };
  const noise = Buffer.from(Array.from({ length: 32 * 32 * 3 }, (_, at) => (at * 7 + (at >> 5) * 31) % 256));
  const image = () => sharp(noise, { raw: { ...side, channels: 3 } });
  for (const isProgressive of [false, true]) {
    const file = await image().jpeg({ quality: 80, progressive: isProgressive }).toBuffer();
    const pixels = await sharp(file).raw().toBuffer();
    expect(await see(file)).toEqual({ ...side, pixels, changes: isProgressive ? ['INTERLACED'] : [] });
  }
});

test('grey of any kind becomes red, green and blue alike', async () => {
  const grey = () => sharp(Buffer.from([0, 100, 200, 255]), { raw: { width: 2, height: 2, channels: 1 } });
  const pixels = Buffer.from([0, 100, 200, 255].flatMap((level) => [level, level, level]));
  for (const image of [
    grey().toColourspace('b-w').tiff({ compression: 'none' }),
    grey().toColourspace('b-w').jpeg({ quality: 100 }),
  ]) {
    expect(await see(image)).toEqual({ width: 2, height: 2, pixels, changes: ['GREY_TO_RGB'] });
  }
});

test('colours of print become red, green and blue, and are counted', async () => {
  const white = Buffer.alloc(16 * 16 * 3, 255);
  const image = () => sharp(white, { raw: { width: 16, height: 16, channels: 3 } }).toColourspace('cmyk');
  for (const file of [image().jpeg({ quality: 100 }), image().tiff({ compression: 'none' })]) {
    const seen = await see(file);
    expect(seen).toMatchObject({ changes: ['CMYK_TO_RGB'] });
    expect(typeof seen === 'string' ? 0 : Math.min(...seen.pixels)).toBeGreaterThan(250);
  }
});

test('a file that EXIF says was held otherwise is turned upright, whatever its kind', async () => {
  for (const image of [
    picture().withMetadata({ orientation: 6 }).png(),
    picture().withMetadata({ orientation: 6 }).tiff({ compression: 'none' }),
    picture().withMetadata({ orientation: 6 }).webp({ lossless: true }),
    picture().withMetadata({ orientation: 6 }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
  ]) {
    const seen = await see(image);
    expect(seen).toMatchObject({ width: HEIGHT, height: WIDTH, changes: ['TURNED_UPRIGHT'] });
    // Turned to the right, the lower left corner comes to the upper left.
    const corner = typeof seen === 'string' ? [] : [...seen.pixels.subarray(0, 3)];
    const distances = (COLOURS[1] as Rgb).map((level, channel) => Math.abs(level - (corner[channel] ?? 0)));
    expect(Math.max(...distances)).toBeLessThan(40);
  }
});

describe('a file is refused with a sentence', () => {
  const vips = (image: Sharp) => image.toBuffer();
  const big = () => sharp({ create: { width: 40, height: 40, channels: 3, background: '#abc' } });
  it.each([
    [
      'a GIF',
      () => vips(picture().gif()),
      /^NOT_AN_IMAGE: It is a GIF file: PNG, JPEG, TIFF, WebP and BMP can/,
    ],
    ['a DICOM file', async () => Buffer.from(`${'\0'.repeat(128)}DICM`), /^NOT_AN_IMAGE: It is a DICOM file/],
    [
      'a TIFF of several pictures',
      () => vips(big().tiff({ pyramid: true, tile: true, tileWidth: 16, tileHeight: 16 })),
      /^NOT_ONE_PICTURE: It holds \d pictures; a patch is one\.$/,
    ],
    [
      'a TIFF of fractions',
      () =>
        vips(
          sharp(new Float32Array(16 * 16 * 3), { raw: { width: 16, height: 16, channels: 3 } })
            .toColourspace('scrgb')
            .tiff({ compression: 'none' }),
        ),
      /^COLOURS_UNCLEAR: /,
    ],
    [
      'a cut-off JPEG',
      async () => (await vips(big().jpeg())).subarray(0, -40),
      /^UNREADABLE: .*: it was cut off\.$/,
    ],
    [
      'a cut-off BMP',
      async () => writeBmp({ bitsPerPixel: 8, rows: ENTRIES, palette: COLOURS }).subarray(0, -3),
      /^UNREADABLE: .*: it was cut off\.$/,
    ],
    [
      'a BMP whose palette is too short',
      async () => writeBmp({ bitsPerPixel: 8, rows: [[7]], palette: COLOURS }),
      /^UNREADABLE: .*: its bytes are damaged\.$/,
    ],
    [
      'a JPEG without a frame',
      async () => Buffer.from([0xff, 0xd8, 0xff, 0xd9]),
      /^UNREADABLE: Its JPEG header is damaged\.$/,
    ],
    [
      'a TIFF of nothing',
      async () => Buffer.from('II*\0\0\0\0\0'),
      /^UNREADABLE: Its TIFF header is damaged/,
    ],
    [
      'a large JPEG',
      () => vips(sharp({ create: { width: 1500, height: 20, channels: 3, background: '#abc' } }).jpeg()),
      /^IMAGE_TOO_LARGE: It claims 1500 x 20/,
    ],
  ] as const)('%s', async (_, write, sentence) => {
    expect(await see(await write())).toMatch(sentence);
  });
});
