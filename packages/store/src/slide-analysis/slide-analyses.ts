/** Slide analyses found, and the grid of one that has succeeded. */
import { AppError } from '@microtome/domain/app-error';
import type { AnalysisGrid } from '@microtome/domain/slide-analysis/analysis-grid';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { decodeGrid } from './grid-file.ts';

const withModel = {
  version: { include: { model: true, run: { include: { experiment: { include: { task: true } } } } } },
} satisfies Prisma.SlideAnalysisInclude;

export type AnalysisOfModel = Prisma.SlideAnalysisGetPayload<{ include: typeof withModel }>;

/** NOT_FOUND when there is none. */
export async function getSlideAnalysis(
  { database: { prisma } }: Store,
  id: string,
): Promise<AnalysisOfModel> {
  const analysis = await prisma.slideAnalysis.findUnique({ where: { id }, include: withModel });
  if (!analysis) throw new AppError('NOT_FOUND', `There is no slide analysis ${id}.`);
  return analysis;
}

/** NOT_FOUND before it has SUCCEEDED. */
export async function readAnalysisGrid(
  store: Store,
  { artifactHash, status }: { artifactHash: string | null; status: string },
): Promise<AnalysisGrid> {
  if (artifactHash !== null) return decodeGrid(await store.artifacts.read(artifactHash));
  throw new AppError('NOT_FOUND', `The slide analysis has no result: it is ${status}.`);
}
