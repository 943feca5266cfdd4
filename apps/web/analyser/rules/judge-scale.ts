/**
 * Whether pictures have the scale that a model was trained at. A network that learned at one magnification answers at
 * another as well, and nothing in its answer says that it is wrong: so it is said before. Pure.
 */

/** Scanners of one magnification differ by this much. */
const TOLERANCE = 0.1;
/** Of an objective: 0.25 µm per pixel at ×40. */
const MICRONS_AT_ONE = 10;

type ScaleFit = 'FITS' | 'DIFFERS' | 'UNKNOWN';

type Scales = {
  /** Of the data that the model was trained on. */
  model: number | null;
  image: number | null;
  /** Whether the picture is brought to the model's scale before it is analysed. */
  isResampled: boolean;
};

export function judgeScale({ model, image, isResampled }: Scales): { fit: ScaleFit; sentence: string } {
  if (model === null)
    return {
      fit: 'UNKNOWN',
      sentence:
        'The data of the model do not tell their µm per pixel: whether these pictures have its magnification is for you to know.',
    };
  if (image === null)
    return {
      fit: 'UNKNOWN',
      sentence: `The model was trained at ${describeScale(model)}; the picture does not tell its own, and is taken as it is.`,
    };
  if (Math.abs(image / model - 1) <= TOLERANCE)
    return { fit: 'FITS', sentence: `It has ${describeScale(image)}, as the model was trained at.` };
  const both = `It has ${describeScale(image)}, and the model was trained at ${describeScale(model)}`;
  if (isResampled) return { fit: 'FITS', sentence: `${both}: it is brought to that scale.` };
  const times = image > model ? image / model : model / image;
  return {
    fit: 'DIFFERS',
    sentence: `${both}: everything in it is ${formatTimes(times)} times too ${image > model ? 'small' : 'large'}, and what the model says of it means nothing.`,
  };
}

export function describeScale(micronsPerPixel: number): string {
  const microns = micronsPerPixel.toLocaleString('en', { maximumFractionDigits: 3 });
  return `${microns} µm per pixel (about ×${formatTimes(MICRONS_AT_ONE / micronsPerPixel)})`;
}

function formatTimes(times: number): string {
  return times.toLocaleString('en', { maximumSignificantDigits: 2 });
}
