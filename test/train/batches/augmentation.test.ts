import { createRandom } from '@microtome/domain/seeded-random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createAugmentation,
  type Look,
  listViews,
  ORIENTATIONS,
  type View,
} from '../../../workers/train/src/batches/augmentation.ts';
import { createRenderer } from '../../../workers/train/src/batches/patch-rendering.ts';

const nothing = { augmentFlips: false, augmentStain: 0, augmentBrightness: 0 };

function makePatch(sizePx: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: sizePx * sizePx * 3 }, () => Math.floor(random.next() * 256));
}

/** Where each pixel that is shown begins in the patch, row by row. */
function walk({ first, stepX, stepY }: View, sizePx: number): number[] {
  return Array.from({ length: sizePx * sizePx }, (_, at) => {
    return first + (at % sizePx) * stepX + Math.floor(at / sizePx) * stepY;
  });
}

/** The patch as it would be shown: recoloured and turned. */
function augment(
  sizePx: number,
  strength: typeof nothing,
  seeds: { patch: number; draw: number },
): Uint8Array {
  const look = createAugmentation(sizePx, strength)(createRandom(seeds.draw));
  const shown = new Uint8Array(sizePx * sizePx * 3);
  createRenderer(sizePx)(makePatch(sizePx, seeds.patch), look, shown);
  return shown;
}

const pixelsOf = (patch: Uint8Array) =>
  Array.from({ length: patch.length / 3 }, (_, at) => patch.subarray(at * 3, at * 3 + 3).join());

describe('augmentation', () => {
  it('has eight orientations, each a permutation of the pixels and all of them different', () => {
    const orientations = listViews(5).map((view) => walk(view, 5));
    expect(orientations).toHaveLength(ORIENTATIONS);
    expect(new Set(orientations.map((sources) => sources.join())).size).toBe(ORIENTATIONS);
    for (const sources of orientations) {
      expect([...sources].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, at) => at * 3));
    }
  });

  it('keeps neighbours neighbours: an orientation moves the patch, it does not shuffle it', () => {
    const size = 6;
    for (const sources of listViews(size).map((view) => walk(view, size))) {
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
    const upright = { view: listViews(9)[0], stain: null, greys: null };
    expect(createAugmentation(9, nothing)(random)).toEqual(upright);
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

  it('renders every pixel as the formula says: its densities mixed and shifted, then its light', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (patch, draw) => {
        const strength = { augmentFlips: true, augmentStain: 0.2, augmentBrightness: 0.5 };
        const look = createAugmentation(8, strength)(createRandom(draw));
        const source = makePatch(8, patch);
        const sources = walk(look.view, 8);
        augment(8, strength, { patch, draw }).forEach((shown, at) => {
          const near = renderSlowly(source.subarray(sources[Math.floor(at / 3)]!), look, at % 3);
          expect(shown).toBeGreaterThanOrEqual(Math.min(...near));
          expect(shown).toBeLessThanOrEqual(Math.max(...near));
        });
      }),
      { numRuns: 30 },
    );
  });
});

/** The greys that one channel of a pixel may become: rounding a density to a step moves it by a fraction of a grey. */
function renderSlowly(pixel: Uint8Array, { stain, greys }: Look, channel: number): number[] {
  const densities = [0, 1, 2].map((from) => -Math.log((pixel[from]! + 1) / 256));
  const mixed = densities.reduce((sum, density, from) => sum + density * stain!.mix[from * 3 + channel]!, 0);
  const density = Math.min(Math.log(256), Math.max(0, mixed + stain!.shift[channel]!));
  const grey = 256 * Math.exp(-density) - 1;
  return [grey - 0.1, grey + 0.1].map((value) => greys![Math.min(255, Math.max(0, Math.round(value)))]!);
}
