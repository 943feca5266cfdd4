/** What an import packs, once it is known which files are patches: the patches in their order, and what they are of. */
import { type PlacesFrom, parsePatchName } from '@microtome/domain/slide/patch-name';
import { joinReach, type SlideReach } from '@microtome/domain/slide/slide-extent';
import { getFileName } from '@microtome/domain/source/file-path';
import type { Subset } from '@microtome/domain/split/subset';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import type { SourceFile } from '../source/patch-source.ts';

export type PlannedPatch = {
  file: SourceFile;
  /** Other files of the same patient, place and class, which may be the same patch or not. */
  copies: readonly SourceFile[];
  /** Key of its unit of splitting: the patient, or what the unit of the dataset says. */
  patientKey: string;
  /** That of the patient where the source tells of no slides. */
  slideKey: string;
  /** 0-based slide pixels of the top-left corner; both are null where the source tells no place. */
  x: number | null;
  y: number | null;
  /** Place of its class among those of the plan. */
  classPosition: number;
  site: string | null;
  micronsPerPixel: number | null;
  /** The side on which the publisher put it. */
  givenSubset: Subset | null;
};

/** A patch whose place is known. */
export type PlacedPatch = PlannedPatch & { x: number; y: number };

export function isPlaced(patch: PlannedPatch): patch is PlacedPatch {
  return patch.x !== null && patch.y !== null;
}

export type PlannedClass = {
  /** What the dataset calls it. */
  name: string;
  /** What the source calls it, which is what the import digest names. */
  code: string;
};

/** The task that a source proposes by itself, by the names of its classes. */
export type PlannedTask = {
  name?: string | undefined;
  positive: readonly string[];
  negative?: readonly string[] | undefined;
};

export type ImportPlan = {
  /** In packing order: by patient key, then slide, y, x. */
  patches: PlannedPatch[];
  /** From where the names of the source count. */
  placesFrom: PlacesFrom;
  /** The namespace of the patients' keys. */
  source: string;
  unit: SplittingUnit;
  /** That a larger unit is told of some patches and not of all; null where there is none. */
  unitNotice: string | null;
  /** All that the source has, by position. */
  classes: readonly PlannedClass[];
  /** Null where the source does not tell which of its classes is looked for. */
  task: PlannedTask | null;
};

/** Tells the slides of different patients apart. */
export function nameSlide({ patientKey, slideKey }: Pick<PlannedPatch, 'patientKey' | 'slideKey'>): string {
  return JSON.stringify([patientKey, slideKey]);
}

/** How far each slide reaches by what the source tells alone: at least one pixel beyond every corner. */
export function measureReach(patches: readonly PlannedPatch[]): Map<string, SlideReach> {
  const reaches = new Map<string, SlideReach>();
  for (const patch of patches) {
    if (patch.x === null || patch.y === null) continue;
    const corner = { right: patch.x + 1, bottom: patch.y + 1 };
    const slide = nameSlide(patch);
    const reach = reaches.get(slide);
    reaches.set(slide, reach ? joinReach(reach, corner) : corner);
  }
  return reaches;
}

/**
 * UNIT/CLASS/FILE, without whatever folders lie around it, and behind it what is told of the patch by something else than
 * its name: what the digest names. Made again at each call.
 */
export function namePatch(
  patch: Omit<PlannedPatch, 'file' | 'copies'>,
  { code }: Pick<PlannedClass, 'code'>,
  path: string,
): string {
  const { patientKey, slideKey, site, micronsPerPixel, givenSubset } = patch;
  const fileName = getFileName(path);
  const name = `${patientKey}/${code}/${fileName}`;
  const slide = slideKey === patientKey ? null : slideKey;
  const told = [slide, site, micronsPerPixel, givenSubset, tellPlace(patch, fileName)];
  return told.every((fact) => fact === null) ? name : `${name}\t${JSON.stringify(told)}`;
}

/** Null where the name says the place too, as that of an IDC patch does, which counts from 0 or from 1. */
function tellPlace({ x, y }: Pick<PlannedPatch, 'x' | 'y'>, fileName: string): [number, number] | null {
  if (x === null || y === null) return null;
  const named = parsePatchName(fileName);
  const from = named ? named.x - x : null;
  const isSaid = named !== null && (from === 0 || from === 1) && named.y - y === from;
  return isSaid ? null : [x, y];
}
