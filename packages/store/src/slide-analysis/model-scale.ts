/** At how many µm per pixel the slides of a dataset, and so a model that was trained on it, are seen. */
import { chooseModelScale } from '@microtome/domain/slide-analysis/model-scale';
import type { Dataset } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** @throws AppError BAD_INPUT where it is not told, or what is asked for does not fit */
export async function findModelScale(
  { database: { prisma } }: Store,
  { id: datasetId, name: datasetName }: Dataset,
  asked: number | null,
): Promise<number> {
  const slides = await prisma.slide.groupBy({
    by: ['micronsPerPixel'],
    where: { datasetId, micronsPerPixel: { not: null } },
  });
  const known = slides.flatMap(({ micronsPerPixel }) => micronsPerPixel ?? []);
  return chooseModelScale({ datasetName, known, asked });
}
