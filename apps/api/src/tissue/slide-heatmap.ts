/** A model's probabilities over one slide as a picture: one RGBA pixel for each place of a patch, transparent where nothing was predicted. */
import { AppError } from '@microtome/domain/app-error';
import { type HeatmapLayer, paintHeatmap } from '@microtome/domain/slide/heatmap-grid';
import { explainNoPredictions } from '@microtome/store/evaluation/predicted-slides';
import sharp from 'sharp';
import type { StepServices } from '../evaluation/context-reading.ts';
import { readExaminedSlide, readRunSlide, type ScoredSlide } from './scored-slide.ts';
import { readSlideInContext } from './slide-context.ts';

/** `context`: the probability of each patch read with its neighbours. */
export type SlideLayer = HeatmapLayer | 'context';

type HeatmapRequest = { runId: string; slideId: string; layer: SlideLayer };

/** The picture as PNG. SEALED for a slide of a sealed TEST, NOT_FOUND where nothing was predicted. */
export async function drawHeatmap(
  services: StepServices,
  { layer, ...key }: HeatmapRequest,
): Promise<Buffer> {
  const scored = await readRunSlide(services, key);
  if (!hasPredictions(scored)) throw await explainNoPredictions(services.store, scored);
  return paintSlide(services, { scored, layer });
}

type ExternalHeatmapRequest = { id: string; slideId: string; layer: SlideLayer };

/** NOT_FOUND where nothing was predicted, and for a layer of labels where there are none. */
export async function drawExternalHeatmap(
  services: StepServices,
  { layer, ...key }: ExternalHeatmapRequest,
): Promise<Buffer> {
  const scored = await readExaminedSlide(services, key);
  if (!scored.hasLabels && layer !== 'probability' && layer !== 'context') {
    throw new AppError('NOT_FOUND', `The external evaluation has no labels, and so no layer '${layer}'.`);
  }
  if (!hasPredictions(scored)) {
    throw new AppError('NOT_FOUND', 'The external evaluation has no predictions of this slide.');
  }
  return paintSlide(services, { scored, layer });
}

function hasPredictions({ patches }: ScoredSlide): boolean {
  return patches.some(({ probability }) => probability !== null);
}

async function paintSlide(
  services: StepServices,
  { scored, layer }: { scored: ScoredSlide; layer: SlideLayer },
): Promise<Buffer> {
  const { grid, threshold } = layer === 'context' ? await putInContext(services, scored) : scored;
  const pixels = paintHeatmap(grid, { layer: layer === 'context' ? 'probability' : layer, threshold });
  return sharp(pixels, { raw: { width: grid.columns, height: grid.rows, channels: 4 } })
    .png()
    .toBuffer();
}

/** NOT_FOUND where there is nothing to say. */
async function putInContext(
  services: StepServices,
  scored: ScoredSlide,
): Promise<Pick<ScoredSlide, 'grid' | 'threshold'>> {
  const { grid, slide } = scored;
  const reading = await readSlideInContext(services, { ...scored, patchSizePx: slide.dataset.patchSizePx });
  if (!reading) {
    throw new AppError(
      'NOT_FOUND',
      `Nothing to say of slide '${slide.key}' with neighbours: the run’s step is off, or too few of its patches have one.`,
    );
  }
  const { probabilities, threshold } = reading;
  const cells = grid.cells.map((cell, at) => ({ ...cell, probability: probabilities[at] ?? null }));
  return { grid: { ...grid, cells }, threshold };
}
