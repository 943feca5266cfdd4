/** Finding external evaluations: those of one exam, by one model or by others. */
import type { ExternalEvaluation } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import type { ExamKey } from './check-exam.ts';

/** Those of a model on one exam, whatever the task, newest first. `sites` sorted. */
export async function listEvaluationsOfExam(
  { database: { prisma } }: Store,
  { runId, datasetId, sites }: ExamKey,
): Promise<ExternalEvaluation[]> {
  return prisma.externalEvaluation.findMany({
    where: { runId, datasetId, sites: { equals: [...sites] } },
    orderBy: { createdAt: 'desc' },
  });
}

/** Other models that have figures of the same exam, by the same task, newest first. */
export async function listRivals(
  { database: { prisma } }: Store,
  { id, datasetId, taskId, sites }: ExternalEvaluation,
): Promise<ExternalEvaluation[]> {
  if (!taskId) return [];
  return prisma.externalEvaluation.findMany({
    where: { id: { not: id }, datasetId, taskId, sites: { equals: sites }, status: 'SUCCEEDED' },
    orderBy: { createdAt: 'desc' },
  });
}
