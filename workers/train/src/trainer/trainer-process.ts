/**
 * Main file of the trainer process: gets one job from its parent, trains it (or predicts with a model) and reports. It never opens the database,
 * and it ends when its parent is gone, because its results could not be committed.
 */
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { waitForArtifacts } from '@microtome/store/artifacts/patient-artifacts';
import type { AnalysisJob } from '../protocol/analysis-job.ts';
import type { ShortMessage, SupervisorMessage, TrainerMessage } from '../protocol/trainer-messages.ts';
import type { JobPixels, TrainingJob } from '../protocol/training-job.ts';
import { checkExternalModel } from './check-external-model.ts';
import { examinePatches } from './examine-patches.ts';
import { endWithParent } from './parent-watch.ts';
import { trainRun } from './training-loop.ts';

let isHandOverAsked = false;

process.on('disconnect', () => process.exit(1));
// An interrupt from the terminal reaches the whole process group; what becomes of the run is the supervisor's decision.
process.on('SIGINT', () => undefined);
process.on('message', (message: SupervisorMessage) => {
  if (message.kind === 'handOver') {
    isHandOverAsked = true;
    return;
  }
  endWithParent();
  if (message.kind === 'train') void reportLast(train(message.job));
  else if (message.kind === 'examine') void reportLast(workShortly(examinePatches, message.job));
  else if (message.kind === 'check') void reportLast(workShortly(checkExternalModel, message.job));
  else void reportLast(analyse(message.job));
});

async function reportLast(work: Promise<TrainerMessage | ShortMessage<unknown>>): Promise<void> {
  const verdict = await work.catch(describeFailure);
  process.send?.(verdict, undefined, undefined, () => process.exit(0));
}

type ShortIo = { artifacts: ArtifactStore; onProgress: (patchesDone: number) => void };

async function workShortly<Job extends { pixels: JobPixels }, Result>(
  work: (job: Job, io: ShortIo) => Promise<Result>,
  job: Job,
): Promise<ShortMessage<Result>> {
  const artifacts = openPatiently(job.pixels.artifactUrl);
  const onProgress = (patchesDone: number) => report({ kind: 'advanced', patchesDone });
  return { kind: 'done', result: await work(job, { artifacts, onProgress }) };
}

async function analyse(job: AnalysisJob): Promise<ShortMessage<null>> {
  const artifacts = openPatiently(job.artifactUrl);
  // Reading slides loads image libraries, which not every worker in one file brings.
  const { analyseSlide } = await import('./analyse-slide.ts');
  const result = await analyseSlide(job, {
    artifacts,
    onProgress: (patchesDone) => report({ kind: 'advanced', patchesDone }),
    note: (note) => report({ kind: 'noted', note }),
  });
  return { kind: 'done', result };
}

function openPatiently(artifactUrl: string): ArtifactStore {
  return waitForArtifacts(openArtifactStore(artifactUrl), () => undefined);
}

async function train(job: TrainingJob): Promise<TrainerMessage> {
  const result = await trainRun(job, {
    artifacts: waitForArtifacts(openArtifactStore(job.pixels.artifactUrl), (reason) =>
      report({ kind: 'waiting', reason }),
    ),
    report,
    isHandOverAsked: () => isHandOverAsked,
  });
  return result ? { kind: 'finished', result } : { kind: 'handedOver' };
}

function report(message: TrainerMessage | ShortMessage<unknown, unknown>): void {
  process.send?.(message);
}

function describeFailure(error: unknown): TrainerMessage & ShortMessage<never> {
  if (error instanceof AppError) return { kind: 'failed', code: error.code, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'failed', code: 'INTERNAL', message };
}
