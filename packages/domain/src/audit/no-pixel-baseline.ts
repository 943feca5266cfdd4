/**
 * A classifier that never looks at the image: a held-out patch gets the share of positives among the nearest
 * TRAIN patches of the same patient, by coordinates. On a split by patient it has nothing to say; where it has
 * an answer, its accuracy shows how much the leak is worth.
 */
import { invariant } from '../app-error.ts';
import type { Scored } from '../metrics/scored.ts';
import { type AuditedPatches, groupByPatient, TRAIN_INDEX } from './audited-patches.ts';

export const NEIGHBOUR_COUNT = 8;
/** How many of its four neighbours (left, right, above, below) a patch of a complete slide has on average. */
const WHOLE_NEIGHBOURS_MIN = 2;

type NoPixelScores = {
  /** The held-out patches whose patient has TRAIN patches, with the share of votes as probability. */
  scored: Scored;
  /** Their indices among the audited patches. */
  indices: Int32Array;
  /** All held-out patches; those that are not scored have no neighbour for the rule to use. */
  heldOut: number;
};

/** Scores every held-out patch that it can. Equally near neighbours are taken by y, then by x. */
export function scoreWithoutPixels(patches: AuditedPatches, neighbourCount = NEIGHBOUR_COUNT): NoPixelScores {
  const indices: number[] = [];
  const probabilities: number[] = [];
  let heldOut = 0;
  for (const group of groupByPatient(patches.patients).values()) {
    const training = group
      .filter((index) => patches.subsets[index] === TRAIN_INDEX)
      .sort(byRowAndColumn(patches));
    const others = group.filter((index) => patches.subsets[index] !== TRAIN_INDEX);
    heldOut += others.length;
    if (training.length === 0) continue;
    for (const index of others) {
      indices.push(index);
      probabilities.push(vote(findNearest(index, { patches, training, neighbourCount }), patches));
    }
  }
  return {
    scored: {
      probabilities: Float64Array.from(probabilities),
      labels: Uint8Array.from(indices, (index) => patches.labels[index] as number),
      patients: Int32Array.from(indices, (index) => patches.patients[index] as number),
    },
    indices: Int32Array.from(indices),
    heldOut,
  };
}

/** Where no place is known, no patch has neighbours. */
export function scoreNothing({ subsets }: AuditedPatches): NoPixelScores {
  return {
    scored: { probabilities: new Float64Array(), labels: new Uint8Array(), patients: new Int32Array() },
    indices: new Int32Array(),
    heldOut: subsets.filter((subset) => subset !== TRAIN_INDEX).length,
  };
}

/** The nearest training patches, by an insertion into a short sorted list. */
function findNearest(
  index: number,
  {
    patches,
    training,
    neighbourCount,
  }: { patches: AuditedPatches; training: readonly number[]; neighbourCount: number },
): number[] {
  const nearest: number[] = [];
  const distances: number[] = [];
  for (const other of training) {
    const distance = squaredDistance(patches, { index, other });
    if (nearest.length === neighbourCount && distance >= (distances.at(-1) ?? 0)) continue;
    let place = distances.length;
    while (place > 0 && (distances[place - 1] ?? 0) > distance) place--;
    distances.splice(place, 0, distance);
    nearest.splice(place, 0, other);
    if (nearest.length > neighbourCount) {
      nearest.pop();
      distances.pop();
    }
  }
  return nearest;
}

function squaredDistance(
  { x, y }: AuditedPatches,
  { index, other }: { index: number; other: number },
): number {
  const across = (x[index] as number) - (x[other] as number);
  const down = (y[index] as number) - (y[other] as number);
  return across * across + down * down;
}

function vote(nearest: readonly number[], { labels }: AuditedPatches): number {
  invariant(nearest.length > 0, 'a patient with TRAIN patches has a nearest one');
  return nearest.reduce((sum, index) => sum + (labels[index] as number), 0) / nearest.length;
}

/**
 * For each patient, by dense index, whether its slide is complete: its patches have, on average, at least two of the
 * four patches to the left, right, above and below them. A patient with only some of its patches is sparse.
 */
export function findWholePatients({ patients, x, y }: AuditedPatches, patchSizePx: number): Uint8Array {
  const groups = groupByPatient(patients);
  const whole = new Uint8Array(Math.max(-1, ...groups.keys()) + 1);
  for (const [patient, group] of groups) {
    const cells = new Set(group.map((index) => `${x[index]}:${y[index]}`));
    let neighbours = 0;
    for (const index of group) {
      const [left, top] = [x[index] as number, y[index] as number];
      for (const step of [-patchSizePx, patchSizePx]) {
        if (cells.has(`${left + step}:${top}`)) neighbours++;
        if (cells.has(`${left}:${top + step}`)) neighbours++;
      }
    }
    whole[patient] = neighbours >= WHOLE_NEIGHBOURS_MIN * group.length ? 1 : 0;
  }
  return whole;
}

function byRowAndColumn({ x, y }: AuditedPatches): (a: number, b: number) => number {
  return (a, b) => (y[a] as number) - (y[b] as number) || (x[a] as number) - (x[b] as number) || a - b;
}
