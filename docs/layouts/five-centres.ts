/**
 * A set of five centres in the exact shape of CAMELYON17-WILDS: names, folders and columns. Each centre has a scanner of
 * its own, which tints all that it sees, and prepares tissue in its own way: a threshold chosen at four centres need not
 * fit the fifth.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom, deriveSeed } from '@microtome/domain/seeded-random';
import { drawPictures, type WantedPicture } from './draw-pictures.ts';

export const CENTRES = 5;
const PATIENTS_PER_CENTRE = 6;
const PATCHES_PER_PATIENT = 60;
const PATCH_SIZE_PX = 96;
/** As in labels drawn from an outline: shares of patches that show the other kind. */
const LABEL_NOISE = 0.05;
const TINTS = [
  [0, 0, 0],
  [14, -6, 4],
  [-24, -26, -10],
  [8, 12, -14],
  [22, 20, 18],
] as const;

/** Columns as WILDS writes them, the first without a name. */
const HEAD = ',patient,node,x_coord,y_coord,tumor,slide,center,split';
/** WILDS marks a tenth of the training centres' patches as held back. */
const HELD_BACK_EVERY = 10;

export async function drawFiveCentres(folder: string, seed: number): Promise<void> {
  const pictures: WantedPicture[] = [];
  const rows: string[] = [];
  for (let patient = 0; patient < CENTRES * PATIENTS_PER_CENTRE; patient++) {
    const centre = Math.floor(patient / PATIENTS_PER_CENTRE);
    const key = String(patient * 3 + 4).padStart(3, '0');
    const random = createRandom(deriveSeed(seed, 'centre', patient));
    const node = Math.floor(random.next() * 5);
    for (let at = 0; at < PATCHES_PER_PATIENT; at++) {
      const place = { x: 3168 + (at % 10) * 32, y: 22176 + Math.floor(at / 10) * 32 };
      const tumor = random.next() < 0.5 ? 1 : 0;
      const showsOther = random.next() < LABEL_NOISE;
      const slideName = `patient_${key}_node_${node}`;
      pictures.push({
        path: `patches/${slideName}/patch_${slideName}_x_${place.x}_y_${place.y}.png`,
        widthPx: PATCH_SIZE_PX,
        heightPx: PATCH_SIZE_PX,
        stainKey: key,
        isTumor: showsOther ? tumor === 0 : tumor === 1,
        tint: TINTS[centre]!,
      });
      const heldBack = at % HELD_BACK_EVERY === 0 ? 1 : 0;
      rows.push([rows.length, key, node, place.x, place.y, tumor, patient, centre, heldBack].join(','));
    }
  }
  await drawPictures(folder, pictures, seed);
  await writeFile(join(folder, 'metadata.csv'), `${[HEAD, ...rows].join('\n')}\n`);
}
