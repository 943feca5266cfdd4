/**
 * A share of the planned patches that keeps as many patients as it can. Small patients stay whole and large
 * ones give way first: each patient gets the same number of patches, or all that it has.
 */
import { createRandom, deriveSeed, shuffle } from '@microtome/domain/seeded-random';
import type { PlannedPatch } from './planned-patch.ts';

/**
 * At most `maxPatches` of the patches, in their old order. The same seed takes the same patches; which ones of
 * a patient are taken does not depend on the other patients. With fewer patches than patients, seeded chance
 * decides which patients keep one.
 */
export function selectPatches(
  planned: readonly PlannedPatch[],
  { maxPatches, seed }: { maxPatches: number; seed: number },
): PlannedPatch[] {
  if (planned.length <= maxPatches) return [...planned];
  const byPatient = groupByPatient(planned);
  const order = shuffle(
    [...byPatient.keys()],
    createRandom(deriveSeed(seed, 'import-selection', 'patients')),
  );
  const sizes = order.map((patientKey) => byPatient.get(patientKey)!.length);
  const quotas = shareEqually(sizes, maxPatches);
  const taken = new Set<PlannedPatch>();
  order.forEach((patientKey, position) => {
    const random = createRandom(deriveSeed(seed, 'import-selection', patientKey));
    for (const patch of shuffle(byPatient.get(patientKey)!, random).slice(0, quotas[position]))
      taken.add(patch);
  });
  return planned.filter((patch) => taken.has(patch));
}

function groupByPatient(planned: readonly PlannedPatch[]): Map<string, PlannedPatch[]> {
  const groups = new Map<string, PlannedPatch[]>();
  for (const patch of planned) {
    const group = groups.get(patch.patientKey);
    if (group) group.push(patch);
    else groups.set(patch.patientKey, [patch]);
  }
  return groups;
}

/** Equal shares of `total`, none above its size; what cannot be shared equally goes to the first in order. */
function shareEqually(sizes: readonly number[], total: number): number[] {
  const smallestFirst = sizes.map((_, position) => position).sort((a, b) => sizes[a]! - sizes[b]!);
  let left = total;
  let level = 0;
  for (const [rank, position] of smallestFirst.entries()) {
    level = Math.floor(left / (sizes.length - rank));
    if (sizes[position]! > level) break;
    left -= sizes[position]!;
  }
  const quotas = sizes.map((size) => Math.min(size, level));
  let spare = total - quotas.reduce((sum, quota) => sum + quota, 0);
  for (let position = 0; position < quotas.length && spare > 0; position++) {
    if (quotas[position]! >= sizes[position]!) continue;
    quotas[position]! += 1;
    spare -= 1;
  }
  return quotas;
}
