/** The plan of what a source told: its places counted from 0, its classes and its task as the layout means them. */
import type { PlacesFrom } from '@microtome/domain/slide/patch-name';
import type { Layout } from '@microtome/domain/source/layout/layout';
import type { ToldPatch } from '../facts/told-patch.ts';
import type { Refuse } from '../refusal.ts';
import { planToldPatches } from './plan-told-patches.ts';
import type { ImportPlan, PlannedTask } from './planned-patch.ts';

/**
 * `layout` is null where a manifest tells. Keys in a manifest are whatever a group calls its patients, so they are
 * `patientsOf` that group alone: patient 1 of two groups is not one person.
 */
export function planSource(
  { told, layout, patientsOf }: { told: readonly ToldPatch[]; layout: Layout | null; patientsOf: string },
  refuse: Refuse,
): ImportPlan {
  const placesFrom = layout?.mayCountFromOne ? findPlacesFrom(told) : 0;
  // The identity of IDC's patches says 0 and 1, as their names do.
  const isIdc = layout?.keysOf === 'IDC';
  const classes = layout?.classes?.map((name, at) => ({ name, code: isIdc ? String(at) : name })) ?? null;
  return planToldPatches(
    {
      told: placesFrom === 0 ? told : told.map(moveToZero),
      source: layout?.keysOf ?? patientsOf,
      placesFrom,
      classes,
      task: layout ? findTask(layout, told) : null,
      unit: null,
    },
    refuse,
  );
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
function findTask({ task, classes }: Layout, told: readonly ToldPatch[]): PlannedTask | null {
  if (!task) return null;
  const found = classes ?? [...new Set(told.flatMap(({ facts }) => facts.className ?? []))];
  const positive = task.positive.filter((name) => found.includes(name));
  return positive.length > 0 && positive.length < found.length ? { name: task.name, positive } : null;
}
