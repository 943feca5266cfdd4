/** The slides of an external evaluation: those of its dataset, or of the sites that were named. */
import { AppError } from '@microtome/domain/app-error';
import type { ExternalEvaluation, Prisma, Slide } from '../../generated/prisma/client.ts';
import { inDataset, type SlideInDataset } from '../evaluation/predicted-slides.ts';
import type { Store } from '../store.ts';
import { getExternalEvaluation } from './external-predictions.ts';

/** By patient. */
export async function listExaminedSlides(
  { database: { prisma } }: Store,
  evaluation: ExternalEvaluation,
): Promise<Slide[]> {
  return prisma.slide.findMany({
    where: inExam(evaluation),
    orderBy: [{ patient: { key: 'asc' } }, { key: 'asc' }],
  });
}

/** NOT_FOUND when there is no such external evaluation, or the slide is none of its exam. */
export async function getExaminedSlide(
  store: Store,
  { id, slideId }: { id: string; slideId: string },
): Promise<{ evaluation: ExternalEvaluation; slide: SlideInDataset }> {
  const evaluation = await getExternalEvaluation(store, id);
  const slide = await store.database.prisma.slide.findFirst({
    where: { ...inExam(evaluation), id: slideId },
    include: inDataset,
  });
  if (!slide) throw new AppError('NOT_FOUND', `The external evaluation ${id} has no slide '${slideId}'.`);
  return { evaluation, slide };
}

function inExam({ datasetId, sites }: ExternalEvaluation): Prisma.SlideWhereInput {
  return { datasetId, ...(sites.length > 0 ? { site: { in: sites } } : {}) };
}
