/** DICOM slides: several files of one slide put together, every way to place and keep frames, and what is missing, named. */
import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { openSlide } from '@microtome/slides/open-slide';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type MadeDicom, makeDicom } from '../make-dicom.ts';
import { plainTile } from '../make-tiff.ts';
import { seededPicture } from '../seeded-picture.ts';
import { HAS_SLIDE_INPUTS, slideInput, useFolder, WHERE_SLIDES_ABSENT } from '../slide-inputs.ts';

const folder = useFolder();
const red = plainTile([200, 1, 1], 16);
const green = plainTile([1, 200, 1], 16);
const blue = plainTile([1, 1, 200], 16);
const grey = plainTile([9, 9, 9], 16);
/** 32 x 32 px in four frames. */
const base: MadeDicom = { width: 32, height: 32, side: 16, frames: [red, green, blue, grey] };
const JPEG = '1.2.840.10008.1.2.4.50';

describe('a DICOM slide', () => {
  it('is put together from the files of its series in one folder, whichever is opened', async () => {
    const put = await series('whole', {
      'a.dcm': { ...base, spacing: '0.00025\\0.00025' },
      'b.dcm': {
        ...base,
        width: 16,
        height: 16,
        frames: [grey],
        imageType: 'DERIVED\\PRIMARY\\VOLUME\\RESAMPLED',
      },
      'c.dcm': {
        ...base,
        width: 16,
        height: 16,
        frames: [blue],
        imageType: 'ORIGINAL\\PRIMARY\\LABEL\\NONE',
      },
      'other.dcm': { ...base, series: '9.9.9' },
    });
    for (const opened of ['a.dcm', 'b.dcm', 'c.dcm']) {
      const slide = await openSlide(put(opened));
      expect(slide).toMatchObject({
        format: 'DICOM',
        micronsPerPixel: 0.25,
        levels: [
          { width: 32, height: 32, downsample: 1, tileWidth: 16, tileHeight: 16 },
          { width: 16, height: 16, downsample: 2 },
        ],
        associatedImages: [{ name: 'label', width: 16, height: 16 }],
      });
      expect([...(await slide.readRegion(0, 15, 15, 2, 2))]).toEqual([
        200, 1, 1, 1, 200, 1, 1, 1, 200, 9, 9, 9,
      ]);
      expect([...(await slide.readRegion(1, 3, 3, 1, 1))]).toEqual([9, 9, 9]);
      expect((await slide.readAssociatedImage('label')).pixels.subarray(0, 3)).toEqual(
        Uint8Array.of(1, 1, 200),
      );
      await slide.close();
    }
  });

  it('is no part of a link beside it, and waits for no pipe', async () => {
    const elsewhere = await series('elsewhere', {
      'small.dcm': {
        ...base,
        width: 16,
        height: 16,
        frames: [grey],
        imageType: 'DERIVED\\PRIMARY\\VOLUME\\RESAMPLED',
      },
    });
    const put = await series('beside', { 'a.dcm': base });
    await symlink(elsewhere('small.dcm'), put('b.dcm'));
    execFileSync('mkfifo', [put('c.dcm')]);
    const slide = await openSlide(put('a.dcm'));
    expect(slide).toMatchObject({ files: [put('a.dcm')], levels: [{ width: 32 }] });
    await slide.close();
    await expect(openSlide(put('c.dcm'))).rejects.toThrow('"c.dcm" is no file.');
  });

  it('of a level in several files has all of them, and the one that is missing is named', async () => {
    const part = (number: number, frameOffset: number) => ({ of: '5.5', number, total: 2, frameOffset });
    const first = { ...base, frames: [red, green], part: part(1, 0) };
    const second = { ...base, frames: [blue, grey], part: part(2, 2) };
    const put = await series('parts', { '1.dcm': first, '2.dcm': second });
    const slide = await openSlide(put('2.dcm'));
    expect([...(await slide.readRegion(0, 15, 15, 2, 2))]).toEqual([
      200, 1, 1, 1, 200, 1, 1, 1, 200, 9, 9, 9,
    ]);
    await slide.close();
    const alone = await series('part', { '2.dcm': second });
    await expect(openSlide(alone('2.dcm'))).rejects.toThrow(
      '"2.dcm" is one of 2 files of a level of 32 x 32 px, and file 1 of them is missing in its folder.',
    );
  });

  it('with frames at places of their own is white where there is none', async () => {
    const frames = [grey, red];
    const corners = [
      [17, 17],
      [1, 1],
    ] as const;
    const put = await series('sparse', { 'a.dcm': { ...base, frames, corners } });
    const slide = await openSlide(put('a.dcm'));
    expect([...(await slide.readRegion(0, 15, 15, 2, 2))]).toEqual([
      200,
      1,
      1,
      ...Array(6).fill(255),
      9,
      9,
      9,
    ]);
    await slide.close();
  });

  it.each(['offsets', 'empty'] as const)(
    'of JPEG frames, table %s, has the colours that it claims',
    async (table) => {
      const jpegs = await Promise.all([0, 1, 2, 3].map((seed) => jpegFrame(seed)));
      const frames = jpegs.map(({ jpeg }) => jpeg);
      const made = { ...base, frames, table, transferSyntax: JPEG, photometric: 'YBR_FULL_422' };
      const put = await series(`jpeg-${table}`, { 'a.dcm': made });
      const slide = await openSlide(put('a.dcm'));
      for (const [index, { pixels }] of jpegs.entries()) {
        const region = await slide.readRegion(0, (index % 2) * 16, Math.floor(index / 2) * 16, 16, 16);
        expect([index, Buffer.compare(region, pixels)]).toEqual([index, 0]);
      }
      await slide.close();
    },
  );

  it('of colours one plane after another is put together', async () => {
    const planes = Buffer.concat([Buffer.alloc(256, 1), Buffer.alloc(256, 2), Buffer.alloc(256, 3)]);
    const made = { ...base, width: 16, height: 16, frames: [planes], planar: true };
    const slide = await openSlide((await series('planar', { 'a.dcm': made }))('a.dcm'));
    expect([...(await slide.readRegion(0, 4, 4, 2, 1))]).toEqual([1, 2, 3, 1, 2, 3]);
    expect(slide.micronsPerPixel).toBeNull();
    await slide.close();
  });

  const REFUSED: [what: string, made: MadeDicom, sentence: string][] = [
    [
      'frame that is missing',
      { ...base, frames: [red, green, blue] },
      'holds 3 of 4 frames of its level of 32 x 32 px; frame 4 is missing.',
    ],
    [
      'frames fewer than claimed',
      { ...base, frames: [red, green, blue], frameCount: 4 },
      'it holds 3 of 4 frames; frame 4 is missing.',
    ],
    [
      'coded frames fewer than claimed',
      { ...base, frames: [red, red], frameCount: 4, transferSyntax: JPEG },
      'it holds 2 of 4 frames; frame 3 is missing.',
    ],
    [
      'frame outside',
      { ...base, frames: [red], corners: [[33, 1]] },
      'frame 1 lies outside the level, or where another frame lies.',
    ],
    [
      'frame between tiles',
      { ...base, frames: [red], corners: [[5, 1]] },
      'has frame 1 at column 5, row 1: not where a tile of 16 x 16 px begins.',
    ],
    [
      'two frames at one place',
      {
        ...base,
        frames: [red, red],
        corners: [
          [1, 1],
          [1, 1],
        ],
      },
      'frame 2 lies outside the level, or where another frame lies.',
    ],
    [
      'level without end',
      { ...base, width: 4_294_967_295 },
      'claims 4,294,967,295 x 32 px in frames of 16 x 16 px, which is more than any slide has.',
    ],
    ['16 bits', { ...base, bits: 16 }, 'has 16 of 16 bits a colour; a slide of stained tissue has 8.'],
    [
      'focal planes',
      { ...base, focalPlanes: 5 },
      'has 1 optical paths and 5 focal planes: a stack is not read here.',
    ],
    [
      'JPEG XL',
      { ...base, transferSyntax: '1.2.840.10008.1.2.4.110' },
      'keeps its frames as JPEG XL (transfer syntax 1.2.840.10008.1.2.4.110)',
    ],
    [
      'smaller copy alone',
      { ...base, imageType: 'DERIVED\\PRIMARY\\VOLUME\\RESAMPLED' },
      'the file of its series with the full resolution is missing.',
    ],
    [
      'label alone',
      { ...base, imageType: 'ORIGINAL\\PRIMARY\\LABEL\\NONE' },
      'no file of its series in its folder has the tissue.',
    ],
    ['absurd spacing', { ...base, spacing: '0.5\\0.5' }, 'tells 500 µm per pixel (pixel spacing)'],
    [
      'segmentation',
      { ...base, sopClass: '1.2.840.10008.5.1.4.1.1.66.4' },
      'is no slide: it is a segmentation of a slide.',
    ],
  ];
  it.each(REFUSED)('that cannot be read is refused with what was found: %s', async (what, made, sentence) => {
    const name = `${what}.dcm`;
    const put = await series(`refused ${what}`, { [name]: made });
    const refusal = openSlide(put(name));
    await expect(refusal).rejects.toMatchObject({ name: 'AppError', code: 'BAD_INPUT' });
    await expect(refusal).rejects.toThrow(sentence);
    await expect(refusal).rejects.toThrow(new RegExp(`^"${name}"`));
  });

  it('that was cut off anywhere says so', async () => {
    const whole = makeDicom({ ...base, spacing: '0.00025\\0.00025' });
    for (let length = 133; length < whole.length; length += 61) {
      const path = await folder.put('cut.dcm', whole.subarray(0, length));
      await expect(openSlide(path)).rejects.toMatchObject({ name: 'AppError', code: 'BAD_INPUT' });
    }
  });
});

