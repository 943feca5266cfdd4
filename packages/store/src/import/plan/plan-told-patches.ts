/**
 * From what a source tells of its files to the plan of an import: the unit is found, patches are put in order, and each
 * gets its class. Whichever way a source came in, the same facts give the same dataset.
 */
import { AppError } from '@microtome/domain/app-error';
import type { PlacesFrom } from '@microtome/domain/slide/patch-name';
import { isOnSlide, SLIDE_SIDE_PX_MAX } from '@microtome/domain/slide/slide-extent';
import { explainLongKeys } from '@microtome/domain/source/patient-rule';
import type { PatchFacts } from '@microtome/domain/source/source-patch';
import { CLASSES_MAX } from '@microtome/domain/task/task';
import {
  findSplittingUnit,
  keySplittingUnit,
  measureUnits,
  type SplittingUnit,
} from '@microtome/domain/unit/splitting-unit';
import { explainPartlyTold, nameUnit } from '@microtome/domain/unit/unit-words';
import { atField } from '../at-field.ts';
import { findUnreadable } from '../facts/readable-facts.ts';
import type { Refuse } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';
import type { ImportPlan, PlannedClass, PlannedPatch, PlannedTask } from './planned-patch.ts';

/** The one key of a dataset in which nothing binds patches together. It stands for no patient. */
const UNKNOWN = 'unknown';
const NO_COPIES: readonly SourceFile[] = [];

type ToldSource = {
  told: readonly { file: SourceFile; facts: PatchFacts }[];
  /** The namespace of the keys: the layout's, or that of a manifest. */
  source: string;
  placesFrom: PlacesFrom;
  /** In their order, where the layout has a fixed list; null takes those that are found, by name. */
  classes: readonly PlannedClass[] | null;
  task: PlannedTask | null;
  /** Null takes the largest that the source tells of every patch; of another, patches that lack it are refused. */
  unit: SplittingUnit | null;
};

/**
 * A patch without a class is refused, as is one whose facts cannot be read by people, and a place that appears with two of them; of several files of one place and
 * class the others are kept as copies.
 * @throws AppError BAD_INPUT for a slide on two sites, for too many classes, and for a unit that the source does not tell
 */
export function planToldPatches(source: ToldSource, refuse: Refuse): ImportPlan {
  const { placesFrom, task } = source;
  const classed = source.told.filter(({ file, facts }) => {
    if (facts.className !== null) return true;
    refuse({ path: file.path, code: 'NO_CLASS', reason: 'The source tells no class of it.' });
    return false;
  });
  const readable = classed.filter(({ file, facts }) => {
    const fault = findUnreadable(facts);
    if (fault) refuse({ path: file.path, ...fault });
    return !fault;
  });
  const unit = source.unit ?? findSplittingUnit(readable.map(({ facts }) => facts));
  const bound = atField('unit', () => keepThoseWithUnit(readable, { unit, refuse }));
  const names = () => bound.map(({ facts }) => facts.className ?? '');
  const classes = source.classes ?? atField('map', () => listClasses(names()));
  const positions = new Map(classes.map(({ name }, position) => [name, position]));
  const planned: PlannedPatch[] = [];
  for (const { file, facts } of bound) {
    const classPosition = positions.get(facts.className ?? '');
    if (classPosition === undefined) {
      const reason = `Its class '${facts.className}' is none of the layout.`;
      refuse({ path: file.path, code: 'NO_CLASS', reason });
      continue;
    }
    const { x, y } = facts;
    if (x !== null && y !== null && !isOnSlide({ x, y })) {
      const [shownX, shownY, limit] = [x + placesFrom, y + placesFrom, SLIDE_SIDE_PX_MAX].map((px) =>
        px.toLocaleString('en'),
      );
      const reason = `Its place is x ${shownX}, y ${shownY}; no slide has more than ${limit} pixels a side.`;
      refuse({ path: file.path, code: 'BEYOND_A_SLIDE', reason });
      continue;
    }
    planned.push(placePatch({ file, facts, unit, classPosition }));
  }
  checkSites(planned, unit);
  planned.sort(comparePatches);
  const patches = [...keepOnePerPlace(planned, { unit, placesFrom, refuse })];
  const unitNotice = explainUnit(source, { readable, bound });
  return { patches, placesFrom, source: source.source, unit, unitNotice, classes, task };
}

type Told = ToldSource['told'];

/** Why it is split by that, and what is odd about it; null where there is nothing to say. */
function explainUnit(
  { unit }: ToldSource,
  { readable, bound }: { readable: Told; bound: Told },
): string | null {
  const choice =
    unit === null
      ? explainPartlyTold(measureUnits(readable.map(({ facts }) => facts)), readable.length)
      : null;
  const patients = new Set(bound.flatMap(({ facts }) => facts.patient ?? []));
  return [choice, explainLongKeys([...patients])].filter((part) => part !== null).join(' ') || null;
}

