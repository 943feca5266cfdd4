/** TIFFs that cannot be read, each with its sentence: what is broken, what claims too much, and what is something else. */
import { findNativeOpenSlide } from '@microtome/slides/native/native-openslide';
import { openSlide } from '@microtome/slides/open-slide';
import { describe, expect, it } from 'vitest';
import { type MadeTiff, makeTiff, plainTile, rgbFields, type TiffFields } from '../make-tiff.ts';
import { HAS_SLIDE_INPUTS, slideInput, useFolder, WHERE_SLIDES_ABSENT } from '../slide-inputs.ts';

const folder = useFolder();
const tile = plainTile([200, 100, 150]);

/** A page of one tile with other fields, or with more of the file's own. */
const page = (fields: TiffFields, more: Partial<MadeTiff> = {}): MadeTiff => ({
  directories: [{ fields: rgbFields(64, 64, fields), tiles: [tile] }],
  ...more,
});
const APERIO = 'Aperio Image Library v12\n64x64';
const ome = (pixels: string) =>
  `<?xml version="1.0"?><OME><Image Name="a"><Pixels SizeX="64" SizeY="64" ${pixels}><Channel SamplesPerPixel="3"/></Pixels></Image></OME>`;
const BOMB = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><OME>&b;</OME>`;

/** What such a file gets where OpenSlide was built, and where it was not. */
const FOREIGN = findNativeOpenSlide()
  ? 'slide that OpenSlide'
  : 'slide: that needs the native library OpenSlide';

const REFUSED: [what: string, made: MadeTiff, sentence: string][] = [
  ['loop of directories', page({}, { end: 'first' }), 'has a loop of directories at byte'],
  [
    'next directory beyond the end',
    page({}, { end: 9_999_999 }),
    'is cut off or damaged: the directory at byte 9,999,999 should be at',
  ],
  [
    'tile beyond the end',
    page({ 324: 9_999_999 }),
    'tile 0 of 1 should be at bytes 9,999,999 to 10,012,287, and the file ends at byte',
  ],
  ['tile of a gigabyte', page({ 325: 1_000_000_000 }), 'tile 0 claims 1,000,000,000 bytes for 64 x 64 px.'],
  ['too few tiles', page({ 256: 640 }), 'a level of 640 x 64 px has 10 tiles, and it names the places of 1.'],
  ['tiles of no size', page({ 322: 0 }), 'it claims a picture of 64 x 64 px in tiles of 0 x 64 px.'],
  ['picture of no size', page({ 257: 0 }), 'it claims a picture of 64 x 0 px.'],
  [
    'level of 4 billion pixels a side',
    page({ 256: 4_294_967_295, 257: 4_294_967_295 }),
    'claims a picture of 4,294,967,295 x 4,294,967,295 px; no side',
  ],
  [
    'level of 4 billion pixels in one tile',
    page({ 256: 65_536, 257: 65_536, 322: 65_536, 323: 65_536 }),
    'a tile may have at most 16,777,216 pixels.',
  ],
  [
    'level of too many tiles',
    page({ 256: 1_000_000, 257: 1_000_000 }),
    'a level may have at most 2,097,152 tiles.',
  ],
  ['16 bits', page({ 258: [16, 16, 16] }), 'has 16 bits a colour; a slide of stained tissue has 8'],
  ['five channels', page({ 277: 5 }), 'has 5 channels with the colour code 2'],
  [
    'JPEG XL',
    page({ 259: 50_002 }),
    'keeps its tiles as JPEG XL (TIFF compression 50002), which cannot be read here.',
  ],
  ['predictor of floats', page({ 317: 3 }), 'with the predictor 3'],
  [
    'stack',
    { directories: [page({}), page({}), page({})].flatMap((one) => one.directories) },
    'has 3 pictures of 64 x 64 px: a stack',
  ],
  [
    'OME stack',
    page({ 270: ome('SizeZ="15" SizeT="1" SizeC="3"') }),
    'has 15 focal planes; a stack is not read here.',
  ],
  [
    'OME film',
    page({ 270: ome('SizeZ="1" SizeT="4" SizeC="3"') }),
    'has 4 moments; a film is not read here.',
  ],
  ['OME fluorescence', page({ 270: ome('SizeC="7"') }), 'has 7 channels apart (fluorescence)'],
  ['XML bomb', page({ 270: BOMB }), 'its OME-XML declares a document type'],
  [
    'OME that is cut off',
    page({ 270: '<?xml version="1.0"?><OME><Image' }),
    'its OME-XML is no well-formed XML: line 1',
  ],
  [
    'absurd MPP',
    page({ 270: `${APERIO}|MPP = 499` }),
    'tells 499 µm per pixel (MPP = 499); no slide has less than 0.05 or more than 20.',
  ],
  ['MPP of nothing', page({ 270: `${APERIO}|MPP = 0|x` }), 'tells 0 µm per pixel (MPP = 0)'],
  [
    'MPP that is no number',
    page({ 270: `${APERIO}|MPP = few` }),
    'tells its µm per pixel in words that are no number (MPP = few)',
  ],
  [
    'absurd resolution',
    page({ 282: 2_000_000, 283: 2_000_000, 296: 3 }),
    'tells 0.005 µm per pixel (2000000.00 pixels a centimetre)',
  ],
  ['pixels that are not square', page({ 282: 40_000, 283: 20_000, 296: 3 }), 'tells 0.25 x 0.5 µm per pixel'],
  [
    'absurd OME size',
    page({
      270: ome(
        'SizeC="3" PhysicalSizeX="0.5" PhysicalSizeXUnit="mm" PhysicalSizeY="0.5" PhysicalSizeYUnit="mm"',
      ),
    }),
    'tells 500 µm per pixel (PhysicalSizeX and Y)',
  ],
  ['NDPI', page({ 65420: 1 }), `is a Hamamatsu NDPI ${FOREIGN}`],
  [
    'SCN',
    page({ 270: '<?xml version="1.0"?><scn xmlns="http://www.leica-microsystems.com/scn/2010/10/01">' }),
    `is a Leica SCN ${FOREIGN}`,
  ],
  ['BIF', page({ 700: Buffer.from('<xpacket><iScan Magnification="40"/>') }), `is a Ventana BIF ${FOREIGN}`],
  [
    'strips',
    { directories: [{ fields: { 256: 64, 257: 64, 258: [8, 8, 8], 277: 3, 262: 2 } }] },
    'is a TIFF of 64 x 64 px without tiles',
  ],
];

describe('a TIFF that cannot be read', () => {
  it.each(REFUSED)('is refused with what was found: %s', async (what, made, sentence) => {
    const name = `${what}.tif`;
    const path = await folder.put(name, makeTiff(made));
    const refusal = openAndRead(path);
    await expect(refusal).rejects.toMatchObject({ name: 'AppError', code: 'BAD_INPUT' });
    await expect(refusal).rejects.toThrow(sentence);
    await expect(refusal).rejects.toThrow(new RegExp(`^"${name}"`));
  });

  it('because it was cut off anywhere says so, or is read as far as it is whole', async () => {
    const whole = makeTiff(page({}));
    for (let length = 0; length < whole.length; length += 97) {
      const path = await folder.put('cut.tif', whole.subarray(0, length));
      await expect(openAndRead(path)).rejects.toMatchObject({ name: 'AppError', code: 'BAD_INPUT' });
    }
  });

  it('is no slide whatever its ending says: a text, a picture, nothing, a folder', async () => {
    const FOUND: [name: string, bytes: Buffer, found: string][] = [
      [
        'text.svs',
        Buffer.from('not a slide, but long enough'),
        'is something that begins with "not a sl", not a slide',
      ],
      [
        'picture.tif',
        Buffer.from('\x89PNG\r\n\x1a\n and more of it', 'latin1'),
        'is a PNG picture, not a slide',
      ],
      ['empty.svs', Buffer.alloc(0), 'is empty.'],
      ['small.svs', Buffer.from('II*\0'), 'is something that begins with'],
      ['slide.mrxs', Buffer.from('\xff\xd8\xff\xe0 and so on', 'latin1'), `is a 3DHISTECH MIRAX ${FOREIGN}`],
      ['slide.czi', Buffer.from('ZISRAWFILE and so on'), `is a Zeiss CZI ${FOREIGN}`],
    ];
    for (const [name, bytes, found] of FOUND)
      await expect(openSlide(await folder.put(name, bytes))).rejects.toThrow(`"${name}" ${found}`);
    await expect(openSlide(`${folder.path}/absent.svs`)).rejects.toThrow('"absent.svs" does not exist.');
    await expect(openSlide(folder.path)).rejects.toThrow('is no file.');
  });

  it('in one tile tells which, and the other tiles are still read', async () => {
    const fields = rgbFields(128, 64, { 259: 7, 262: 6 });
    const bytes = makeTiff({ directories: [{ fields, tiles: [Buffer.from('no JPEG'), Buffer.alloc(0)] }] });
    const slide = await openSlide(await folder.put('tile.tif', bytes));
    await expect(slide.readRegion(0, 0, 0, 128, 64)).rejects.toThrow(
      '"tile.tif" is damaged: tile 0, 0 of level 0 cannot be decoded (it is no JPEG).',
    );
    expect(new Set(await slide.readRegion(0, 64, 0, 64, 64))).toEqual(new Set([255]));
    await slide.close();
  });
});

describe.skipIf(!HAS_SLIDE_INPUTS)(`a hostile file that others met ${WHERE_SLIDES_ABSENT}`, () => {
  it.each([
    ['broken.svs', 'is something that begins with "IJrEr1vV", not a slide'],
    ['unopenable.tiff', 'keeps its tiles as TIFF compression 52479, which cannot be read here.'],
    ['unreadable.svs', 'is damaged: tile 0, 0 of level 0 cannot be decoded (its JPEG is damaged).'],
  ])('is refused with what was found: %s', async (name, sentence) => {
    await expect(openAndRead(slideInput(`layouts/wsi-hostile/${name}`))).rejects.toThrow(
      `"${name}" ${sentence}`,
    );
  });
});

async function openAndRead(path: string): Promise<Uint8Array> {
  const slide = await openSlide(path);
  try {
    return await slide.readRegion(0, 0, 0, 64, 64);
  } finally {
    await slide.close();
  }
}
