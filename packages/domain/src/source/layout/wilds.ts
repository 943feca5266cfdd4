/**
 * CAMELYON17 as WILDS publishes it: the name tells patient, node and place, `metadata.csv` the class and the centre. A
 * patient belongs to one of five centres; centre 1 is WILDS' validation side and centre 2 its test side.
 */
import type { Subset } from '../../split/subset.ts';
import { getFileName } from '../file-path.ts';
import {
  type Layout,
  type LayoutReading,
  type LayoutTable,
  type ReadCell,
  refuseName,
  tell,
} from './layout.ts';
import { namePcamClass } from './pcam.ts';

const NAME = /^patch_patient_(\d{1,9})_node_(\d{1,9})_x_(\d{1,9})_y_(\d{1,9})\.\w+$/i;
const PATTERN = 'patch_patient_PPP_node_N_x_X_y_Y.png';
const PATIENT_DIGITS = 3;
const SIDE_OF_CENTRE: Record<string, Subset> = { '1': 'VALIDATION', '2': 'TEST' };
/** Patches of the training centres that WILDS holds back: of patients that are in training too. */
const HELD_BACK = '1';

const TABLE: LayoutTable = {
  fileName: 'metadata.csv',
  isTable: (path) => /^metadata\.csv$/i.test(getFileName(path)),
  isNeeded: true,
  columns: ['patient', 'node', 'x_coord', 'y_coord', 'tumor', 'center'],
  keyRow: (cell) =>
    keyPlace([cell('patient') ?? '', cell('node') ?? '', cell('x_coord') ?? '', cell('y_coord') ?? '']),
  keyPath: (path) => keyPlace(NAME.exec(getFileName(path))?.slice(1) ?? []),
  readRow: (cell) => ({
    className: namePcamClass(Number(cell('tumor') ?? Number.NaN)),
    site: cell('center') === null ? null : `centre ${cell('center')}`,
    subset: findSide(cell),
  }),
};

export const WILDS: Layout = {
  name: 'wilds',
  keysOf: 'CAMELYON17',
  title: 'CAMELYON17-WILDS',
  pattern: `patches/patient_PPP_node_N/${PATTERN}, and metadata.csv`,
  readPath: readName,
  classes: ['normal', 'tumor'],
  task: { name: 'tumor against normal', positive: ['tumor'] },
  table: TABLE,
  mayCountFromOne: false,
  remarks: [
    'The class is that of the 32 x 32 pixels in the middle of a patch, not of all of it.',
    'Coordinates are those of the names, which are of a lower level than the slide.',
  ],
};

function readName(path: string): LayoutReading {
  const [, patient = '', node = '', x, y] = NAME.exec(getFileName(path)) ?? [];
  if (!patient) return refuseName(PATTERN);
  const patientKey = patient.padStart(PATIENT_DIGITS, '0');
  const slide = `patient_${patientKey}_node_${Number(node)}`;
  return tell({ patient: patientKey, slide, x: Number(x), y: Number(y) });
}

/** Numbers alone, since a program that rewrites the table drops the zeros before a patient's. */
function keyPlace(parts: readonly string[]): string {
  return parts.map((part) => (part === '' ? '' : Number(part))).join('_');
}

function findSide(cell: ReadCell): Subset | null {
  const side = SIDE_OF_CENTRE[cell('center') ?? ''];
  if (side) return side;
  return cell('split') === null || cell('split') === HELD_BACK ? null : 'TRAIN';
}
