/** What a page draws of an evaluation, computed from the stored predictions and kept by their content hash. */
import type { Subset } from '@microtome/domain/split/subset';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import type { PictureResult } from '../background/background-task.ts';
import type { ApiServices } from '../graphql/context.ts';
import { loadScoredSubset } from './scored-subset.ts';

type EvaluationRow = Prisma.EvaluationGetPayload<object>;

export type EvaluationPicture = Pick<PictureResult, 'roc' | 'pr' | 'reliability' | 'intervalsByPatch'> & {
  patients: (PictureResult['patients'][number] & { patientKey: string; calledShare: number })[];
};

/** The row of an evaluation is there only where its subset may be read, so no seal is asked here. */
export async function describeEvaluation(
  context: ApiServices,
  { runId, subset, threshold }: EvaluationRow,
): Promise<EvaluationPicture> {
  const role = `PREDICTIONS_${subset}`;
  const { artifactHash } = await getRunArtifact(context.store, { runId, role });
  return context.evaluationPictures.get(`${artifactHash} ${threshold}`, async () => {
    const { scored, patientKeys } = await loadScoredSubset(context, { runId, subset: subset as Subset });
    const picture = await context.statistics.picture({ scored, threshold });
    const patients = picture.patients.map((row) => ({
      ...row,
      patientKey: patientKeys[row.patient] ?? '',
      calledShare: row.predictedArea,
    }));
    return { ...picture, patients };
  });
}
