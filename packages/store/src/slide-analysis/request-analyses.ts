/**
 * Asking a model version about slides: one, or all in a folder. Each is opened first, so that one that cannot give what the model
 * was trained on is refused at once with its sentence, and the others go on.
 */
import { basename, relative } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { escapeUnprintable } from '@microtome/domain/printable-text';
import { checkPerson } from '@microtome/domain/text-rules';
import { nameWithoutEnding } from '@microtome/domain/tiling/slide-name';
import { layGrid } from '@microtome/domain/tiling/tile-grid';
import { openSlide } from '@microtome/slides/open-slide';
import type { SlideAnalysis } from '../../generated/prisma/client.ts';
import { printablePath, type Refusal } from '../import/refusal.ts';
import { createRefusalLog } from '../import/refusal-log.ts';
import { requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';
import { findModelScale } from './model-scale.ts';
import { listSlideFiles } from './slide-files.ts';

type AnalysisRequest = {
  versionId: string;
  /** The real path of a slide or a folder of slides. */
  path: string;
  /** At which the model was trained, where its dataset does not tell. */
  micronsPerPixel?: number | null | undefined;
  /** Of the finest level of slides that tell none. */
  toldMicronsPerPixel?: number | null | undefined;
  requestedBy?: string | undefined;
  /** The account that asks; null without sign-in. */
  createdBy?: string | null | undefined;
};

type AskedAnalyses = {
  /** One a slide, by path; one that is under way already is given as it is. */
  analyses: SlideAnalysis[];
  /** What of the folder cannot be analysed. */
  refused: Refusal[];
};

type ModelFacts = { tilePx: number; micronsPerPixel: number; threshold: number };

/**
 * → QUEUED, one row a slide.
 * @throws AppError NOT_FOUND; CONFLICT for a model without threshold; BAD_INPUT where nothing can be analysed, with the first reason
 */
export async function requestSlideAnalyses(store: Store, request: AnalysisRequest): Promise<AskedAnalyses> {
  const requestedBy = checkPerson(request.requestedBy);
  const told = request.toldMicronsPerPixel ?? null;
  const facts = await readModelFacts(store, request);
  const refusalLog = createRefusalLog();
  const paths = await listSlideFiles(request.path, refusalLog.add);
  const seen = new Set<string>();
  const fit: string[] = [];
  for (const path of paths) {
    if (seen.has(path)) continue;
    try {
      const files = await checkSlide(path, { ...facts, told });
      for (const file of files) seen.add(file);
      fit.push(path);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'BAD_INPUT') throw error;
      const shown = relative(request.path, path) || basename(path);
      refusalLog.add({ path: shown, code: 'NOT_A_SLIDE', reason: error.message });
    }
  }
  const refused = refusalLog.listed();
  const [first] = refused;
  if (fit.length === 0)
    throw new AppError('BAD_INPUT', first?.reason ?? `There is no slide in ${printablePath(request.path)}.`);
  const asked = { ...facts, told, requestedBy, createdBy: request.createdBy ?? null };
  return { analyses: await insertAnalyses(store, request.versionId, { paths: fit, asked }), refused };
}

/** At which size, scale and threshold a version looks. */
async function readModelFacts(
  store: Store,
  { versionId, micronsPerPixel: asked = null }: Pick<AnalysisRequest, 'versionId' | 'micronsPerPixel'>,
): Promise<ModelFacts> {
  const { prisma } = store.database;
  const version = await prisma.modelVersion.findUnique({
    where: { id: versionId },
    include: { model: true, run: { include: { experiment: { include: { dataset: true } } } } },
  });
  if (!version) throw new AppError('NOT_FOUND', `There is no model version ${versionId}.`);
  const { run, model } = version;
  const { datasetId } = requireSplit(run);
  const dataset = await prisma.dataset.findUniqueOrThrow({ where: { id: datasetId } });
  if (run.threshold === null)
    throw new AppError(
      'CONFLICT',
      `${model.name} version ${version.number} has no threshold: its run has no VALIDATION to choose one.`,
    );
  return {
    tilePx: dataset.patchSizePx,
    micronsPerPixel: await findModelScale(store, dataset, asked),
    threshold: run.threshold,
  };
}

/** All files that the slide is read from. */
async function checkSlide(
  path: string,
  { tilePx, micronsPerPixel, told }: ModelFacts & { told: number | null },
): Promise<readonly string[]> {
  const slide = await openSlide(path);
  try {
    const own = slide.micronsPerPixel ?? told;
    const shown = printablePath(basename(path));
    if (own === null)
      throw new AppError('BAD_INPUT', `${shown} tells no µm per pixel: say them for such slides.`);
    const [finest] = slide.levels;
    const size = { width: finest!.width, height: finest!.height, micronsPerPixel: own };
    layChecked(size, { tilePx, micronsPerPixel, shown });
    return slide.files;
  } finally {
    await slide.close();
  }
}

function layChecked(
  size: { width: number; height: number; micronsPerPixel: number },
  { shown, ...scale }: { tilePx: number; micronsPerPixel: number; shown: string },
): void {
  try {
    layGrid(size, { ...scale, stridePx: scale.tilePx });
  } catch (error) {
    if (error instanceof AppError) throw new AppError(error.code, `${shown} ${error.message}`);
    throw error;
  }
}

type Asked = ModelFacts & { told: number | null; requestedBy: string; createdBy: string | null };

async function insertAnalyses(
  { database: { prisma } }: Store,
  versionId: string,
  { paths, asked }: { paths: readonly string[]; asked: Asked },
): Promise<SlideAnalysis[]> {
  const { told: toldMicronsPerPixel, ...rest } = asked;
  return prisma.$transaction(async (tx) => {
    // One after the other for a version, so that two who ask at once get the same ones.
    await tx.$queryRaw`select from model_version where id = ${versionId}::uuid for no key update`;
    const open = await tx.slideAnalysis.findMany({
      where: {
        versionId,
        path: { in: [...paths] },
        status: { in: ['QUEUED', 'RUNNING'] },
        cancelRequestedAt: null,
      },
    });
    const known = new Set(open.map(({ path }) => path));
    const created = await tx.slideAnalysis.createManyAndReturn({
      data: paths
        .filter((path) => !known.has(path))
        .map((path) => ({
          ...rest,
          versionId,
          path,
          name: escapeUnprintable(nameWithoutEnding(path) || basename(path)),
          toldMicronsPerPixel,
        })),
    });
    return [...open, ...created].sort((a, b) => (a.path < b.path ? -1 : 1));
  });
}
