/**
 * A run's probabilities over one slide: one RGBA pixel for each place of a patch, transparent where no patch was cut
 * and grey where a patch has no prediction that may be read. Predictions under the seal are never looked at.
 */
import { AppError } from '@microtome/domain/app-error';
import {
  buildHeatmapGrid,
  type HeatmapLayer,
  type PlacedPatch,
  paintHeatmap,
} from '@microtome/domain/slide/heatmap-grid';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import type { Store } from '@microtome/store/store';
import sharp from 'sharp';
import type { PredictionServices, SubsetPredictions } from '../evaluation/run-predictions.ts';

const DEFAULT_THRESHOLD = 0.5;

type SlideWithPatches = Prisma.SlideGetPayload<{ include: { patches: true; dataset: true; patient: true } }>;

type HeatmapRequest = { runId: string; slideId: string; layer: HeatmapLayer };

/** The picture as PNG. SEALED for a TEST slide that nobody has opened, NOT_FOUND where nothing was predicted. */
export async function drawHeatmap(services: PredictionServices, request: HeatmapRequest): Promise<Buffer> {
  const { store, predictions } = services;
  const { run, slide } = await findRunAndSlide(store, request);
  const found = await predictions.listPredictions(run.id);
  const probabilityOf = collectProbabilities(found, slide);
  if (probabilityOf.size === 0) throw await explainNothing(store, { run, slide });
  const patches = slide.patches.map(
    ({ index, x, y, widthPx, heightPx, label }): PlacedPatch => ({
      x: x + 1,
      y: y + 1,
      widthPx,
      heightPx,
      label: label === 1 ? 1 : 0,
      probability: probabilityOf.get(index) ?? null,
    }),
  );
  const { patchSizePx } = slide.dataset;
  const grid = buildHeatmapGrid(onePerCell(patches, patchSizePx), patchSizePx);
  const pixels = paintHeatmap(grid, { layer: request.layer, threshold: run.threshold ?? DEFAULT_THRESHOLD });
  return sharp(pixels, { raw: { width: grid.columns, height: grid.rows, channels: 4 } })
    .png()
    .toBuffer();
}

async function findRunAndSlide({ database: { prisma } }: Store, { runId, slideId }: HeatmapRequest) {
  const run = await prisma.run.findUnique({ where: { id: runId }, include: { testOpening: true } });
  if (!run) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
  const slide = await prisma.slide.findUnique({
    where: { id: slideId, datasetId: run.datasetId },
    include: { patches: { orderBy: { index: 'asc' } }, dataset: true, patient: true },
  });
  if (!slide) throw new AppError('NOT_FOUND', `The data set of run '${run.name}' has no slide '${slideId}'.`);
  return { run, slide };
}

function collectProbabilities(found: SubsetPredictions[], slide: SlideWithPatches): Map<number, number> {
  const ofSlide = new Set(slide.patches.map(({ index }) => index));
  const probabilities = new Map<number, number>();
  for (const { patchIndexes, probabilities: values } of found) {
    for (const [position, index] of patchIndexes.entries()) {
      const probability = values[position];
      if (probability !== undefined && ofSlide.has(index)) probabilities.set(index, probability);
    }
  }
  return probabilities;
}

async function explainNothing(
  store: Store,
  { run, slide }: { run: Prisma.RunGetPayload<{ include: { testOpening: true } }>; slide: SlideWithPatches },
): Promise<AppError> {
  const side = await store.database.prisma.splitPatient.findUnique({
    where: { splitId_patientId: { splitId: run.splitId, patientId: slide.patientId } },
  });
  if (side?.subset === 'TEST' && run.testOpening === null) {
    return new AppError('SEALED', `TEST of run '${run.name}' is sealed: open it first.`);
  }
  const where = side ? `${side.subset} holds patient '${slide.patient.key}'` : 'the slide is on no side';
  return new AppError('NOT_FOUND', `Run '${run.name}' has no predictions of this slide: ${where}.`);
}

/** Patches that overlap share a cell: the first of them is drawn. */
function onePerCell(patches: PlacedPatch[], patchSizePx: number): PlacedPatch[] {
  const cells = new Map<string, PlacedPatch>();
  for (const patch of patches) {
    const cell = `${Math.floor((patch.x - 1) / patchSizePx)} ${Math.floor((patch.y - 1) / patchSizePx)}`;
    if (!cells.has(cell)) cells.set(cell, patch);
  }
  return [...cells.values()];
}