/** @throws AppError BAD_INPUT where no patch has the unit */
function keepThoseWithUnit(told: Told, { unit, refuse }: { unit: SplittingUnit; refuse: Refuse }): Told {
  if (unit === 'NONE') return told;
  const { one, by } = nameUnit(unit);
  const kept = told.filter(({ facts }) => keySplittingUnit(unit, facts) !== null);
  if (kept.length === 0 && told.length > 0) {
    throw new AppError('BAD_INPUT', `It cannot be split ${by}: the source tells no ${one} of any patch.`);
  }
  for (const { file, facts } of told) {
    if (keySplittingUnit(unit, facts) !== null) continue;
    refuse({ path: file.path, code: 'NO_UNIT', reason: `The source tells no ${one} of it.` });
  }
  return kept;
}

function listClasses(names: readonly string[]): PlannedClass[] {
  const found = [...new Set(names)].sort(compareText);
  if (found.length > CLASSES_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `The source has ${found.length} classes, such as '${found[0]}' and '${found[1]}': a dataset takes ${CLASSES_MAX}.`,
    );
  }
  return found.map((name) => ({ name, code: name }));
}

function placePatch(patch: {
  file: SourceFile;
  facts: PatchFacts;
  unit: SplittingUnit;
  classPosition: number;
}): PlannedPatch {
  const { file, facts, unit, classPosition } = patch;
  const patientKey = keySplittingUnit(unit, facts) ?? UNKNOWN;
  return {
    file,
    copies: NO_COPIES,
    patientKey,
    slideKey: facts.slide ?? patientKey,
    x: facts.x,
    y: facts.y,
    classPosition,
    site: facts.site,
    micronsPerPixel: facts.micronsPerPixel,
    givenSubset: facts.subset,
  };
}

/** A slide was scanned in one place. */
function checkSites(patches: readonly PlannedPatch[], unit: SplittingUnit): void {
  if (unit === 'NONE') return;
  const siteOf = new Map<string, string | null>();
  for (const { patientKey, slideKey, site, file } of patches) {
    const slide = `${patientKey}\n${slideKey}`;
    const known = siteOf.get(slide);
    if (known === undefined) siteOf.set(slide, site);
    else if (known !== site && slideKey !== patientKey) {
      throw new AppError(
        'BAD_INPUT',
        `Slide '${slideKey}' is on two sites, '${known ?? 'none'}' and '${site ?? 'none'}' (${file.path}).`,
      );
    }
  }
}

/** Packing order; within one place the shortest path first, so that the outer of two copies is the one kept. */
function comparePatches(left: PlannedPatch, right: PlannedPatch): number {
  return (
    compareText(left.patientKey, right.patientKey) ||
    compareText(left.slideKey, right.slideKey) ||
    (left.y ?? -1) - (right.y ?? -1) ||
    (left.x ?? -1) - (right.x ?? -1) ||
    left.file.path.length - right.file.path.length ||
    compareText(left.file.path, right.file.path)
  );
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

type PlaceRules = { unit: SplittingUnit; placesFrom: PlacesFrom; refuse: Refuse };

function* keepOnePerPlace(
  sorted: readonly PlannedPatch[],
  { unit, placesFrom, refuse }: PlaceRules,
): Generator<PlannedPatch> {
  for (let first = 0, next = 1; first < sorted.length; first = next, next = first + 1) {
    const kept = sorted[first] as PlannedPatch;
    while (next < sorted.length && isSamePlace(kept, sorted[next] as PlannedPatch)) next++;
    const group = sorted.slice(first, next);
    if (group.every(({ classPosition }) => classPosition === kept.classPosition)) {
      yield group.length === 1 ? kept : { ...kept, copies: group.slice(1).map(({ file }) => file) };
      continue;
    }
    const { patientKey, slideKey } = kept;
    const whose = slideKey === patientKey ? `${nameUnit(unit).one} ${patientKey}` : `slide ${slideKey}`;
    const place = `x ${(kept.x ?? 0) + placesFrom}, y ${(kept.y ?? 0) + placesFrom} of ${whose}`;
    const reason = `The place ${place} appears with several classes.`;
    for (const { file } of group) refuse({ path: file.path, code: 'CONFLICTING_CLASS', reason });
  }
}

function isSamePlace(left: PlannedPatch, right: PlannedPatch): boolean {
  return (
    left.x !== null &&
    left.patientKey === right.patientKey &&
    left.slideKey === right.slideKey &&
    left.x === right.x &&
    left.y === right.y
  );
}
