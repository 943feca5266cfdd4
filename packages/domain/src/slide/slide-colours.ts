/**
 * The colours of everything that is drawn over a slide, chosen so that people with any kind of colour vision tell them apart. The
 * scale of probabilities has its middle at the operating threshold, where it jumps from pale blue to pale orange: a patch
 * that is called never looks negative. It is the same for all slides.
 */
import { invariant } from '../app-error.ts';
import type { CallOutcome } from './call-outcome.ts';

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

type Rgb = readonly [red: number, green: number, blue: number];

/** From probability 0 up to the threshold. */
const BELOW_STOPS: readonly Rgb[] = [
  [33, 72, 142],
  [122, 171, 211],
  [214, 228, 240],
];
/** From the threshold up to probability 1. */
const ABOVE_STOPS: readonly Rgb[] = [
  [253, 212, 178],
  [236, 126, 84],
  [165, 15, 36],
];
/** Of a second run less a first: no difference is nearly white, the two directions are purple and green. */
const LESS_STOPS: readonly Rgb[] = [
  [84, 39, 136],
  [178, 171, 210],
  [247, 247, 247],
];
const MORE_STOPS: readonly Rgb[] = [
  [247, 247, 247],
  [127, 191, 123],
  [0, 90, 50],
];

const STOPS = { below: BELOW_STOPS, above: ABOVE_STOPS, less: LESS_STOPS, more: MORE_STOPS };

export const NOTHING: Rgba = [0, 0, 0, 0];

export const LABEL_COLOURS = {
  positive: [117, 55, 158, 255],
  negative: [198, 196, 206, 255],
} as const satisfies Record<string, Rgba>;

/** A right call of the negative class, most of a slide, is left blank. */
export const OUTCOME_COLOURS: Readonly<Record<CallOutcome, Rgba>> = {
  truePositive: [0, 158, 115, 255],
  trueNegative: NOTHING,
  falsePositive: [240, 160, 0, 255],
  falseNegative: [20, 50, 150, 255],
};

/** Lines around what was drawn and is not what is looked for. */
export const OTHER_OUTLINE_COLOUR: Rgba = [52, 58, 70, 255];

/** What is called, as a line and a veil. */
export const CALLED_COLOUR: Rgba = [190, 24, 45, 255];

/** Where a probability stands on the scale: 0 to 1, the threshold at one half. What is called stands at one half or above. */
export function placeOnScale(probability: number, threshold: number): number {
  const value = Math.min(1, Math.max(0, probability));
  if (probability >= threshold)
    return threshold >= 1 ? 1 : 0.5 + (0.5 * (value - threshold)) / (1 - threshold);
  return Math.min(0.5, (0.5 * value) / threshold);
}

export function colourOfProbability(probability: number, threshold: number): Rgba {
  const place = placeOnScale(probability, threshold);
  const [red, green, blue] =
    probability >= threshold ? mixStops(ABOVE_STOPS, 2 * place - 1) : mixStops(BELOW_STOPS, 2 * place);
  return [red, green, blue, 255];
}

/** So many evenly spaced colours of one half of a scale, from its beginning to its end. */
export function sampleScale(half: keyof typeof STOPS, count: number): Rgb[] {
  return Array.from({ length: count }, (_, at) => mixStops(STOPS[half], at / (count - 1)));
}

/** `#rrggbb`. */
export function formatColour([red, green, blue]: Rgb | Rgba): string {
  return `#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function mixStops(stops: readonly Rgb[], share: number): Rgb {
  const position = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const from = Math.min(stops.length - 2, Math.floor(position));
  const low = stops[from];
  const high = stops[from + 1];
  invariant(low && high, 'a share lies between two stops');
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(low[channel] + (position - from) * (high[channel] - low[channel]));
  return [mix(0), mix(1), mix(2)];
}
