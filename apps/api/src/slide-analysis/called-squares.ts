/** How many squares of a slide a model called, as they are shown: in context where they have one. */
import { countCalled, measureArea } from '@microtome/domain/slide-analysis/analysis-grid';
import type { SlideAnalysis } from '@microtome/store/generated/prisma/client';
import type { StepServices } from '../evaluation/context-reading.ts';
import { chooseReading, readAnalysedSlide } from './analysed-grid.ts';

/** Null before it has succeeded. From the grid for an analysis that is older than the count in context. */
export async function countCalledSquares(
  services: StepServices,
  { id, status, calledPatches }: SlideAnalysis,
): Promise<number | null> {
  if (status !== 'SUCCEEDED' || calledPatches !== null) return calledPatches;
  const { grid, threshold } = chooseReading(await readAnalysedSlide(services, id), { own: false });
  return countCalled(grid, threshold);
}

export async function measureCalledMm2(
  services: StepServices,
  analysis: SlideAnalysis,
): Promise<number | null> {
  const called = await countCalledSquares(services, analysis);
  return called === null ? null : measureArea(called, analysis);
}
