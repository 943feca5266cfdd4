/** A slide that a model is asked about may be the very file of one in the model's own TEST, which nobody looks at before it is opened. */
import { AppError } from '@microtome/domain/app-error';
import { describeSeal } from '@microtome/domain/evaluation/seal';
import { inDataset, isSlideSealed } from '../evaluation/predicted-slides.ts';
import { requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';

/** @throws AppError SEALED for a slide that is in the sealed TEST of the run that made the model */
export async function refuseSealedSlide(
  store: Store,
  { runId, digest }: { runId: string; digest: string },
): Promise<void> {
  const { prisma } = store.database;
  const found = await prisma.run.findUniqueOrThrow({ where: { id: runId }, include: { testOpening: true } });
  const run = requireSplit(found);
  const slides = await prisma.slide.findMany({
    where: { datasetId: run.datasetId, fileDigest: digest },
    include: inDataset,
  });
  for (const slide of slides)
    if (await isSlideSealed(store, { run, slide }))
      throw new AppError('SEALED', `The slide is in the model's own TEST. ${describeSeal(run.name)}`);
}
