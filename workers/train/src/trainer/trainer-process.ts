/**
 * Main file of the trainer process: gets one job from its parent, trains it (or puts a model to the test) and reports. It never opens the database,
 * and it ends when its parent is gone, because its results could not be committed.
 */
import { AppError } from '@microtome/domain/app-error';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { waitForArtifacts } from '@microtome/store/artifacts/patient-artifacts';
import type { ExamJob } from '../protocol/exam-job.ts';
import type { ExamMessage, SupervisorMessage, TrainerMessage } from '../protocol/trainer-messages.ts';
import type { TrainingJob } from '../protocol/training-job.ts';
import { examinePatches } from './examine-patches.ts';
import { trainRun } from './training-loop.ts';

let isHandOverAsked = false;

process.on('disconnect', () => process.exit(1));
// An interrupt from the terminal reaches the whole process group; what becomes of the run is the supervisor's decision.
process.on('SIGINT', () => undefined);
process.on('message', (message: SupervisorMessage) => {
  if (message.kind === 'handOver') isHandOverAsked = true;
  else if (message.kind === 'examine') void reportLast(examine(message.job));
  else void reportLast(train(message.job));
});

async function reportLast(work: Promise<TrainerMessage | ExamMessage>): Promise<void> {
  const verdict = await work.catch(describeFailure);
  process.send?.(verdict, undefined, undefined, () => process.exit(0));
}

async function examine(job: ExamJob): Promise<ExamMessage> {
  const artifacts = waitForArtifacts(openArtifactStore(job.pixels.artifactUrl), () => undefined);
  const result = await examinePatches(job, {
    artifacts,
    onProgress: (patchesDone) => report({ kind: 'examining', patchesDone }),
  });
  return { kind: 'examined', result };
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

function report(message: TrainerMessage | ExamMessage): void {
  process.send?.(message);
}

function describeFailure(error: unknown): TrainerMessage & ExamMessage {
  if (error instanceof AppError) return { kind: 'failed', code: error.code, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'failed', code: 'INTERNAL', message };
}
