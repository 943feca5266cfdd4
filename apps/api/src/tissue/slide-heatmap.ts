/** A model's probabilities over one slide as a picture: one RGBA pixel for each place of a patch, transparent where nothing was predicted. */
import { AppError } from '@microtome/domain/app-error';
import { type HeatmapLayer, paintHeatmap } from '@microtome/domain/slide/heatmap-grid';
import { explainNoPredictions } from '@microtome/store/evaluation/predicted-slides';
import sharp from 'sharp';
import type { PredictionServices } from '../evaluation/prediction-reader.ts';
import { readExaminedSlide, readRunSlide, type ScoredSlide } from './scored-slide.ts';

type HeatmapRequest = { runId: string; slideId: string; layer: HeatmapLayer };

/** The picture as PNG. SEALED for a slide of a sealed TEST, NOT_FOUND where nothing was predicted. */
export async function drawHeatmap(
  services: PredictionServices,
  { layer, ...key }: HeatmapRequest,
): Promise<Buffer> {
  const scored = await readRunSlide(services, key);
  if (!hasPredictions(scored)) throw await explainNoPredictions(services.store, scored);
  return paintSlide(scored, layer);
}

type ExternalHeatmapRequest = { id: string; slideId: string; layer: HeatmapLayer };

/** NOT_FOUND where nothing was predicted, and for a layer of labels where there are none. */
export async function drawExternalHeatmap(
  services: PredictionServices,
  { layer, ...key }: ExternalHeatmapRequest,
): Promise<Buffer> {
  const scored = await readExaminedSlide(services, key);
  if (!scored.hasLabels && layer !== 'probability') {
    throw new AppError('NOT_FOUND', `The external evaluation has no labels, and so no layer '${layer}'.`);
  }
  if (!hasPredictions(scored)) {
    throw new AppError('NOT_FOUND', 'The external evaluation has no predictions of this slide.');
  }
  return paintSlide(scored, layer);
}

function hasPredictions({ patches }: ScoredSlide): boolean {
  return patches.some(({ probability }) => probability !== null);
}

function paintSlide({ grid, threshold }: ScoredSlide, layer: HeatmapLayer): Promise<Buffer> {
  const pixels = paintHeatmap(grid, { layer, threshold });
  return sharp(pixels, { raw: { width: grid.columns, height: grid.rows, channels: 4 } })
    .png()
    .toBuffer();
}
