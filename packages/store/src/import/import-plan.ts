/**
 * Which files of a source are patches, in which order they are packed, and which are refused by their names
 * alone. No file is opened here.
 */
import { parsePatchName } from '@microtome/domain/slide/patch-name';
import type { Fault, Refuse } from './refusal.ts';
import type { SourceFile } from './source/patch-source.ts';

export type PlannedPatch = {
  file: SourceFile;
  patientKey: string;
  /** 0-based slide pixels of the top-left corner. */
  x: number;
  y: number;
  label: 0 | 1;
};

/**
 * The patches of a source in packing order: by patient key, then y, then x. A place that appears twice with
 * one class is imported once (from the shortest path); with both classes it is refused altogether.
 */
export function planImport(files: readonly SourceFile[], refuse: Refuse): PlannedPatch[] {
  const candidates: PlannedPatch[] = [];
  // One string a patient, in place of one a file.
  const patientKeys = new Map<string, string>();
  for (const file of files) {
    const planned = planFile(file);
    if ('code' in planned) {
      refuse({ path: file.path, ...planned });
      continue;
    }
    const { patientKey } = planned;
    const sharedKey = patientKeys.get(patientKey) ?? patientKey;
    patientKeys.set(sharedKey, sharedKey);
    candidates.push({ ...planned, patientKey: sharedKey });
  }
  candidates.sort(comparePatches);
  return [...keepOnePerPlace(candidates, refuse)];
}

/** PATIENT/CLASS/FILE, without whatever folders lie around it: what the digest names. Made anew at each call. */
export function namePatch({ file, patientKey, label }: PlannedPatch): string {
  return `${patientKey}/${label}/${file.path.slice(file.path.lastIndexOf('/') + 1)}`;
}

function planFile(file: SourceFile): PlannedPatch | Fault {
  const segments = file.path.split('/');
  const [patientFolder, classFolder] = segments.slice(-3);
  const baseName = segments.at(-1) ?? '';
  if (!/\.png$/i.test(baseName) || baseName.startsWith('.')) {
    return { code: 'STRAY_FILE', reason: 'It is not a .png file; only patches are imported.' };
  }
  const name = parsePatchName(baseName);
  if (!name) {
    return { code: 'NAME_UNPARSEABLE', reason: 'Its name is not of the form PATIENT_idx5_xX_yY_classC.png.' };
  }
  if (segments.length < 3 || (classFolder !== '0' && classFolder !== '1')) {
    return { code: 'OUTSIDE_LAYOUT', reason: 'It does not lie in PATIENT/CLASS/, where CLASS is 0 or 1.' };
  }
  if (patientFolder !== name.patientKey) {
    const reason = `Its name says patient ${name.patientKey}, its folder ${patientFolder?.slice(0, 40)}.`;
    return { code: 'PATIENT_FOLDER_DISAGREES', reason };
  }
  if (classFolder !== String(name.label)) {
    return {
      code: 'CLASS_FOLDER_DISAGREES',
      reason: `Its name says class ${name.label}, its folder ${classFolder}.`,
    };
  }
  const { patientKey, label } = name;
  return { file, patientKey, x: name.x - 1, y: name.y - 1, label };
}

/** Packing order; within one place the shortest path first, so that the outer of two copies is the one kept. */
function comparePatches(left: PlannedPatch, right: PlannedPatch): number {
  if (left.patientKey !== right.patientKey) return left.patientKey < right.patientKey ? -1 : 1;
  if (left.y !== right.y) return left.y - right.y;
  if (left.x !== right.x) return left.x - right.x;
  if (left.file.path.length !== right.file.path.length) return left.file.path.length - right.file.path.length;
  return left.file.path < right.file.path ? -1 : 1;
}

function* keepOnePerPlace(sorted: readonly PlannedPatch[], refuse: Refuse): Generator<PlannedPatch> {
  for (let first = 0, next = 1; first < sorted.length; first = next, next = first + 1) {
    const kept = sorted[first] as PlannedPatch;
    while (next < sorted.length && isSamePlace(kept, sorted[next] as PlannedPatch)) next++;
    const group = sorted.slice(first, next);
    if (group.some(({ label }) => label !== kept.label)) {
      const reason = `The place x ${kept.x + 1}, y ${kept.y + 1} of patient ${kept.patientKey} appears with both classes.`;
      for (const { file } of group) refuse({ path: file.path, code: 'CONFLICTING_CLASS', reason });
      continue;
    }
    for (const { file } of group.slice(1)) {
      refuse({
        path: file.path,
        code: 'DUPLICATE',
        reason: 'The same patch was found before, and is imported once.',
      });
    }
    yield kept;
  }
}

function isSamePlace(left: PlannedPatch, right: PlannedPatch): boolean {
  return left.patientKey === right.patientKey && left.x === right.x && left.y === right.y;
}
