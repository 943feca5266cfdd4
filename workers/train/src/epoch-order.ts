/**
 * In which order an epoch shows the training patches: a function of the seed and the epoch alone, so that a resumed
 * run repeats it exactly.
 */
import { createRandom, deriveSeed, type SeededRandom, shuffle } from '@microtome/domain/seeded-random';

export type EpochOrderRequest = {
  /** Dense patient number of every training patch. */
  patients: Int32Array;
  /** `patch`: every patch once. `balanced`: every patient equally often (± 1), its patches in turn. */
  sampling: 'patch' | 'balanced';
  seed: number;
  /** 0-based. */
  epochIndex: number;
};

/** Positions in the list of training patches; as many as there are patches, whatever the sampling. */
export function orderEpoch({ patients, sampling, seed, epochIndex }: EpochOrderRequest): Int32Array {
  const random = createRandom(deriveSeed(seed, 'order', epochIndex));
  if (sampling === 'balanced') return takeTurns(patients, random);
  return Int32Array.from(shuffle(Array.from(patients.keys()), random));
}

/** Rounds in which every patient gives one patch; whoever runs out of patches begins again. */
function takeTurns(patients: Int32Array, random: SeededRandom): Int32Array {
  const queues = [...groupByPatient(patients).values()].map((positions) => shuffle(positions, random));
  const order = new Int32Array(patients.length);
  let filled = 0;
  for (let round = 0; filled < order.length; round++) {
    for (const queue of shuffle(queues, random).slice(0, order.length - filled)) {
      order[filled++] = queue[round % queue.length] as number;
    }
  }
  return order;
}

function groupByPatient(patients: Int32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  patients.forEach((patient, position) => {
    const group = groups.get(patient);
    if (group) group.push(position);
    else groups.set(patient, [position]);
  });
  return groups;
}
