/**
 * Which files of a source are patches, in which order they are packed, and which are refused by their names
 * alone. No file is opened here. The same rules read the input of an import and of a prediction; only an import
 * demands the folders of the layout.
 */
import {
  isPatientFolder,
  type PatchName,
  type PlacesFrom,
  parsePatchName,
} from '@microtome/domain/slide/patch-name';
import { isOnSlide, SLIDE_SIDE_PX_MAX } from '@microtome/domain/slide/slide-extent';
import type { Fault, Refuse } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';
import type { ImportPlan, PlacedPatch, PlannedClass, PlannedTask } from './planned-patch.ts';

const NO_COPIES: readonly SourceFile[] = [];
const NO_FURTHER_FACTS = { site: null, micronsPerPixel: null, givenSubset: null };

/** The two classes of the IDC layout, whose folders and names say 0 and 1. */
const IDC_CLASSES: readonly PlannedClass[] = [
  { name: 'not IDC', code: '0' },
  { name: 'IDC', code: '1' },
];
const IDC_TASK: PlannedTask = { name: 'IDC', positive: ['IDC'] };

type NamedFile = { file: SourceFile; name: PatchName };

/**
 * The patches of a source, one for each place of a patient's slide. A place that appears several times with one
 * class keeps its other files as copies; with both classes it is refused altogether.
 */
export function planImport(files: readonly SourceFile[], refuse: Refuse): ImportPlan<PlacedPatch> {
  const { named, unnamed } = readNames(files, refuse);
  const reason = 'Its name is not of the form PATIENT_idx5_xX_yY_classC.png.';
  for (const { path } of unnamed) refuse({ path, code: 'NAME_UNPARSEABLE', reason });
  return planNamed(named, { refuse, findFolderFault: findLayoutFault });
}

/** As an import reads it, but without demanding the layout: images of any name are `unnamed`, in the order of paths. */
export function planPrediction(
  files: readonly SourceFile[],
  refuse: Refuse,
): ImportPlan<PlacedPatch> & { unnamed: SourceFile[] } {
  const { named, unnamed } = readNames(files, refuse);
  unnamed.sort((left, right) => compareText(left.path, right.path));
  return { ...planNamed(named, { refuse, findFolderFault: findContradiction }), unnamed };
}

/** Images by whether their names are of the layout; other files are refused. */
function readNames(files: readonly SourceFile[], refuse: Refuse) {
  const named: NamedFile[] = [];
  const unnamed: SourceFile[] = [];
  for (const file of files) {
    const baseName = file.path.slice(file.path.lastIndexOf('/') + 1);
    if (!/\.png$/i.test(baseName) || baseName.startsWith('.')) {
      const reason = 'It is not a .png file; only patches are read.';
      refuse({ path: file.path, code: 'STRAY_FILE', reason });
      continue;
    }
    const name = parsePatchName(baseName);
    if (name) named.push({ file, name });
    else unnamed.push(file);
  }
  return { named, unnamed };
}

type NamedRules = { refuse: Refuse; findFolderFault: (file: NamedFile) => Fault | null };

function planNamed(
  all: readonly NamedFile[],
  { refuse, findFolderFault }: NamedRules,
): ImportPlan<PlacedPatch> {
  const named = all.filter((namedFile) => {
    const fault = findFolderFault(namedFile);
    if (fault) refuse({ path: namedFile.file.path, ...fault });
    return fault === null;
  });
  const placesFrom = findPlacesFrom(named);
  const candidates: PlacedPatch[] = [];
  // One string a patient, in place of one a file.
  const patientKeys = new Map<string, string>();
  for (const { file, name } of named) {
    const place = { x: name.x - placesFrom, y: name.y - placesFrom };
    const fault = findPlaceFault(name, place);
    if (fault) {
      refuse({ path: file.path, ...fault });
      continue;
    }
    const patientKey = patientKeys.get(name.patientKey) ?? name.patientKey;
    patientKeys.set(patientKey, patientKey);
    const slide = { patientKey, slideKey: patientKey, ...NO_FURTHER_FACTS };
    candidates.push({ file, copies: NO_COPIES, ...slide, ...place, classPosition: name.label });
  }
  candidates.sort(comparePatches);
  const patches = [...keepOnePerPlace(candidates, { placesFrom, refuse })];
  return { patches, placesFrom, source: 'IDC', unit: 'PATIENT', classes: IDC_CLASSES, task: IDC_TASK };
}

