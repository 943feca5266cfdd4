/**
 * The patches that two runs both predicted, side by side, as the paired statistics take them. A patch is the same where
 * patient, slide and place agree, so runs on different splits or on two imports of the same slides pair on what they share.
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
  /** Numbered without gaps: a patient without a patch that both runs predicted is left out. */
  patients: Int32Array;
  /** By the numbers in `patients`, sorted. */
  patientKeys: string[];
};

/** Null when they share nothing. */
export function alignPatches(a: PlacedPredictions, b: PlacedPredictions): AlignedPatches | null {
  const { positionsA, positionsB } = findShared(a, b);
  const count = positionsA.length;
  if (count === 0) return null;
  const { numbers, patientKeys } = numberPatients(a, positionsA);
  const aligned = {
    a: new Float64Array(count),
    b: new Float64Array(count),
    labels: new Uint8Array(count),
    patients: new Int32Array(count),
    patientKeys,
  };
  for (let at = 0; at < count; at++) {
    const [inA, inB] = [positionsA[at] as number, positionsB[at] as number];
    aligned.a[at] = a.scored.probabilities[inA] as number;
    aligned.b[at] = b.scored.probabilities[inB] as number;
    aligned.labels[at] = a.scored.labels[inA] as number;
    aligned.patients[at] = numbers[a.scored.patients[inA] as number] as number;
  }
  return aligned;
}

/** The patients of these positions in their order, numbered without gaps. */
function numberPatients({ scored, patientKeys }: PlacedPredictions, positions: Int32Array) {
  const isPresent = new Uint8Array(patientKeys.length);
  for (const position of positions) isPresent[scored.patients[position] as number] = 1;
  const numbers = new Int32Array(patientKeys.length);
  let count = 0;
  for (let patient = 0; patient < numbers.length; patient++)
    if (isPresent[patient]) numbers[patient] = count++;
  return { numbers, patientKeys: patientKeys.filter((_, patient) => isPresent[patient]) };
}

type Positions = { positionsA: Int32Array; positionsB: Int32Array };

function findShared(a: PlacedPredictions, b: PlacedPredictions): Positions {
  // Numbers compare many times faster than names, and a dataset has hundreds of thousands of patches.
  const rowLength = Math.max(findLargest(a.y), findLargest(b.y)) + 1;
  const places = placeBySlide(b, rowLength);
  const slidesOfA = nameSlides(a).map((name) => places.get(name));
  const positionsA = new Int32Array(a.x.length);
  const positionsB = new Int32Array(a.x.length);
  let count = 0;
  for (let inA = 0; inA < a.x.length; inA++) {
    const place = (a.x[inA] as number) * rowLength + (a.y[inA] as number);
    const inB = slidesOfA[a.slides[inA] as number]?.get(place);
    if (inB === undefined) continue;
    positionsA[count] = inA;
    positionsB[count++] = inB;
  }
  return { positionsA: positionsA.subarray(0, count), positionsB: positionsB.subarray(0, count) };
}

/** Slide → place on it → position of the patch. */
function placeBySlide(run: PlacedPredictions, rowLength: number): Map<string, Map<number, number>> {
  const names = nameSlides(run);
  const bySlide = names.map(() => new Map<number, number>());
  for (let position = 0; position < run.x.length; position++) {
    const place = (run.x[position] as number) * rowLength + (run.y[position] as number);
    bySlide[run.slides[position] as number]?.set(place, position);
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
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  return largest;
}
