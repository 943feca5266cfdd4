/**
 * What supervisor and trainer say to each other. The trainer reports facts and names files that it has written; the
 * supervisor alone commits them.
 */
import type { ContextStep } from '@microtome/domain/context/context-step';
import type { EvaluationWithIntervals } from '@microtome/domain/evaluation/evaluation';
import type { BackendName } from '@microtome/domain/run/backends';
import type { ArtifactRef } from '@microtome/store/artifacts/artifacts';
import type { AnalysisJob } from './analysis-job.ts';
import type { CheckJob, ExamJob } from './exam-job.ts';
import type { TrainingJob } from './training-job.ts';

export type TrainerPhase = 'preparing' | 'training' | 'validating' | 'finishing';

export type TrainerProgress = {
  phase: TrainerPhase;
  /** The epoch under way, from 1. */
  epoch: number;
  epochs: number;
  batch: number;
  batches: number;
  patchesPerSecond: number | null;
  secondsLeft: number | null;
  loss: number | null;
};

export type EpochReport = {
  /** From 1. */
  epoch: number;
  /** Optimizer steps so far. */
  step: number;
  /** Undefined metrics (AUC of one class) are absent. */
  metrics: Record<string, number>;
  checkpoint: ArtifactRef;
  /** Whether this epoch is the best one so far by the monitored metric. */
  best: boolean;
  trainPatchesPerSecond: number | undefined;
  peakMemoryBytes: number;
};

type TrainerEnvironment = {
  backend: BackendName;
  device: string;
  versions: Record<string, string>;
};

export type TrainingResult = {
  bestEpoch: number;
  threshold: number;
  /** 1 where calibration is off. */
  temperature: number;
  /** With neighbours; null: nothing to say. Left out where the job tells no places. */
  context?: ContextStep | null;
  trainPatchesPerSecond: number;
  peakMemoryBytes: number;
  files: {
    modelJson: ArtifactRef;
    modelWeights: ArtifactRef;
    modelOnnx: ArtifactRef;
    validationPredictions: ArtifactRef;
    testPredictions: ArtifactRef;
  };
  validation: ValidationEvaluation;
};

export type ValidationEvaluation = Pick<EvaluationWithIntervals, 'metrics' | 'intervals'> & { draws: number };

export type TrainerMessage =
  | { kind: 'started'; environment: TrainerEnvironment }
  | { kind: 'progress'; progress: TrainerProgress }
  | { kind: 'log'; line: string }
  /** Why it cannot continue at the moment, as a sentence; null when it continues. */
  | { kind: 'waiting'; reason: string | null }
  | { kind: 'epoch'; report: EpochReport }
  | { kind: 'finished'; result: TrainingResult }
  /** Asked to hand over, it stopped after a checkpoint. */
  | { kind: 'handedOver' }
  | TrainerFailure;

type TrainerFailure = { kind: 'failed'; code: string; message: string };

/** What is said of work on a model that is there: an exam, a check, or the analysis of a slide. */
export type ShortMessage<Result, Note = never> =
  | { kind: 'advanced'; patchesDone: number }
  /** A part of the result, to be kept at once. */
  | { kind: 'noted'; note: Note }
  | { kind: 'done'; result: Result }
  | TrainerFailure;

export type WorkMessage =
  | { kind: 'train'; job: TrainingJob }
  | { kind: 'examine'; job: ExamJob }
  | { kind: 'check'; job: CheckJob }
  | { kind: 'analyse'; job: AnalysisJob };

export type SupervisorMessage = WorkMessage | { kind: 'handOver' };