/** From where the names count: from 0 as soon as one of them says 0. */
function findPlacesFrom(named: readonly NamedFile[]): PlacesFrom {
  return named.some(({ name: { x, y } }) => x === 0 || y === 0) ? 0 : 1;
}

function findPlaceFault({ x, y }: PatchName, place: { x: number; y: number }): Fault | null {
  if (isOnSlide(place)) return null;
  const limit = SLIDE_SIDE_PX_MAX.toLocaleString('en');
  const where = `x ${x.toLocaleString('en')}, y ${y.toLocaleString('en')}`;
  return {
    code: 'BEYOND_A_SLIDE',
    reason: `Its place is ${where}; no slide has more than ${limit} pixels a side.`,
  };
}

function findLayoutFault({ file, name }: NamedFile): Fault | null {
  const segments = file.path.split('/');
  const [patientFolder, classFolder] = segments.slice(-3);
  if (segments.length < 3 || !isClassFolder(classFolder)) {
    return { code: 'OUTSIDE_LAYOUT', reason: 'It does not lie in PATIENT/CLASS/, where CLASS is 0 or 1.' };
  }
  return findDisagreement(name, { patientFolder, classFolder });
}

/** Folders that are named as the layout names them say the same as the file, whether the layout is demanded or not. */
function findContradiction({ file, name }: NamedFile): Fault | null {
  const [patientFolder, classFolder] = ['', '', ...file.path.split('/')].slice(-3);
  if (!isClassFolder(classFolder)) return null;
  const isNamed = patientFolder !== undefined && isPatientFolder(patientFolder);
  return findDisagreement(name, { patientFolder: isNamed ? patientFolder : name.patientKey, classFolder });
}

function isClassFolder(folder: string | undefined): boolean {
  return folder === '0' || folder === '1';
}

function findDisagreement(
  name: PatchName,
  { patientFolder, classFolder }: { patientFolder: string | undefined; classFolder: string | undefined },
): Fault | null {
  if (patientFolder !== name.patientKey) {
    const reason = `Its name says patient ${name.patientKey}, its folder ${patientFolder?.slice(0, 40)}.`;
    return { code: 'PATIENT_FOLDER_DISAGREES', reason };
  }
  if (classFolder === String(name.label)) return null;
  const reason = `Its name says class ${name.label}, its folder ${classFolder}.`;
  return { code: 'CLASS_FOLDER_DISAGREES', reason };
}

/** Packing order; within one place the shortest path first, so that the outer of two copies is the one kept. */
function comparePatches(left: PlacedPatch, right: PlacedPatch): number {
  if (left.patientKey !== right.patientKey) return left.patientKey < right.patientKey ? -1 : 1;
  if (left.y !== right.y) return left.y - right.y;
  if (left.x !== right.x) return left.x - right.x;
  if (left.file.path.length !== right.file.path.length) return left.file.path.length - right.file.path.length;
  return compareText(left.file.path, right.file.path);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function* keepOnePerPlace(
  sorted: readonly PlacedPatch[],
  { placesFrom, refuse }: { placesFrom: PlacesFrom; refuse: Refuse },
): Generator<PlacedPatch> {
  for (let first = 0, next = 1; first < sorted.length; first = next, next = first + 1) {
    const kept = sorted[first] as PlacedPatch;
    while (next < sorted.length && isSamePlace(kept, sorted[next] as PlacedPatch)) next++;
    if (next === first + 1) {
      yield kept;
      continue;
    }
    const group = sorted.slice(first, next);
    if (group.every(({ classPosition }) => classPosition === kept.classPosition)) {
      yield { ...kept, copies: group.slice(1).map(({ file }) => file) };
      continue;
    }
    const place = `x ${kept.x + placesFrom}, y ${kept.y + placesFrom} of patient ${kept.patientKey}`;
    const reason = `The place ${place} appears with both classes.`;
    for (const { file } of group) refuse({ path: file.path, code: 'CONFLICTING_CLASS', reason });
  }
}

function isSamePlace(left: PlacedPatch, right: PlacedPatch): boolean {
  return left.patientKey === right.patientKey && left.x === right.x && left.y === right.y;
}
