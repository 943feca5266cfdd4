/** MHIST: colorectal polyps, two classes by the majority of seven votes, in one folder with one table. */
import { getFileName } from '../file-path.ts';
import { parseGivenSubset } from '../given-subset.ts';
import { type Layout, type LayoutTable, refuseName, tell } from './layout.ts';

const NAME = /^MHIST_[a-z]{3}\.\w+$/i;

const TABLE: LayoutTable = {
  fileName: 'annotations.csv',
  isTable: (path) => /^annotations\.csv$/i.test(getFileName(path)),
  isNeeded: true,
  columns: ['Image Name', 'Majority Vote Label'],
  keyRow: (cell) => cell('Image Name')?.toLowerCase() ?? null,
  keyPath: (path) => getFileName(path).toLowerCase(),
  readRow: (cell) => ({
    className: cell('Majority Vote Label'),
    subset: parseGivenSubset(cell('Partition') ?? ''),
  }),
};

export const MHIST: Layout = {
  name: 'mhist',
  keysOf: 'MHIST',
  title: 'MHIST',
  pattern: 'images/MHIST_aaa.png, and annotations.csv',
  readPath: (path) => (NAME.test(getFileName(path)) ? tell({}) : refuseName('MHIST_aaa.png')),
  classes: null,
  task: { name: 'SSA against HP', positive: ['SSA'] },
  table: TABLE,
  mayCountFromOne: false,
  remarks: ['Patients are not published. The class is that of the majority of seven votes.'],
};
