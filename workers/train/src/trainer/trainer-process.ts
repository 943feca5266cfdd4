/**
 * Main file of the trainer process: gets one job from its parent, trains it and reports. It never opens the database,
 * and it ends when its parent is gone, because its results could not be committed.
 */
import { AppError } from '@microtome/domain/app-error';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { waitForArtifacts } from '@microtome/store/artifacts/patient-artifacts';
import type { SupervisorMessage, TrainerMessage } from '../protocol/trainer-messages.ts';
import type { TrainingJob } from '../protocol/training-job.ts';
import { trainRun } from './training-loop.ts';

let isHandOverAsked = false;

process.on('disconnect', () => process.exit(1));
// An interrupt from the terminal reaches the whole process group; what becomes of the run is the supervisor's decision.
process.on('SIGINT', () => undefined);
process.on('message', (message: SupervisorMessage) => {
  if (message.kind === 'handOver') isHandOverAsked = true;
  else void trainAndReport(message.job);
});

async function trainAndReport(job: TrainingJob): Promise<void> {
  const verdict = await train(job).catch(describeFailure);
  process.send?.(verdict, undefined, undefined, () => process.exit(0));
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

function report(message: TrainerMessage): void {
  process.send?.(message);
}

function describeFailure(error: unknown): TrainerMessage {
  if (error instanceof AppError) return { kind: 'failed', code: error.code, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'failed', code: 'INTERNAL', message };
}
