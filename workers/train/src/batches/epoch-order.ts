/**
 * In which order an epoch shows the training patches: a function of the seed and the epoch alone, so that a resumed
 * run repeats it exactly.
 */
import { createRandom, deriveSeed, type SeededRandom, shuffle } from '@microtome/domain/seeded-random';

type EpochOrderRequest = {
  /** 0 or 1 for every training patch. */
  labels: Uint8Array;
  /** Dense patient number of every training patch. */
  patients: Int32Array;
  /** `patch`: every patch once. `balanced`: every patient equally often (± 1), its patches in turn. */
  sampling: 'patch' | 'balanced';
  /** `sampled`: both classes equally often (± 1), the rarer one's patches over and over. */
  weighting: 'none' | 'balanced' | 'sampled';
  seed: number;
  /** 0-based. */
  epochIndex: number;
};

/** Positions in the list of training patches; as many as there are patches, whatever the sampling. */
export function orderEpoch(request: EpochOrderRequest): Int32Array {
  const { labels, patients, sampling, weighting, seed, epochIndex } = request;
  const random = createRandom(deriveSeed(seed, 'order', epochIndex));
  const all = Array.from(patients.keys());
  const draw = (positions: number[], count: number) =>
    sampling === 'balanced'
      ? takeTurns([...groupByPatient(positions, patients).values()], { count, random })
      : takeTurns([positions], { count, random });
  const classes = [0, 1].map((label) => all.filter((position) => labels[position] === label));
  if (weighting !== 'sampled' || classes.some((positions) => positions.length === 0)) {
    return Int32Array.from(draw(all, all.length));
  }
  const half = Math.ceil(all.length / 2);
  const streams = classes.map((positions) => draw(positions, half));
  return Int32Array.from(takeTurns(streams, { count: all.length, random, isOrdered: true }));
}

/** Rounds in which every queue gives one position; whichever runs out begins again. */
function takeTurns(
  groups: readonly number[][],
  draw: { count: number; random: SeededRandom; isOrdered?: boolean },
): number[] {
  const { count, random, isOrdered = false } = draw;
  const queues = isOrdered ? groups : groups.map((positions) => shuffle(positions, random));
  const order: number[] = [];
  for (let round = 0; order.length < count; round++) {
    for (const queue of shuffle(queues, random).slice(0, count - order.length)) {
      order.push(queue[round % queue.length] as number);
    }
  }
  return order;
}

function groupByPatient(positions: readonly number[], patients: Int32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const position of positions) {
    const patient = patients[position] as number;
    const group = groups.get(patient);
    if (group) group.push(position);
    else groups.set(patient, [position]);
  }
  return groups;
}
