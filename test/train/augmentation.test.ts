import { createRandom } from '@microtome/domain/seeded-random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createAugmentation,
  listOrientations,
  ORIENTATIONS,
  showUpright,
} from '../../workers/train/src/augmentation.ts';
import { createRenderer } from '../../workers/train/src/patch-rendering.ts';

const nothing = { augmentFlips: false, augmentStain: 0, augmentBrightness: 0 };

function makePatch(sizePx: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: sizePx * sizePx * 3 }, () => Math.floor(random.next() * 256));
}

/** With this normalisation a rendered number is the grey. */
const render = createRenderer({ mean: [0, 0, 0], sd: [1 / 255, 1 / 255, 1 / 255] });

/** The patch as it would be shown: recoloured and turned. */
function augment(
  sizePx: number,
  strength: typeof nothing,
  seeds: { patch: number; draw: number },
): Uint8Array {
  const look = createAugmentation(sizePx, strength)(createRandom(seeds.draw));
  const shown = new Float32Array(sizePx * sizePx * 3);
  render(makePatch(sizePx, seeds.patch), look, shown);
  return Uint8Array.from(shown, Math.round);
}

const pixelsOf = (patch: Uint8Array) =>
  Array.from({ length: patch.length / 3 }, (_, at) => patch.subarray(at * 3, at * 3 + 3).join());

describe('augmentation', () => {
  it('has eight orientations, each a permutation of the pixels and all of them different', () => {
    const orientations = listOrientations(5);
    expect(orientations).toHaveLength(ORIENTATIONS);
    expect(new Set(orientations.map((sources) => sources.join())).size).toBe(ORIENTATIONS);
    for (const sources of orientations) {
      expect([...sources].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, at) => at * 3));
    }
  });

  it('keeps neighbours neighbours: an orientation moves the patch, it does not shuffle it', () => {
    const size = 6;
    for (const sources of listOrientations(size)) {
      for (let at = 0; at < size * size - 1; at++) {
        if ((at + 1) % size === 0) continue;
        const [a, b] = [sources[at]! / 3, sources[at + 1]! / 3];
        const distance =
          Math.abs((a % size) - (b % size)) + Math.abs(Math.floor(a / size) - Math.floor(b / size));
        expect(distance).toBe(1);
      }
    }
  });

  it('only permutes pixels when flips alone are on, whatever the seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (patch, draw) => {
        const turned = augment(7, { ...nothing, augmentFlips: true }, { patch, draw });
        expect(pixelsOf(turned).sort()).toEqual(pixelsOf(makePatch(7, patch)).sort());
      }),
      { numRuns: 50 },
    );
  });

  it('shows the patch as it is and draws nothing when everything is off', () => {
    const random = createRandom(3);
    expect(createAugmentation(9, nothing)(random)).toEqual(showUpright(9));
    expect(augment(9, nothing, { patch: 1, draw: 3 })).toEqual(makePatch(9, 1));
    expect(random.state()).toBe(createRandom(3).state());
  });

  it('leaves every colour as it is when the stain jitter is vanishingly small', () => {
    const jittered = augment(20, { ...nothing, augmentStain: 1e-9 }, { patch: 5, draw: 6 });
    expect(jittered).toEqual(makePatch(20, 5));
  });

  it('changes colours by stain jitter and light without moving pixels, and repeats them from the same seed', () => {
    const strength = { ...nothing, augmentStain: 0.05, augmentBrightness: 0.1 };
    const once = augment(20, strength, { patch: 5, draw: 6 });
    expect(once).toEqual(augment(20, strength, { patch: 5, draw: 6 }));
    expect(once).not.toEqual(augment(20, strength, { patch: 5, draw: 7 }));
    const differences = once.map((value, at) => Math.abs(value - (makePatch(20, 5)[at] as number)));
    expect(Math.max(...differences)).toBeGreaterThan(2);
    expect(Math.max(...differences)).toBeLessThan(128);
  });
});
