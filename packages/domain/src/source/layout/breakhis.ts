/** BreakHis: eight classes, benign and malignant, at four magnifications of the same fields of view. */
import { BREAKHIS_CLASSES, parseBreakhisName } from '../breakhis-name.ts';
import { type Layout, type LayoutReading, refuseName, tell } from './layout.ts';

const PATTERN = 'SOB_B_A-14-22549AB-40-001.png';
const CLASSES = Object.values(BREAKHIS_CLASSES);

export const BREAKHIS: Layout = {
  name: 'breakhis',
  keysOf: 'BreakHis',
  title: 'BreakHis',
  pattern: `…/40X/${PATTERN}`,
  readPath: readName,
  readMagnification: (path) => parseBreakhisName(path)?.magnification ?? null,
  // Those that are found, by name, as a manifest of the same pictures has them.
  classes: null,
  task: {
    name: 'malignant against benign',
    positive: CLASSES.flatMap(({ name, isMalignant }) => (isMalignant ? [name] : [])),
  },
  table: null,
  mayCountFromOne: false,
  remarks: ['Slides whose numbers differ by letters alone (22549AB, 22549CD) are taken for one patient’s.'],
};

function readName(path: string): LayoutReading {
  const name = parseBreakhisName(path);
  if (!name) return refuseName(PATTERN);
  return tell({
    patient: name.patient,
    slide: name.slide,
    className: BREAKHIS_CLASSES[name.subtype]?.name ?? null,
  });
}