describe.skipIf(!HAS_SLIDE_INPUTS)(`a DICOM file of others ${WHERE_SLIDES_ABSENT}`, () => {
  const file = (name: string) => slideInput(`layouts/wsi-dicom/${name}`);
  it('without a coding and as JPEG-LS has the same pixels', async () => {
    const regions: Uint8Array[] = [];
    for (const name of ['highdicom_sm_image.dcm', 'highdicom_sm_image_jpegls.dcm']) {
      const slide = await openSlide(file(name));
      expect(slide).toMatchObject({
        micronsPerPixel: 0.499,
        levels: [{ width: 50, height: 50, tileWidth: 10 }],
      });
      regions.push(await slide.readRegion(0, 0, 0, 50, 50));
      await slide.close();
    }
    expect(new Set(regions[0]).size).toBeGreaterThan(1);
    expect(Buffer.compare(regions[0]!, regions[1]!)).toBe(0);
  });

  it('is found with its thumbnail from either file', async () => {
    for (const name of ['openslide_boxes_0.dcm', 'openslide_boxes_1.dcm']) {
      const slide = await openSlide(file(name));
      expect(slide).toMatchObject({
        levels: [{ width: 16, height: 16 }],
        associatedImages: [{ name: 'thumbnail' }],
      });
      await slide.close();
    }
  });

  it('that is no slide is named: a segmentation, annotations', async () => {
    await expect(openSlide(file('highdicom_seg_image_sm_control.dcm'))).rejects.toThrow(
      'a segmentation of a slide',
    );
    await expect(openSlide(file('highdicom_sm_annotations.dcm'))).rejects.toThrow('annotations of a slide');
  });
});

/** Writes files into a folder of their own. */
async function series(name: string, files: Record<string, MadeDicom>): Promise<(file: string) => string> {
  await mkdir(`${folder.path}/${name}`);
  for (const [file, made] of Object.entries(files)) await folder.put(`${name}/${file}`, makeDicom(made));
  return (file) => `${folder.path}/${name}/${file}`;
}

async function jpegFrame(seed: number): Promise<{ jpeg: Buffer; pixels: Buffer }> {
  const jpeg = await seededPicture(16, 16, seed).jpeg({ quality: 95 }).toBuffer();
  return { jpeg, pixels: await sharp(jpeg).raw().toBuffer() };
}
