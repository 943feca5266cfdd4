/**
 * What a model said of a whole slide, as a viewer draws it, as a picture, and in pixels of the slide itself: square by square, and
 * in context, as the run's step reads squares together with their neighbours. What is in context is shown unless the other is asked for.
 */
import { AppError, invariant } from '@microtome/domain/app-error';
import { paintHeatmap } from '@microtome/domain/slide/heatmap-grid';
import {
  type AnalysisGrid,
  layHeatmap,
  placePatchesOfGrid,
  placeSquares,
  takeGridInContext,
} from '@microtome/domain/slide-analysis/analysis-grid';
import type { AnalysisOfModel } from '@microtome/store/slide-analysis/slide-analyses';
import { getSlideAnalysis, readAnalysisGrid } from '@microtome/store/slide-analysis/slide-analyses';
import sharp from 'sharp';
import { readContextStep, type StepServices } from '../evaluation/context-reading.ts';
import { describeGrid, type SlideGrid } from '../tissue/slide-grid.ts';

export type AnalysedSlide = {
  analysis: AnalysisOfModel;
  /** Each square's own probabilities. */
  grid: AnalysisGrid;
  /** The same squares in context; null where the run's step is off or has nothing to say here. */
  inContext: { grid: AnalysisGrid; threshold: number } | null;
  /** Pixels of the slide's finest level for one of the model's scale. */
  scale: number;
};

/** As it is shown: in context where there is one, unless each square's own is asked for. */
export type ReadingRequest = { own: boolean };

/** NOT_FOUND when there is none, or before it has SUCCEEDED. */
export async function readAnalysedSlide(services: StepServices, id: string): Promise<AnalysedSlide> {
  const { store } = services;
  const analysis = await getSlideAnalysis(store, id);
  const grid = await readAnalysisGrid(store, analysis);
  invariant(analysis.fileMicronsPerPixel !== null, 'a slide that was analysed has a scale');
  const scale = analysis.micronsPerPixel / analysis.fileMicronsPerPixel;
  return { analysis, grid, inContext: await putGridInContext(services, { analysis, grid }), scale };
}

export function chooseReading(
  { analysis, grid, inContext }: AnalysedSlide,
  { own }: ReadingRequest,
): { grid: AnalysisGrid; threshold: number } {
  return own || !inContext ? { grid, threshold: analysis.threshold } : inContext;
}

async function putGridInContext(
  services: StepServices,
  { analysis, grid }: Pick<AnalysedSlide, 'analysis' | 'grid'>,
): Promise<AnalysedSlide['inContext']> {
  const step = await readContextStep(services, analysis.version.runId);
  if (!step || step.radius === 0) return null;
  const placed = { probabilities: grid.probabilities, places: placePatchesOfGrid(grid, analysis.tilePx) };
  const read = takeGridInContext(grid, await services.background.putInContext({ placed, step }));
  return read && { grid: read, threshold: step.threshold };
}

export function describeAnalysedGrid(analysed: AnalysedSlide, request: ReadingRequest): SlideGrid {
  const { id, tilePx } = analysed.analysis;
  const { grid, threshold } = chooseReading(analysed, request);
  const squares = placeSquares(grid, tilePx);
  return describeGrid({
    threshold,
    hasLabels: false,
    patchSizePx: tilePx,
    patchUrl: `/slide-analyses/${id}/patches/{index}.png`,
    own:
      analysed.inContext && !request.own
        ? { probabilities: [...analysed.grid.probabilities], threshold: analysed.analysis.threshold }
        : null,
    grid: layHeatmap(grid, tilePx),
    patches: squares.map((square, at) => ({
      ...square,
      index: grid.places[at]!,
      label: 0,
      probability: grid.probabilities[at]!,
    })),
  });
}

/** One pixel a square, as PNG; transparent where the model was not asked. */
export function drawAnalysedHeatmap(analysed: AnalysedSlide, request: ReadingRequest): Promise<Buffer> {
  const { tilePx } = analysed.analysis;
  const { grid, threshold } = chooseReading(analysed, request);
  const heatmap = layHeatmap(grid, tilePx);
  const pixels = paintHeatmap(heatmap, { layer: 'probability', threshold });
  return sharp(pixels, { raw: { width: heatmap.columns, height: heatmap.rows, channels: 4 } })
    .png()
    .toBuffer();
}

/** The name of the positive side of the model's task. */
export function namePositive({ version }: AnalysisOfModel): string {
  const { task } = version.run.experiment;
  if (!task) throw new AppError('NOT_FOUND', 'The model of the slide analysis has no task.');
  return task.positiveName;
}
