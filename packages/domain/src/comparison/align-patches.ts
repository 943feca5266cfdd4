/**
 * The patches that two runs both predicted, side by side, as the paired statistics take them. A patch is the same where
 * patient, slide and place are, so runs on different splits, or on two imports of the same slides, pair on what they share.
 */
import type { Scored } from '../metrics/scored.ts';

/** Predictions with the place of each patch. */
export type PlacedPredictions = {
  scored: Scored;
  /** By the patient numbers of `scored`, sorted. */
  patientKeys: readonly string[];
  /** Position of each patch's slide in `slideKeys`. A key names a slide within its patient. */
  slides: Int32Array;
  slideKeys: readonly string[];
  /** Left and top edge on the slide. */
  x: Int32Array;
  y: Int32Array;
};

type AlignedPatches = {
  /** Probabilities of the two runs, patch by patch, in the order of the first one's patches. */
  a: Float64Array;
  b: Float64Array;
  labels: Uint8Array;
  /** Numbered without gaps: a patient all of whose patches only one run predicted is left out. */
  patients: Int32Array;
  /** By the numbers in `patients`, sorted. */
  patientKeys: string[];
};

/** Null when they share nothing. */
export function alignPatches(a: PlacedPredictions, b: PlacedPredictions): AlignedPatches | null {
  const { positionsA, positionsB } = findShared(a, b);
  if (positionsA.length === 0) return null;
  const { probabilities, labels, patients } = a.scored;
  const patientsOfA = Int32Array.from(positionsA, (position) => patients[position] ?? 0);
  const present = [...new Set(patientsOfA)].sort((x, y) => x - y);
  const numbers = new Map(present.map((patient, number) => [patient, number]));
  return {
    a: Float64Array.from(positionsA, (position) => probabilities[position] ?? Number.NaN),
    b: Float64Array.from(positionsB, (position) => b.scored.probabilities[position] ?? Number.NaN),
    labels: Uint8Array.from(positionsA, (position) => labels[position] ?? 0),
    patients: patientsOfA.map((patient) => numbers.get(patient) ?? 0),
    patientKeys: present.map((patient) => a.patientKeys[patient] ?? ''),
  };
}

type Positions = { positionsA: number[]; positionsB: number[] };

function findShared(a: PlacedPredictions, b: PlacedPredictions): Positions {
  // Numbers compare many times faster than names, and a dataset has hundreds of thousands of patches.
  const rowLength = Math.max(findLargest(a.y), findLargest(b.y)) + 1;
  const places = placeBySlide(b, rowLength);
  const namesA = nameSlides(a);
  const positionsA: number[] = [];
  const positionsB: number[] = [];
  for (let inA = 0; inA < a.x.length; inA++) {
    const slide = places.get(namesA[a.slides[inA] ?? 0] ?? '');
    const inB = slide?.get((a.x[inA] ?? 0) * rowLength + (a.y[inA] ?? 0));
    if (inB === undefined) continue;
    positionsA.push(inA);
    positionsB.push(inB);
  }
  return { positionsA, positionsB };
}

/** Slide → place on it → position of the patch. */
function placeBySlide(run: PlacedPredictions, rowLength: number): Map<string, Map<number, number>> {
  const names = nameSlides(run);
  const bySlide = names.map(() => new Map<number, number>());
  for (let position = 0; position < run.x.length; position++) {
    const place = (run.x[position] ?? 0) * rowLength + (run.y[position] ?? 0);
    bySlide[run.slides[position] ?? 0]?.set(place, position);
  }
  return new Map(bySlide.map((places, slide) => [names[slide] ?? '', places]));
}

/** Each slide by patient and key: the same in every dataset that holds it. */
function nameSlides({ scored, patientKeys, slides, slideKeys }: PlacedPredictions): string[] {
  const names = new Array<string>(slideKeys.length).fill('');
  for (let position = 0; position < slides.length; position++) {
    const slide = slides[position] ?? 0;
    names[slide] ||= JSON.stringify([patientKeys[scored.patients[position] ?? 0], slideKeys[slide]]);
  }
  return names;
}

function findLargest(values: Int32Array): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}
