import {
  colourOfProbability,
  formatColour,
  LABEL_COLOURS,
  OUTCOME_COLOURS,
  placeOnScale,
  sampleScale,
} from '@microtome/domain/slide/slide-colours';
import { describe, expect, it } from 'vitest';

const THRESHOLDS = [0, 0.03, 0.2, 0.5, 0.77, 0.999, 1];

describe('the scale of probabilities', () => {
  it.each(THRESHOLDS)('has its middle at the threshold %d: what is called is never blue', (threshold) => {
    for (let step = 0; step <= 1000; step++) {
      const probability = step / 1000;
      const place = placeOnScale(probability, threshold);
      const [red, , blue] = colourOfProbability(probability, threshold);
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThanOrEqual(1);
      if (probability >= threshold) expect([place >= 0.5, red > blue]).toEqual([true, true]);
      else expect([place <= 0.5, blue > red]).toEqual([true, true]);
    }
  });

  it('rises with the probability, and ends in dark blue and dark red', () => {
    for (const threshold of THRESHOLDS) {
      const places = Array.from({ length: 101 }, (_, step) => placeOnScale(step / 100, threshold));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
    expect(colourOfProbability(0, 0.2)).toEqual([33, 72, 142, 255]);
    expect(colourOfProbability(1, 0.2)).toEqual([165, 15, 36, 255]);
    expect(colourOfProbability(1.5, 0.2)).toEqual(colourOfProbability(1, 0.2));
  });

  it('is sampled from end to end, so that a page paints as the pictures do', () => {
    const [below, above] = [sampleScale('below', 64), sampleScale('above', 64)];
    expect(formatColour(below[0]!)).toBe('#21488e');
    expect(formatColour(above.at(-1)!)).toBe('#a50f24');
    expect(colourOfProbability(0.5, 0.5)).toEqual([...above[0]!, 255]);
  });
});

/** As people without cones for long, middle or short waves see it (Viénot 1999; tritan by Brettel's simplification), in linear light. */
const VISIONS = {
  protan: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deutan: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
  tritan: [
    [1, 0.1446, -0.1446],
    [0, 0.8592, 0.1408],
    [0, 0.8592, 0.1408],
  ],
};

describe('the colours of calls and labels', () => {
  const { trueNegative: _, ...told } = OUTCOME_COLOURS;
  const pairs = Object.values(told).flatMap((one, at, all) => all.slice(at + 1).map((other) => [one, other]));

  it.each(Object.entries(VISIONS))('are told apart with %s vision', (_name, matrix) => {
    const see = (colour: readonly number[]) => {
      const linear = colour.slice(0, 3).map((channel) => (channel / 255) ** 2.2);
      return matrix
        .map((row) => row.reduce((sum, weight, at) => sum + weight * linear[at]!, 0))
        .map((value) => Math.max(0, value) ** (1 / 2.2));
    };
    for (const [one, other] of [...pairs, [LABEL_COLOURS.positive, LABEL_COLOURS.negative]]) {
      const [left, right] = [see(one!), see(other!)];
      const distance = Math.hypot(...left.map((value, at) => value - right[at]!));
      expect(distance).toBeGreaterThan(0.25);
    }
  });
});
