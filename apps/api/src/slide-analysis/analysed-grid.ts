/** What a model said of a whole slide, as a viewer draws it, as a picture, and in pixels of the slide itself. */
import { AppError, invariant } from '@microtome/domain/app-error';
import { paintHeatmap } from '@microtome/domain/slide/heatmap-grid';
import { type AnalysisGrid, layHeatmap, placeSquares } from '@microtome/domain/slide-analysis/analysis-grid';
import type { AnalysisOfModel } from '@microtome/store/slide-analysis/slide-analyses';
import { getSlideAnalysis, readAnalysisGrid } from '@microtome/store/slide-analysis/slide-analyses';
import type { Store } from '@microtome/store/store';
import sharp from 'sharp';
import { describeGrid, type SlideGrid } from '../tissue/slide-grid.ts';

export type AnalysedSlide = {
  analysis: AnalysisOfModel;
  grid: AnalysisGrid;
  /** Pixels of the slide's finest level for one of the model's scale. */
  scale: number;
};

/** NOT_FOUND when there is none, or before it has SUCCEEDED. */
export async function readAnalysedSlide(store: Store, id: string): Promise<AnalysedSlide> {
  const analysis = await getSlideAnalysis(store, id);
  const grid = await readAnalysisGrid(store, analysis);
  invariant(analysis.fileMicronsPerPixel !== null, 'a slide that was analysed has a scale');
  return { analysis, grid, scale: analysis.micronsPerPixel / analysis.fileMicronsPerPixel };
}

export function describeAnalysedGrid({ analysis, grid }: AnalysedSlide): SlideGrid {
  const { id, tilePx, threshold } = analysis;
  const squares = placeSquares(grid, tilePx);
  return describeGrid({
    threshold,
    hasLabels: false,
    patchSizePx: tilePx,
    patchUrl: `/slide-analyses/${id}/patches/{index}.png`,
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
export function drawAnalysedHeatmap({ analysis, grid }: AnalysedSlide): Promise<Buffer> {
  const { tilePx, threshold } = analysis;
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
