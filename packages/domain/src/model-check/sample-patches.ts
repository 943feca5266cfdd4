/** Which patches of a side are computed once more: all of a small one; else some of every patient, drawn by a seed. */
import { createRandom, deriveSeed, shuffle } from '../seeded-random.ts';

/** Of each side. */
const SAMPLE_PATCHES_MAX = 1_000;

/**
 * Positions among the patches of the side, rising. Patients take turns, so that none with patches left has two fewer than
 * another: a model that was swapped for some patients alone is seen.
 */
export function samplePatches(
  patients: ArrayLike<number>,
  { seed, max = SAMPLE_PATCHES_MAX }: { seed: number; max?: number },
): Int32Array {
  const count = patients.length;
  if (count <= max) return Int32Array.from({ length: count }, (_, position) => position);
  const queues = new Map<number, number[]>();
  for (const position of shuffle([...Array(count).keys()], createRandom(deriveSeed(seed, 'model check')))) {
    const patient = patients[position]!;
    const queue = queues.get(patient);
    if (queue) queue.push(position);
    else queues.set(patient, [position]);
  }
  const taken: number[] = [];
  for (let turn = 0; taken.length < max; turn++) {
    for (const queue of queues.values()) {
      const position = queue[turn];
      if (position !== undefined && taken.length < max) taken.push(position);
    }
  }
  return Int32Array.from(taken).sort();
}
