/**
 * The step behind a network that reads a patch together with its neighbours. How far it looks and how much the neighbours
 * weigh is chosen on VALIDATION by patient, with a temperature and a threshold of its own. The patch's own probability stays.
 */
import { calibrate, fitTemperature, logError, toLogit } from '../metrics/calibration.ts';
import { countClasses, countPatients, type Scored, takePatches } from '../metrics/scored.ts';
import { chooseThreshold, type ThresholdRule } from '../metrics/threshold.ts';
import { averageAround, CONTEXT_RADIUS_MAX, findNeighboured, type PatchPlaces } from './neighbourhood.ts';

/** What tables of predictions call the probability in context. Its cell is empty where a patch has none. */
export const CONTEXT_COLUMN = 'contextProbability';

const WEIGHTS = [0.25, 0.5, 0.75, 1];

export type ContextStep = {
  /** In patch sides; 0 is off: then the probability in context is the patch's own. */
  radius: number;
  /** Share of the neighbourhood's mean logit in the logit in context, the rest is the patch's own; 0 where off. */
  weight: number;
  temperature: number;
  /** For the probability in context. */
  threshold: number;
};

/** Predictions, whether or not they have labels, with the places of their patches. */
export type PlacedProbabilities = { probabilities: Float64Array; places: PatchPlaces };

/** Predictions of one side of a split with the places of their patches. */
export type PlacedScores = { scored: Scored; places: PatchPlaces };

type Choice = { rule: ThresholdRule; targetSensitivity: number };

/**
 * The radius and weight with the least log loss, the mean over patients of each one's mean; the smaller where two are as
 * good. Each is judged as recalibrated. Null where no slide has enough neighbours, or a class is missing on those that do.
 */
export function chooseContext(
  validation: PlacedScores,
  choice: Choice & { ownThreshold: number },
): ContextStep | null {
  const { scored, places } = keepNeighboured(validation);
  const { positives, negatives } = countClasses(scored.labels);
  if (positives === 0 || negatives === 0) return null;
  const own = Float64Array.from(scored.probabilities, toLogit);
  const judge = (logits: Float64Array) => {
    const temperature = fitTemperature(logits, scored.labels);
    const probabilities = logits.map((logit) => calibrate(logit, temperature));
    return { temperature, probabilities, loss: averageLossByPatient({ ...scored, probabilities }) };
  };
  let best = { radius: 0, weight: 0, ...judge(own) };
  for (let radius = 1; radius <= CONTEXT_RADIUS_MAX; radius++) {
    const around = averageAround(own, { places, radius });
    for (const weight of WEIGHTS) {
      const judged = judge(blend(own, { around, weight }));
      if (judged.loss < best.loss) best = { radius, weight, ...judged };
    }
  }
  const { radius, weight, temperature, probabilities } = best;
  if (radius === 0) return { radius, weight, temperature: 1, threshold: choice.ownThreshold };
  const threshold = chooseThreshold({ scored: { ...scored, probabilities }, ...choice });
  return { radius, weight, temperature, threshold };
}

/** What puts a probability in context, without what calls it. */
type Reading = Pick<ContextStep, 'radius' | 'weight' | 'temperature'>;

/** The patches that have a context, rising, and the probability in it of each. */
export type PatchesInContext = { patches: Int32Array; probabilities: Float64Array };

/** A patch without a place, and those of a slide with too few neighbours, have none. */
export function putInContext(
  { probabilities, places }: PlacedProbabilities,
  { radius, weight, temperature }: Reading,
): PatchesInContext {
  const patches = findNeighboured(places);
  const own = takeNumbers(probabilities, patches);
  if (radius === 0) return { patches, probabilities: own };
  const logits = own.map(toLogit);
  const around = averageAround(logits, { places: takePlaces(places, patches), radius });
  const blended = blend(logits, { around, weight });
  return { patches, probabilities: blended.map((logit) => calibrate(logit, temperature)) };
}

/** The patches that have a context, by their own probability and by that in context, in the same order. */
export function readInContext(
  { scored, places }: PlacedScores,
  step: Reading,
): { own: Scored; inContext: Scored } {
  const { patches, probabilities } = putInContext({ ...scored, places }, step);
  const own = takePatches(scored, [...patches]);
  return { own, inContext: { ...own, probabilities } };
}

function keepNeighboured({ scored, places }: PlacedScores): PlacedScores {
  const patches = findNeighboured(places);
  return { scored: takePatches(scored, [...patches]), places: takePlaces(places, patches) };
}

function takePlaces({ slides, x, y, patchSizePx }: PatchPlaces, patches: Int32Array): PatchPlaces {
  const pick = (column: Int32Array) => patches.map((patch) => column[patch]!);
  return { slides: pick(slides), x: pick(x), y: pick(y), patchSizePx };
}

function takeNumbers(column: Float64Array, patches: Int32Array): Float64Array {
  return Float64Array.from(patches, (patch) => column[patch]!);
}

function blend(
  own: Float64Array,
  { around, weight }: { around: Float64Array; weight: number },
): Float64Array {
  return own.map((logit, patch) => (1 - weight) * logit + weight * around[patch]!);
}

/** Each patient weighs the same, however many patches there are of it. */
function averageLossByPatient({ probabilities, labels, patients }: Scored): number {
  const losses = new Float64Array(countPatients(patients));
  const patches = new Float64Array(losses.length);
  for (const [patch, patient] of patients.entries()) {
    losses[patient] = losses[patient]! + logError(probabilities[patch]!, labels[patch]!);
    patches[patient] = patches[patient]! + 1;
  }
  return losses.reduce((sum, loss, patient) => sum + loss / patches[patient]!, 0) / losses.length;
}
