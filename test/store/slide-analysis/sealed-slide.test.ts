/** The very file of a slide in the model's own TEST is not looked at before TEST is opened; every other file is. */
import { openTest } from '@microtome/store/evaluation/evaluations';
import { refuseSealedSlide } from '@microtome/store/slide-analysis/sealed-slide';
import { expect, it } from 'vitest';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();

it('refuses the slides of a sealed TEST by the digest of their file', async () => {
  const run = await launchTestRun(store, bench);
  await finishTestRun(store, run, {});
  const ask = (digest: string) => refuseSealedSlide(store, { runId: run.id, digest });
  const sealed = await nameFile('TEST', 'a'.repeat(64));
  const seen = await nameFile('TRAIN', 'b'.repeat(64));
  await expect(ask(sealed)).rejects.toMatchObject({
    code: 'SEALED',
    message: expect.stringContaining(run.name),
  });
  await ask(seen);
  await ask('c'.repeat(64));
  await openTest(store, { runId: run.id, reason: 'to look at it', openedBy: 'test' });
  await ask(sealed);
});

/** As an import that cut the slide's patches from a file would have. */
async function nameFile(subset: 'TRAIN' | 'TEST', fileDigest: string): Promise<string> {
  const { prisma } = store.database;
  const { patientId } = await prisma.splitPatient.findFirstOrThrow({
    where: { splitId: bench.split.id, subset },
  });
  const slide = await prisma.slide.findFirstOrThrow({ where: { datasetId: bench.datasetId, patientId } });
  const file = {
    filePath: '/slides/one.tif',
    fileWidthPx: 9000,
    fileHeightPx: 9000,
    fileMicronsPerPixel: 0.25,
  };
  await prisma.slide.update({ where: { id: slide.id }, data: { ...file, fileDigest } });
  return fileDigest;
}
