/**
 * Slide analyses as work of this worker: one is claimed, its child told where to go on, and what the child notes is kept block by
 * block, so that nothing is computed twice whatever is killed.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CPU_BACKEND } from '@microtome/domain/run/backends';
import type { SlideAnalysis } from '@microtome/store/generated/prisma/client';
import {
  analysisLease,
  claimSlideAnalysis,
  findResumedPlan,
  finishSlideAnalysis,
  saveBlock,
  savePlan,
} from '@microtome/store/slide-analysis/analysis-lease';
import type { AnalysisJob, AnalysisNote } from '../protocol/analysis-job.ts';
import { findJobModel } from './find-job-model.ts';
import { attemptShortWork, type ShortWorker } from './short-work.ts';

/** A worker in one file may come without what reads slides; analyses then wait for another one. */
const CAN_READ_SLIDES = existsSync(fileURLToPath(new URL('../trainer/analyse-slide.ts', import.meta.url)));

/** False when none waits. Resolves when the child is gone and the analysis has moved on. */
export async function analyseNext(worker: ShortWorker, signal: AbortSignal): Promise<boolean> {
  if (!CAN_READ_SLIDES) return false;
  const { store, workerId, leaseStaleMs: staleAfterMs, modelLimits } = worker;
  const analysis = await claimSlideAnalysis(store, { workerId, staleAfterMs });
  if (!analysis) return false;
  const key = { id: analysis.id, attempt: analysis.attempt };
  const measureRate = createRateMeter();
  let usedBackend = worker.backend;
  await attemptShortWork<null, AnalysisNote>(
    worker,
    {
      name: 'slide analysis',
      key,
      lease: analysisLease,
      patchesDone: analysis.patchesDone,
      prepare: async () => {
        const job = await prepareAnalysis(worker, analysis);
        if (job.model.kind === 'saved') return { message: { kind: 'analyse', job }, limits: null };
        usedBackend = CPU_BACKEND;
        return { message: { kind: 'analyse', job }, limits: modelLimits };
      },
      record: (note) =>
        note.kind === 'planned'
          ? savePlan(store, { ...key, plan: note.plan })
          : saveBlock(store, {
              ...key,
              block: note.block,
              patchesPerSecond: measureRate(note.block.probabilities.length),
            }),
      commit: () => finishSlideAnalysis(store, { ...key, backend: usedBackend }),
    },
    signal,
  );
  return true;
}

async function prepareAnalysis(
  { store, backend, threads }: ShortWorker,
  analysis: SlideAnalysis,
): Promise<AnalysisJob> {
  const { path, tilePx, micronsPerPixel, toldMicronsPerPixel, versionId } = analysis;
  const { runId } = await store.database.prisma.modelVersion.findUniqueOrThrow({ where: { id: versionId } });
  return {
    artifactUrl: store.artifacts.url,
    model: await findJobModel(store, runId),
    backend,
    threads,
    slide: { path, tilePx, micronsPerPixel, toldMicronsPerPixel },
    resumed: await findResumedPlan(store, analysis),
  };
}

/** Patches a second of this attempt, from its first block on; null for that one, before which the model was loaded. */
function createRateMeter(): (patches: number) => number | null {
  let startedMs: number | null = null;
  let counted = 0;
  return (patches) => {
    if (startedMs === null) {
      startedMs = performance.now();
      return null;
    }
    counted += patches;
    const seconds = (performance.now() - startedMs) / 1000;
    return seconds > 0 ? counted / seconds : null;
  };
}
