/**
 * LC25000: 25,000 pictures made of about 1,250 by turning and mirroring. Which are copies of one was found and published
 * later, as one table a class; with these tables the copies stay together, without them nothing can keep them.
 */
import { getFileName, getStem } from '../file-path.ts';
import { type Layout, type LayoutReading, type LayoutTable, refuseName, tell } from './layout.ts';

const CLASSES = ['colon_aca', 'colon_n', 'lung_aca', 'lung_n', 'lung_scc'];
const NAME = /^(colonca|colonn|lungaca|lungn|lungscc)(\d+)\.\w+$/i;
const CLASS_OF_NAME: Record<string, string> = {
  colonca: 'colon_aca',
  colonn: 'colon_n',
  lungaca: 'lung_aca',
  lungn: 'lung_n',
  lungscc: 'lung_scc',
};
const TABLE_NAME = /^(colon_aca|colon_n|lung_aca|lung_n|lung_scc)_final_clusters\.csv$/i;

const TABLE: LayoutTable = {
  fileName: 'lung_aca_final_clusters.csv and the like',
  isTable: (path) => TABLE_NAME.test(getFileName(path)),
  isNeeded: false,
  columns: ['cluster_label', 'img_path'],
  keyRow: (cell) => {
    const path = cell('img_path');
    return path === null ? null : getStem(path).toLowerCase();
  },
  keyPath: (path) => getStem(path).toLowerCase(),
  // The numbers of the groups begin again in each class.
  readRow: (cell, tablePath) => {
    const [, className = ''] = TABLE_NAME.exec(getFileName(tablePath)) ?? [];
    const label = cell('cluster_label');
    return { group: label === null ? null : `${className.toLowerCase()}/${label}` };
  },
};

export const LC25000: Layout = {
  name: 'lc25000',
  keysOf: 'LC25000',
  title: 'LC25000',
  pattern: 'lung_image_sets/lung_aca/lungaca1.jpeg',
  readPath: readName,
  classes: null,
  task: { name: 'cancer against benign', positive: ['colon_aca', 'lung_aca', 'lung_scc'] },
  table: TABLE,
  mayCountFromOne: false,
  remarks: [
    'The pictures are turned and mirrored copies, about twenty of one. Patients are not published.',
    'With the published tables of groups next to the pictures, copies of one stay on one side.',
  ],
};

function readName(path: string): LayoutReading {
  const [, kind = ''] = NAME.exec(getFileName(path)) ?? [];
  const className = CLASS_OF_NAME[kind.toLowerCase()];
  return className && CLASSES.includes(className) ? tell({ className }) : refuseName('lungaca1.jpeg');
}
