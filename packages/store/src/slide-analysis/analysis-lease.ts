/**
 * Slide analyses as work of a worker: the lease that holds one, the plan and the blocks that it keeps as it goes, each written
 * under the number of its attempt, and the grid at the end. The next attempt goes on behind the last block. What keeps
 * something may be repeated when no answer came.
 */
import { invariant } from '@microtome/domain/app-error';
import { putInContext } from '@microtome/domain/context/context-step';
import {
  type AnalysisGrid,
  countCalled,
  placePatchesOfGrid,
  sortGrid,
  takeGridInContext,
} from '@microtome/domain/slide-analysis/analysis-grid';
import type { SlideAnalysis } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { requireContextStep } from '../evaluation/run-context.ts';
import { createWorkLease, type WorkKey } from '../lease/work-lease.ts';
import { insertArtifact } from '../run/run-artifacts.ts';
import type { Store } from '../store.ts';
import { encodeGrid, GRID_MEDIA_TYPE } from './grid-file.ts';
import { refuseSealedSlide } from './sealed-slide.ts';
import type { TilePlan } from './tissue-tiles.ts';

export const analysisLease = createWorkLease('slide_analysis', 'slide analysis', { keepsProgress: true });

export type AnalysisBlock = {
  /** Number of its first square within the plan. */
  first: number;
  probabilities: Float64Array;
};

export type ResumedPlan = Pick<TilePlan, 'columns' | 'rows' | 'places'> & {
  digest: string;
  /** Squares that are done, from the first on. */
  done: number;
};

/** QUEUED → RUNNING. Null when there is nothing to do. */
export async function claimSlideAnalysis(
  store: Store,
  request: { workerId: string; staleAfterMs?: number | undefined },
): Promise<SlideAnalysis | null> {
  const id = await analysisLease.claim(store, request);
  return id === null ? null : store.database.prisma.slideAnalysis.findUnique({ where: { id } });
}

/** What an attempt before has left; null where none planned it yet. */
export async function findResumedPlan(
  { database: { prisma } }: Store,
  { id, fileDigest }: SlideAnalysis,
): Promise<ResumedPlan | null> {
  const plan = await prisma.slideAnalysisPlan.findUnique({ where: { analysisId: id } });
  if (!plan || fileDigest === null) return null;
  const { columns, rows } = plan;
  const done = await countDone(prisma, id);
  return { columns, rows, places: readNumbers(plan.places, Int32Array), digest: fileDigest, done };
}

/**
 * Says whether it is still this attempt's.
 * @throws AppError SEALED for a slide that is in the sealed TEST of the model's own dataset
 */
export async function savePlan(
  store: Store,
  { plan, ...key }: WorkKey & { plan: TilePlan },
): Promise<boolean> {
  const { file, columns, rows, places } = plan;
  const { prisma } = store.database;
  const { version } = await prisma.slideAnalysis.findUniqueOrThrow({
    where: { id: key.id },
    select: { version: { select: { runId: true } } },
  });
  await refuseSealedSlide(store, { runId: version.runId, digest: file.digest });
  return prisma.$transaction(async (tx) => {
    if (!(await isHeld(tx, key))) return false;
    await tx.slideAnalysis.update({
      where: { id: key.id },
      data: {
        patchesTotal: places.length,
        fileDigest: file.digest,
        fileWidthPx: file.widthPx,
        fileHeightPx: file.heightPx,
        fileMicronsPerPixel: file.micronsPerPixel,
      },
    });
    const row = { analysisId: key.id, columns, rows, places: toBytes(places) };
    await tx.slideAnalysisPlan.createMany({ data: row, skipDuplicates: true });
    return true;
  });
}

/** Says whether it is still this attempt's. An attempt that comes this far was not lost in vain. */
export async function saveBlock(
  { database: { prisma } }: Store,
  { block, patchesPerSecond, ...key }: WorkKey & { block: AnalysisBlock; patchesPerSecond: number | null },
): Promise<boolean> {
  const { first, probabilities } = block;
  return prisma.$transaction(async (tx) => {
    if (!(await isHeld(tx, key))) return false;
    const row = { analysisId: key.id, first, probabilities: toBytes(probabilities) };
    await tx.slideAnalysisBlock.createMany({ data: row, skipDuplicates: true });
    const patchesDone = first + probabilities.length;
    await tx.slideAnalysis.update({
      where: { id: key.id },
      data: { patchesDone, patchesPerSecond, lostAttempts: 0 },
    });
    return true;
  });
}

