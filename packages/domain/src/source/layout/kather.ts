/** Kather's colorectal tiles: nine classes, no patient below the two archives, of which one was published for testing. */
import { splitPath } from '../file-path.ts';
import { type Layout, type LayoutReading, refuseName, tell } from './layout.ts';

const CLASSES = ['ADI', 'BACK', 'DEB', 'LYM', 'MUC', 'MUS', 'NORM', 'STR', 'TUM'];
const NAME = new RegExp(`^(${CLASSES.join('|')})-.+\\.\\w+$`);
const TEST_ARCHIVE = /^CRC-VAL-HE-7K/i;
const TRAIN_ARCHIVE = /^NCT-CRC-HE-100K/i;

export const KATHER: Layout = {
  name: 'kather',
  keysOf: 'NCT-CRC-HE',
  title: 'Kather, NCT-CRC-HE',
  pattern: 'NCT-CRC-HE-100K/TUM/TUM-AEPINLNQ.tif',
  readPath: readName,
  classes: null,
  task: { name: 'TUM against all', positive: ['TUM'] },
  table: null,
  mayCountFromOne: false,
  remarks: [
    'Patients are not published: only the two archives, NCT-CRC-HE-100K and CRC-VAL-HE-7K, are of different ones.',
    'The letters of a name are of its tile, and `TCGA` among them is no barcode.',
  ],
};

function readName(path: string): LayoutReading {
  const segments = splitPath(path);
  const [, className] = NAME.exec(segments.at(-1) ?? '') ?? [];
  if (!className) return refuseName('TUM-AEPINLNQ.tif');
  const folder = segments.at(-2);
  if (folder !== undefined && CLASSES.includes(folder) && folder !== className) {
    const reason = `Its name says class ${className}, its folder ${folder}.`;
    return { ok: false, fault: { code: 'CLASS_FOLDER_DISAGREES', reason } };
  }
  const isTest = segments.some((segment) => TEST_ARCHIVE.test(segment));
  const isTrain = segments.some((segment) => TRAIN_ARCHIVE.test(segment));
  return tell({ className, subset: isTest ? 'TEST' : isTrain ? 'TRAIN' : null });
}
