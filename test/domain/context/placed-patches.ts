/** Patches in their places, to be read with their neighbours. */
import type { PlacedScores } from '@microtome/domain/context/context-step';
import type { PatchPlaces } from '@microtome/domain/context/neighbourhood';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { toScored } from '../../fixtures/worked-example.ts';

export const SIDE = 50;

/** Patches as [slide, column, row]. */
export function place(
  cells: readonly (readonly [slide: number, column: number, row: number])[],
): PatchPlaces {
  return {
    slides: Int32Array.from(cells, ([slide]) => slide),
    x: Int32Array.from(cells, ([, column]) => column * SIDE),
    y: Int32Array.from(cells, ([, , row]) => row * SIDE),
    patchSizePx: SIDE,
  };
}

/** Slides whose left half is positive, each patch scored with noise of its own: the neighbours say more than it does. */
export function paintHalves({
  seed,
  noise,
  slides = 4,
}: {
  seed: number;
  noise: number;
  slides?: number;
}): PlacedScores {
  const random = createRandom(seed);
  const all = Array.from({ length: slides }, (_, slide) =>
    Array.from({ length: 100 }, (_, at) => [slide, at % 10, Math.floor(at / 10)] as const),
  ).flat();
  const labels = all.map(([, column]) => (column < 5 ? 1 : 0));
  const probabilities = labels.map(
    (label) => 1 / (1 + Math.exp(-(label * 2 - 1 + noise * gaussian(random)))),
  );
  return {
    scored: toScored(
      probabilities,
      labels,
      all.map(([slide]) => slide),
    ),
    places: place(all),
  };
}
