/** OME-TIFF: levels below the first page, the scale in its XML, and pictures named there. */
import { openSlide } from '@microtome/slides/open-slide';
import { describe, expect, it } from 'vitest';
import { makeTiff, plainTile, rgbFields } from '../make-tiff.ts';
import { useFolder } from '../slide-inputs.ts';

const folder = useFolder();
const size = 'SizeX="128" SizeY="128" SizeZ="1" SizeT="1" SizeC="3" Type="uint8"';
const image = (name: string, pixels: string) =>
  `<OME:Image Name="${name}"><OME:Pixels ${pixels}><OME:Channel SamplesPerPixel="3"/></OME:Pixels></OME:Image>`;
const document = (...images: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><OME:OME xmlns:OME="http://www.openmicroscopy.org/Schemas/OME/2016-06">${images.join('')}</OME:OME>`;

/** 128 x 128 px with 64 x 64 below it, and a label on a page of its own. */
async function open(name: string, description: string) {
  const red = plainTile([200, 1, 1]);
  const below = [{ fields: rgbFields(64, 64), tiles: [plainTile([3, 3, 3])] }];
  const first = { fields: rgbFields(128, 128, { 270: description }), tiles: [red, red, red, red], below };
  const label = { fields: rgbFields(100, 30), tiles: [plainTile([7, 7, 7]), plainTile([7, 7, 7])] };
  return openSlide(await folder.put(name, makeTiff({ directories: [first, label], big: true })));
}

describe('an OME-TIFF', () => {
  it('has the levels below its first page, and its other pictures by their names', async () => {
    const scaled = `${size} PhysicalSizeX="250" PhysicalSizeXUnit="nm" PhysicalSizeY="0.25"`;
    const slide = await open('named.ome.tif', document(image('tissue', scaled), image('label', size)));
    expect(slide).toMatchObject({
      format: 'OME_TIFF',
      micronsPerPixel: 0.25,
      levels: [
        { width: 128, height: 128, downsample: 1 },
        { width: 64, height: 64, downsample: 2 },
      ],
      associatedImages: [{ name: 'label', width: 100, height: 30 }],
    });
    expect([...(await slide.readRegion(1, 0, 0, 1, 1))]).toEqual([3, 3, 3]);
    const label = await slide.readAssociatedImage('label');
    expect(new Set(label.pixels)).toEqual(new Set([7]));
    await slide.close();
  });

  it('without a unit of length has no scale', async () => {
    const pixels = `${size} PhysicalSizeX="0.25" PhysicalSizeXUnit="pixel" PhysicalSizeY="0.25"`;
    const slide = await open('unscaled.ome.tif', document(image('tissue', pixels)));
    expect(slide.micronsPerPixel).toBeNull();
    await slide.close();
  });
});