/** RUNNING → SUCCEEDED, with the grid that the blocks make, or CANCELED where that was asked for. Says whether it succeeded. */
export async function finishSlideAnalysis(
  store: Store,
  { backend, ...key }: WorkKey & { backend: string },
): Promise<boolean> {
  const { prisma } = store.database;
  const analysis = await prisma.slideAnalysis.findUniqueOrThrow({
    where: { id: key.id },
    include: { version: { select: { runId: true } } },
  });
  const plan = await prisma.slideAnalysisPlan.findUnique({ where: { analysisId: key.id } });
  if (!plan) return false;
  const grid = sortGrid({
    columns: plan.columns,
    rows: plan.rows,
    places: readNumbers(plan.places, Int32Array),
    probabilities: await readBlocks(store, key.id),
  });
  invariant(grid.places.length === grid.probabilities.length, 'every square of the plan has a probability');
  const calledPatches = await countCalledAsShown(store, { grid, ...analysis, runId: analysis.version.runId });
  const artifact = await store.artifacts.put(encodeGrid(grid), GRID_MEDIA_TYPE);
  return analysisLease.finish(store, key, async (tx) => {
    await insertArtifact(tx, artifact);
    await tx.slideAnalysis.update({
      where: { id: key.id },
      data: {
        status: 'SUCCEEDED',
        backend,
        artifactHash: artifact.hash,
        calledPatches,
        patchesDone: grid.places.length,
        error: null,
        finishedAt: new Date(),
      },
    });
  });
}

type CountedGrid = { grid: AnalysisGrid; runId: string; tilePx: number; threshold: number };

/** In context where the run's step has something to say here, as heatmap and hot spots are shown. */
async function countCalledAsShown(
  store: Store,
  { grid, runId, tilePx, threshold }: CountedGrid,
): Promise<number> {
  const step = await requireContextStep(store, { runId });
  if (!step || step.radius === 0) return countCalled(grid, threshold);
  const placed = { probabilities: grid.probabilities, places: placePatchesOfGrid(grid, tilePx) };
  const inContext = takeGridInContext(grid, putInContext(placed, step));
  return inContext ? countCalled(inContext, step.threshold) : countCalled(grid, threshold);
}

/**
 * QUEUED → CANCELED at once; of a RUNNING one the worker is told by its next heartbeat.
 * @throws AppError NOT_FOUND; CONFLICT when it has ended
 */
export async function cancelSlideAnalysis(store: Store, id: string): Promise<SlideAnalysis> {
  await analysisLease.cancel(store, id);
  return store.database.prisma.slideAnalysis.findUniqueOrThrow({ where: { id } });
}

async function isHeld(tx: Transaction, { id, attempt }: WorkKey): Promise<boolean> {
  const held = await tx.$queryRaw<unknown[]>`
    select from slide_analysis where id = ${id}::uuid and attempt = ${attempt} and status = 'RUNNING' for update`;
  return held.length > 0;
}

async function countDone(prisma: Store['database']['prisma'], id: string): Promise<number> {
  const [row] = await prisma.$queryRaw<{ done: number }[]>`
    select coalesce(sum(octet_length(probabilities)) / 8, 0)::int as done
    from slide_analysis_block where analysis_id = ${id}::uuid`;
  return row?.done ?? 0;
}

async function readBlocks({ database: { prisma } }: Store, analysisId: string): Promise<Float64Array> {
  const blocks = await prisma.slideAnalysisBlock.findMany({
    where: { analysisId },
    orderBy: { first: 'asc' },
  });
  const parts = blocks.map(({ first, probabilities }) => ({
    first,
    probabilities: readNumbers(probabilities, Float64Array),
  }));
  const last = parts.at(-1);
  const all = new Float64Array(last ? last.first + last.probabilities.length : 0).fill(Number.NaN);
  for (const { first, probabilities } of parts) all.set(probabilities, first);
  invariant(!all.some(Number.isNaN), 'blocks follow one another without a gap');
  return all;
}

function toBytes({ buffer, byteOffset, byteLength }: Int32Array | Float64Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

/** A copy of its own: what the driver gives need not begin at a multiple of eight. */
function readNumbers<Numbers>(bytes: Uint8Array, kind: new (buffer: ArrayBuffer) => Numbers): Numbers {
  return new kind(new Uint8Array(bytes).buffer);
}
