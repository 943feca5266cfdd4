/** Where an attempt begins: at the newest checkpoint that is whole, or from the start. */
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import type { TrainingJob } from '../protocol/training-job.ts';
import { type Checkpoint, decodeCheckpoint } from './checkpoint.ts';

/**
 * Tries the job's checkpoints, newest first. One that is damaged or missing is passed over, and `onPassedOver` is told
 * why: the epochs behind it are computed again. Null when there is none to go on from.
 */
export async function readCheckpoint(
  job: Pick<TrainingJob, 'runId' | 'checkpointHashes'>,
  artifacts: ArtifactStore,
  onPassedOver: (reason: string) => void,
): Promise<Checkpoint | null> {
  for (const hash of job.checkpointHashes) {
    const bytes = await artifacts.read(hash).catch((error: unknown) => {
      if (!(error instanceof AppError) || (error.code !== 'DAMAGED' && error.code !== 'NOT_FOUND'))
        throw error;
      onPassedOver(error.message);
      return null;
    });
    if (!bytes) continue;
    const checkpoint = decodeCheckpoint(bytes);
    if (checkpoint.runId === job.runId) return checkpoint;
    throw new AppError(
      'BAD_INPUT',
      `The checkpoint of run ${checkpoint.runId} cannot continue run ${job.runId}.`,
    );
  }
  return null;
}
