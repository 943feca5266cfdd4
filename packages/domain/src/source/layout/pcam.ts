/**
 * PatchCamelyon: as HDF5, where a table names the slide of each row, and as Kaggle's competition shows it, where nothing
 * does. The class is that of the 32 x 32 pixels in the middle, not of the whole patch.
 */
import type { Subset } from '../../split/subset.ts';
import { getFileName, getStem, splitPath } from '../file-path.ts';
import { parseGivenSubset } from '../given-subset.ts';
import {
  type Layout,
  type LayoutReading,
  type LayoutTable,
  type ReadCell,
  refuseName,
  tell,
} from './layout.ts';

const CLASSES = ['normal', 'tumor'] as const;
const CONTAINER_NAME = /^(.*?)(?:split[_-])?(train|valid|val|test)[_-](x|y)\.(?:h5|hdf5)(?:\.gz)?$/i;
const META_NAME = /^(.*?)(?:split[_-])?(train|valid|val|test)[_-]meta\.csv(?:\.gz)?$/i;
const CENTRE_REMARK = 'The class is that of the 32 x 32 pixels in the middle of a patch, not of all of it.';

const PCAM_SET = {
  classes: CLASSES,
  task: { name: 'tumor against normal', positive: ['tumor'] },
  mayCountFromOne: false,
} satisfies Partial<Layout>;

/** A file of the HDF5 set: pixels (x), classes (y) or the table of slides; `set` is the same for the three. */
export type PcamPart = { set: string; part: 'x' | 'y' | 'meta'; subset: Subset };

/** Null for any other file. */
export function parsePcamPart(path: string): PcamPart | null {
  const name = getFileName(path);
  const container = CONTAINER_NAME.exec(name);
  const found = container ?? META_NAME.exec(name);
  const subset = found && parseGivenSubset(found[2] ?? '');
  if (!found || !subset) return null;
  const folder = splitPath(path).slice(0, -1).join('/');
  const part = container ? (container[3]?.toLowerCase() === 'x' ? 'x' : 'y') : 'meta';
  return { set: `${folder}/${found[1]?.toLowerCase()}${subset}`, part, subset };
}

/** The class of a value of `y`; null when it is neither 0 nor 1. */
export function namePcamClass(value: number): string | null {
  return CLASSES[value] ?? null;
}

/** What a row of `_meta.csv` tells of the patch at its index. */
export function readPcamMeta(cell: ReadCell): { slide: string | null; x: number | null; y: number | null } {
  const [x, y] = [readWhole(cell('coord_x')), readWhole(cell('coord_y'))];
  const isPlaced = x !== null && y !== null;
  return { slide: cell('wsi'), x: isPlaced ? x : null, y: isPlaced ? y : null };
}

export const PCAM_H5: Layout = {
  ...PCAM_SET,
  name: 'pcam-h5',
  keysOf: 'CAMELYON16',
  title: 'PatchCamelyon, HDF5',
  pattern: 'NAME_SUBSET_x.h5 and NAME_SUBSET_y.h5',
  readPath: readContainerRow,
  table: null,
  remarks: [CENTRE_REMARK, 'A slide is one of CAMELYON16; its patients are not published.'],
};

const KAGGLE_TABLE: LayoutTable = {
  fileName: 'train_labels.csv',
  isTable: (path) => /^train_labels.*\.csv$/i.test(getFileName(path)),
  isNeeded: true,
  columns: ['id', 'label'],
  keyRow: (cell) => cell('id')?.toLowerCase() ?? null,
  keyPath: (path) => getStem(path).toLowerCase(),
  readRow: (cell) => ({ className: namePcamClass(Number(cell('label') ?? Number.NaN)) }),
};

export const PCAM_KAGGLE: Layout = {
  ...PCAM_SET,
  name: 'pcam-kaggle',
  keysOf: 'PCam',
  title: 'PatchCamelyon, as on Kaggle',
  pattern: 'train/ID.tif, ID being 40 hexadecimal digits, and train_labels.csv',
  readPath: (path) => (/^[0-9a-f]{40}$/i.test(getStem(path)) ? tell({}) : refuseName('ID.tif')),
  table: KAGGLE_TABLE,
  remarks: [CENTRE_REMARK, 'Neither patients nor slides are published: the same slide may be on every side.'],
};

/** `…_train_x.h5#17`: the container tells the subset. */
function readContainerRow(path: string): LayoutReading {
  const part = parsePcamPart(path.replace(/#\d+$/, ''));
  return part?.part === 'x' ? tell({ subset: part.subset }) : refuseName('NAME_SUBSET_x.h5');
}

function readWhole(text: string | null): number | null {
  const value = text === null ? Number.NaN : Number(text);
  return Number.isInteger(value) && value >= 0 ? value : null;
}
