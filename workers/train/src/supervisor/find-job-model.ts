/** Where the model of a run lies, as a child process is told it. */
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { requireCheckedModel } from '@microtome/store/model-check/model-checks';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { getRun } from '@microtome/store/run/runs';
import type { Store } from '@microtome/store/store';
import type { JobModel } from '../protocol/exam-job.ts';

export async function findJobModel(store: Store, runId: string): Promise<JobModel> {
  const run = await getRun(store, runId);
  if (run.origin === 'EXTERNAL') {
    const { fileHash, modelInput: input } = await requireCheckedModel(store.database.prisma, run);
    return { kind: 'external', fileHash, input };
  }
  const findHash = async (role: string) => (await getRunArtifact(store, { runId, role })).artifactHash;
  return {
    kind: 'saved',
    hyperparameters: parseHyperparameters(run.hyperparameters),
    modelJsonHash: await findHash('MODEL_JSON'),
    modelWeightsHash: await findHash('MODEL_WEIGHTS'),
  };
}
