/** What a child process is told to analyse a slide, and what it notes on the way: the plan once, then block after block. */
import type { BackendName } from '@microtome/domain/run/backends';
import type { AnalysisBlock, ResumedPlan } from '@microtome/store/slide-analysis/analysis-lease';
import type { TilePlan, TissueRequest } from '@microtome/store/slide-analysis/tissue-tiles';
import type { JobModel } from './exam-job.ts';

export type AnalysisJob = {
  artifactUrl: string;
  model: JobModel;
  backend: BackendName;
  threads: number | null;
  slide: TissueRequest;
  /** Of an attempt before; null where the tissue was not found yet. */
  resumed: ResumedPlan | null;
};

export type AnalysisNote = { kind: 'planned'; plan: TilePlan } | { kind: 'computed'; block: AnalysisBlock };
