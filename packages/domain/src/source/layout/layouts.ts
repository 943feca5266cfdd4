/** All layouts that are known, and which of them a source has. */
import { AppError } from '../../app-error.ts';
import { isImageName } from '../file-path.ts';
import { BREAKHIS } from './breakhis.ts';
import { CLASS_FOLDERS } from './class-folders.ts';
import { IDC, IDC_FLAT } from './idc.ts';
import { KATHER } from './kather.ts';
import { LAYOUT_NAMES, type Layout, type LayoutName } from './layout.ts';
import { LC25000 } from './lc25000.ts';
import { MHIST } from './mhist.ts';
import { PCAM_H5, PCAM_KAGGLE, parsePcamPart } from './pcam.ts';
import { TCGA_TILES } from './tcga-tiles.ts';
import { WILDS } from './wilds.ts';

/** Of the names that are looked at, evenly spread over the source. */
const PATHS_LOOKED_AT_MAX = 2_000;
const SHARE_MIN = 0.5;

const LAYOUTS: Record<LayoutName, Layout> = {
  idc: IDC,
  'idc-flat': IDC_FLAT,
  wilds: WILDS,
  breakhis: BREAKHIS,
  kather: KATHER,
  lc25000: LC25000,
  mhist: MHIST,
  'pcam-h5': PCAM_H5,
  'pcam-kaggle': PCAM_KAGGLE,
  'tcga-tiles': TCGA_TILES,
  'class-folders': CLASS_FOLDERS,
};

/** From the one that asks most of a path to the one that asks least. */
export function listLayouts(): Layout[] {
  return LAYOUT_NAMES.map((name) => LAYOUTS[name]);
}

/** BAD_INPUT that lists all names for one that is not known. */
export function getLayout(name: string): Layout {
  const known = LAYOUT_NAMES.find((layout) => layout === name.trim().toLowerCase());
  if (known) return LAYOUTS[known];
  const list = LAYOUT_NAMES.join(', ');
  throw new AppError('BAD_INPUT', `There is no layout '${name.slice(0, 60)}': known are ${list}.`);
}

/** Of the images that were looked at, how many are of a layout by their paths. */
type LayoutFit = { layout: Layout; share: number };

/** The layouts that some files are of, from the one that is detected to the one that fits least. */
export function fitLayouts(paths: readonly string[]): LayoutFit[] {
  const looked = pickEvenly(paths.filter(isImageName));
  const fits = listLayouts().flatMap((layout): LayoutFit[] => {
    if (layout === PCAM_H5) return holdsContainer(paths) ? [{ layout, share: 1 }] : [];
    const count = looked.filter((path) => layout.readPath(path).ok).length;
    return count > 0 ? [{ layout, share: count / looked.length }] : [];
  });
  return fits.sort((a, b) => rankFit(b) - rankFit(a));
}

/** Any folder is a class folder: that layout is taken only where no other fits. */
function rankFit({ layout, share }: LayoutFit): number {
  if (layout === PCAM_H5) return 3;
  if (share < SHARE_MIN) return share;
  return layout === CLASS_FOLDERS ? 1 : 1 + share;
}

function holdsContainer(paths: readonly string[]): boolean {
  return paths.some((path) => parsePcamPart(path)?.part === 'x');
}

/**
 * The layout that the most files are of, at least half of them; of several, the one that asks most of a path. Null when
 * there is none.
 */
export function detectLayout(paths: readonly string[]): Layout | null {
  const [best] = fitLayouts(paths);
  return best && best.share >= SHARE_MIN ? best.layout : null;
}

function pickEvenly(paths: readonly string[]): string[] {
  const count = Math.min(paths.length, PATHS_LOOKED_AT_MAX);
  return Array.from({ length: count }, (_, position) => {
    return paths[Math.floor((position * paths.length) / count)] as string;
  });
}
