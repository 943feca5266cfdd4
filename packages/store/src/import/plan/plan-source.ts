/** The plan of what a source told: its places counted from 0, its classes and its task as the layout means them. */
import type { PlacesFrom } from '@microtome/domain/slide/patch-name';
import { IDC } from '@microtome/domain/source/layout/idc';
import type { Layout } from '@microtome/domain/source/layout/layout';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import type { ToldPatch } from '../facts/told-patch.ts';
import type { Refuse } from '../refusal.ts';
import { planToldPatches } from './plan-told-patches.ts';
import type { ImportPlan, PlannedTask } from './planned-patch.ts';

type SourceToPlan = {
  told: readonly ToldPatch[];
  /** Null where a manifest tells. */
  layout: Layout | null;
  /** The namespace of the keys: keys of one namespace are one patient in all datasets. */
  keysOf: string;
  /** A smaller unit than the source would allow; null takes the largest that it tells of every patch. */
  unit: SplittingUnit | null;
  /** Whether it has no classes, whatever the layout has. */
  unlabelled: boolean;
};

export function planSource(source: SourceToPlan, refuse: Refuse): ImportPlan {
  const { told, layout, keysOf, unit, unlabelled } = source;
  const placesFrom = layout?.mayCountFromOne ? findPlacesFrom(told) : 0;
  const listed = unlabelled ? null : (layout?.classes ?? findIdcClasses(told));
  // The identity of IDC's patches says 0 and 1, as their names do, whichever way they come.
  const isIdc = listed === IDC.classes;
  const classes = listed?.map((name, at) => ({ name, code: isIdc ? String(at) : name })) ?? null;
  return planToldPatches(
    {
      told: placesFrom === 0 ? told : told.map(moveToZero),
      source: keysOf,
      placesFrom,
      classes,
      task: unlabelled ? null : findTask(isIdc ? IDC : layout, told),
      unit,
    },
    refuse,
  );
}

/** Those of IDC in their own order, where a manifest has no other ones. */
function findIdcClasses(told: readonly ToldPatch[]): readonly string[] | null {
  const found = new Set(told.map(({ facts }) => facts.className));
  found.delete(null);
  const isIdc = found.size > 0 && [...found].every((name) => name && IDC.classes?.includes(name));
  return isIdc ? IDC.classes : null;
}

/** From where the names count: from 0 as soon as one of them says 0. */
function findPlacesFrom(told: readonly ToldPatch[]): PlacesFrom {
  return told.some(({ facts: { x, y } }) => x === 0 || y === 0) ? 0 : 1;
}

function moveToZero({ file, facts }: ToldPatch): ToldPatch {
  const { x, y } = facts;
  return { file, facts: { ...facts, x: x === null ? null : x - 1, y: y === null ? null : y - 1 } };
}

/** The task that the publisher means, as far as the source has its classes on both sides. */
function findTask(layout: Layout | null, told: readonly ToldPatch[]): PlannedTask | null {
  if (!layout?.task) return null;
  const { task, classes } = layout;
  const found = classes ?? [...new Set(told.flatMap(({ facts }) => facts.className ?? []))];
  const positive = task.positive.filter((name) => found.includes(name));
  return positive.length > 0 && positive.length < found.length ? { name: task.name, positive } : null;
}
