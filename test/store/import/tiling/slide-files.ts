/** Small slides and outlines that tests of tiling put into folders. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { importDataset } from '@microtome/store/import/import-dataset';
import type { ImportOptionsInput } from '@microtome/store/import/import-options';
import type { Store } from '@microtome/store/store';
import { type MadeTiff, makeTiff, plainTile, rgbFields, type TiffFields } from '../../../slides/make-tiff.ts';
import { createFolder } from '../patch-files.ts';

type TilingChoices = Partial<NonNullable<ImportOptionsInput['tiling']>>;

export const TILING = { tilePx: 64, micronsPerPixel: 0.5 };

/** Cuts the slides of a folder into patches of 64 px at 0.5 µm per pixel, unless other ones are chosen. */
export const importSlides = (
  store: Store,
  path: string,
  tiling: TilingChoices = {},
  more: Omit<ImportOptionsInput, 'path'> = {},
) => importDataset({ ...store, path, ...more, tiling: { ...TILING, ...tiling } });

/** A plain slide of 256 x 256 px, all tissue, of 0.5 µm per pixel unless it is told otherwise. */
export function makeSlide(fields: TiffFields = {}, more: Partial<MadeTiff> = {}): Buffer {
  const tiles = Array.from({ length: 16 }, (_, at) => plainTile([200, 110 + at, 170]));
  const scale = { 282: 20_000, 283: 20_000, 296: 3 };
  return makeTiff({
    directories: [{ fields: rgbFields(256, 256, { ...scale, ...fields }), tiles }],
    ...more,
  });
}

export async function fillFolder(files: Record<string, Buffer | string>): Promise<string> {
  const folder = await createFolder();
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

/** Outlines as ASAP writes them. */
export const asap = (
  ...annotations: { group: string; points: [number, number][]; type?: string; name?: string }[]
) =>
  `<ASAP_Annotations><Annotations>${annotations
    .map(({ group, points, type = 'Polygon', name = 'a' }) => {
      const coordinates = points.map(([x, y], at) => `<Coordinate Order="${at}" X="${x}" Y="${y}"/>`);
      return `<Annotation Name="${name}" Type="${type}" PartOfGroup="${group}"><Coordinates>${coordinates.join('')}</Coordinates></Annotation>`;
    })
    .join('')}</Annotations></ASAP_Annotations>`;
/** Of such a slide. */
export const LEFT_HALF: [number, number][] = [
  [0, 0],
  [128, 0],
  [128, 256],
  [0, 256],
];

export const reasonsOf = (refusals: readonly { path: string; code: string; reason: string }[]) =>
  Object.fromEntries(refusals.map(({ path, code, reason }) => [path, `${code} ${reason}`]));
