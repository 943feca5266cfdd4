/**
 * The IDC set, as published and as the tutorials flatten it. In both the name says all: patient, place and class. The
 * published folders say it a second time, and must not say otherwise.
 */
import { isPatientFolder, type PatchName, parsePatchName } from '../../slide/patch-name.ts';
import { getFileName, splitPath } from '../file-path.ts';
import { parseGivenSubset } from '../given-subset.ts';
import { type Layout, type LayoutReading, refuseName, refusePlace, tell } from './layout.ts';

const NAME_PATTERN = 'PATIENT_idx5_xX_yY_classC.png';
const CLASSES = ['not IDC', 'IDC'] as const;

const IDC_SET = {
  classes: CLASSES,
  task: { name: 'IDC', positive: ['IDC'] },
  table: null,
  mayCountFromOne: true,
  keysOf: 'IDC',
} satisfies Partial<Layout>;

export const IDC: Layout = {
  ...IDC_SET,
  name: 'idc',
  title: 'IDC, as published',
  pattern: `PATIENT/CLASS/${NAME_PATTERN}`,
  readPath: (path) => readIdcPath(path, findLayoutFault),
  remarks: [],
};

export const IDC_FLAT: Layout = {
  ...IDC_SET,
  name: 'idc-flat',
  title: 'IDC, flattened',
  pattern: `SUBSET/CLASS/${NAME_PATTERN}`,
  readPath: (path) => readIdcPath(path, findContradiction),
  remarks: ['The names carry the patients; the folders by subset may put one patient on several sides.'],
};

type FindFault = (name: PatchName, folders: { outer: string; inner: string }) => LayoutReading | null;

function readIdcPath(path: string, findFault: FindFault): LayoutReading {
  const name = parsePatchName(getFileName(path));
  if (!name) return refuseName(NAME_PATTERN);
  const folders = splitPath(path).slice(0, -1);
  const [outer = '', inner = ''] = ['', '', ...folders].slice(-2);
  const fault = findFault(name, { outer, inner });
  if (fault) return fault;
  const { patientKey, x, y, label } = name;
  const subset = folders.map(parseGivenSubset).findLast((side) => side !== null) ?? null;
  return tell({ patient: patientKey, slide: patientKey, x, y, className: CLASSES[label], subset });
}

function findLayoutFault(name: PatchName, { outer, inner }: { outer: string; inner: string }) {
  if (outer === '' || !isClassFolder(inner)) {
    return refusePlace('It does not lie in PATIENT/CLASS/, where CLASS is 0 or 1.');
  }
  return findDisagreement(name, { patientFolder: outer, classFolder: inner });
}

/** Folders that are named as the published layout names them say the same as the file, wherever it lies. */
function findContradiction(name: PatchName, { outer, inner }: { outer: string; inner: string }) {
  if (!isClassFolder(inner)) return null;
  return findDisagreement(name, {
    patientFolder: isPatientFolder(outer) ? outer : name.patientKey,
    classFolder: inner,
  });
}

function isClassFolder(folder: string): boolean {
  return folder === '0' || folder === '1';
}

function findDisagreement(
  name: PatchName,
  { patientFolder, classFolder }: { patientFolder: string; classFolder: string },
): LayoutReading | null {
  if (patientFolder !== name.patientKey) {
    const reason = `Its name says patient ${name.patientKey}, its folder ${patientFolder.slice(0, 40)}.`;
    return { ok: false, fault: { code: 'PATIENT_FOLDER_DISAGREES', reason } };
  }
  if (classFolder === String(name.label)) return null;
  const reason = `Its name says class ${name.label}, its folder ${classFolder}.`;
  return { ok: false, fault: { code: 'CLASS_FOLDER_DISAGREES', reason } };
}
