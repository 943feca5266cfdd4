/** The patches of one slide read together with their neighbours, as a layer beside what each says alone. */
import type { ScoredPlace } from '@microtome/domain/slide/heatmap-grid';
import { readContextStep, type StepServices } from '../evaluation/context-reading.ts';

/** Probabilities of a slide's patches in their order, null where one has none, and from where on they are called. */
export type SlideReading = { probabilities: (number | null)[]; threshold: number };

type ReadSlide = {
  runId: string;
  /** By patch, neighbours may be on another side of the split: then nothing is said. */
  splitKind: 'PATIENT' | 'PATCH';
  patchSizePx: number;
  patches: readonly ScoredPlace[];
};

/** Null where the run's step is off, or has nothing to say of the slide. */
export async function readSlideInContext(
  services: StepServices,
  { runId, splitKind, patchSizePx, patches }: ReadSlide,
): Promise<SlideReading | null> {
  const told = patches.flatMap((patch, at) =>
    patch.probability === null ? [] : [{ ...patch, at, probability: patch.probability }],
  );
  if (splitKind === 'PATCH' || told.length === 0) return null;
  const step = await readContextStep(services, runId);
  if (!step || step.radius === 0) return null;
  const places = {
    slides: new Int32Array(told.length),
    x: Int32Array.from(told, ({ x }) => x),
    y: Int32Array.from(told, ({ y }) => y),
    patchSizePx,
  };
  const own = Float64Array.from(told, ({ probability }) => probability);
  const put = await services.background.putInContext({ placed: { probabilities: own, places }, step });
  if (put.patches.length === 0) return null;
  const probabilities = patches.map((): number | null => null);
  put.patches.forEach((position, at) => {
    probabilities[told[position]!.at] = put.probabilities[at]!;
  });
  return { probabilities, threshold: step.threshold };
}
