/** What a viewer draws over one slide: a model's probabilities place by place, what it calls, and what to look at first. */
import { tellOutcome } from '@microtome/domain/slide/call-outcome';
import { type Ring, traceContour } from '@microtome/domain/slide/cell-contour';
import { type HotSpot, rankErrors, rankHotSpots } from '@microtome/domain/slide/slide-findings';
import { isSlideSealed } from '@microtome/store/evaluation/predicted-slides';
import type { StepServices } from '../evaluation/context-reading.ts';
import { readExaminedSlide, readRunSlide, type ScoredSlide } from './scored-slide.ts';
import { readSlideInContext, type SlideReading } from './slide-context.ts';

/** One slide with what a model says of it, whatever its patches are of. */
type GridOfSlide = Pick<ScoredSlide, 'threshold' | 'hasLabels' | 'patches' | 'grid'> & {
  /** Side of a patch in pixels of the slide. */
  patchSizePx: number;
  /** With `{index}` in the place of a patch's. */
  patchUrl: string;
  /** The other reading of the same patches: in context where probabilities are their own, their own where they are in context. */
  readContext?: () => Promise<SlideReading | null>;
  own?: SlideReading | null;
};

export type SlideGrid = GridOfSlide & {
  hotSpots: HotSpot[];
  /** Positions of wrong calls among the patches, the most certain first. */
  errors: number[];
  /** Around what is called, and around what is positive. */
  calledContour: Ring[];
  truthContour: Ring[];
  counts: { called: number; truePositive: number; falsePositive: number; falseNegative: number };
};

/** Null while the slide is under the seal: nothing of it is told then. */
export async function readRunGrid(
  services: StepServices,
  key: { runId: string; slideId: string },
): Promise<SlideGrid | null> {
  const scored = await readRunSlide(services, key);
  return (await isSlideSealed(services.store, scored)) ? null : describeScored(services, scored);
}

export async function readExternalGrid(
  services: StepServices,
  key: { id: string; slideId: string },
): Promise<SlideGrid> {
  return describeScored(services, await readExaminedSlide(services, key));
}

function describeScored(services: StepServices, { slide, ...scored }: ScoredSlide): SlideGrid {
  const patchUrl = `/datasets/${slide.datasetId}/patches/{index}.png`;
  const { patchSizePx } = slide.dataset;
  const readContext = () => readSlideInContext(services, { ...scored, patchSizePx });
  return describeGrid({ ...scored, patchSizePx, patchUrl, readContext });
}

export function describeGrid(scored: GridOfSlide): SlideGrid {
  const { grid, threshold, hasLabels } = scored;
  const called = grid.cells.filter(({ probability }) => probability !== null && probability >= threshold);
  const positive = hasLabels ? grid.cells.filter(({ label }) => label === 1) : [];
  return {
    ...scored,
    hotSpots: rankHotSpots(grid, threshold),
    errors: hasLabels ? rankErrors(grid, threshold) : [],
    calledContour: traceContour(called, grid.columns),
    truthContour: traceContour(positive, grid.columns),
    counts: { called: called.length, ...countOutcomes(scored) },
  };
}

function countOutcomes({ grid, threshold, hasLabels }: GridOfSlide): Omit<SlideGrid['counts'], 'called'> {
  const counts = { truePositive: 0, trueNegative: 0, falsePositive: 0, falseNegative: 0 };
  for (const { label, probability } of hasLabels ? grid.cells : []) {
    if (probability !== null) counts[tellOutcome({ label, probability }, threshold)] += 1;
  }
  const { trueNegative: _, ...told } = counts;
  return told;
}
