/** Predictions of image files together with their neighbours on the same slide, as far as the source tells slides and places. */
import { type ContextStep, putInContext } from '@microtome/domain/context/context-step';
import type { PatchPlaces } from '@microtome/domain/context/neighbourhood';
import type { FilePrediction } from './predict-patches.ts';

/** Null where a patch has no context, or the model nothing to say of any. */
export type ReadPrediction = FilePrediction & { contextProbability: number | null };

export function readFilesInContext(
  predictions: readonly FilePrediction[],
  { step, patchSizePx }: { step: ContextStep | null; patchSizePx: number },
): ReadPrediction[] {
  const read = predictions.map((prediction): ReadPrediction => ({ ...prediction, contextProbability: null }));
  if (!step) return read;
  const probabilities = Float64Array.from(predictions, ({ probability }) => probability);
  const found = putInContext({ probabilities, places: placeFiles(predictions, patchSizePx) }, step);
  found.patches.forEach((position, at) => {
    read[position]!.contextProbability = found.probabilities[at]!;
  });
  return read;
}

/** Without a slide that is told, a place tells no neighbours. */
function placeFiles(predictions: readonly FilePrediction[], patchSizePx: number): PatchPlaces {
  const numbers = new Map<string, number>();
  const placed = predictions.map(({ file: { told, place } }) => {
    const isTold = told !== null && (told.unitKey !== null || told.slideKey !== null);
    const key = JSON.stringify([told?.unitKey, told?.slideKey]);
    const slide = numbers.get(key) ?? numbers.size;
    numbers.set(key, slide);
    return { slide, ...(isTold && place ? place : { x: -1, y: -1 }) };
  });
  return {
    slides: Int32Array.from(placed, ({ slide }) => slide),
    x: Int32Array.from(placed, ({ x }) => x),
    y: Int32Array.from(placed, ({ y }) => y),
    patchSizePx,
  };
}
