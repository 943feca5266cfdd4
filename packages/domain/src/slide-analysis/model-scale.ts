/**
 * At how many µm per pixel a model sees patches: those of the dataset that it was trained on, where that tells them and its slides
 * agree; otherwise they are asked for. They are never guessed.
 */
import { AppError } from '../app-error.ts';

/** Slides of one set are told to different digits. */
const TOLERANCE = 1.01;
/** Of what can be asked for: from an oil objective to a thumbnail. */
const MICRONS_MIN = 0.05;
const MICRONS_MAX = 20;

type ScaleRequest = {
  datasetName: string;
  /** Of the dataset's slides, where they are known. */
  known: readonly number[];
  /** What was asked for; null where nothing was. */
  asked: number | null;
};

/** @throws AppError BAD_INPUT for a scale that no slide has */
export function checkMicrons(asked: number): number {
  if (asked >= MICRONS_MIN && asked <= MICRONS_MAX) return asked;
  throw new AppError(
    'BAD_INPUT',
    `${asked} µm per pixel: no slide has less than ${MICRONS_MIN} or more than ${MICRONS_MAX}.`,
  );
}

/** @throws AppError BAD_INPUT, with what is missing or does not fit */
export function chooseModelScale({ datasetName, known, asked }: ScaleRequest): number {
  if (asked !== null) checkMicrons(asked);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (known.length === 0) {
    if (asked !== null) return asked;
    throw new AppError(
      'BAD_INPUT',
      `Dataset '${datasetName}', on which the model was trained, does not tell how many µm its pixels have: say them.`,
    );
  }
  const isOne = most <= least * TOLERANCE;
  if (asked === null) {
    if (isOne) return least;
    throw new AppError(
      'BAD_INPUT',
      `The model was trained on slides of ${format(least)} to ${format(most)} µm per pixel (dataset '${datasetName}'): say at which of them slides are to be read.`,
    );
  }
  if (asked * TOLERANCE >= least && asked <= most * TOLERANCE) return asked;
  const range = isOne ? format(least) : `${format(least)} to ${format(most)}`;
  throw new AppError(
    'BAD_INPUT',
    `The model was trained at ${range} µm per pixel (dataset '${datasetName}'): at ${format(asked)} its probabilities would mean nothing.`,
  );
}

function format(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 4 });
}
