/** The record of a deletion: who asked for what, how much goes, how far it is. */
import { AppError } from '@microtome/domain/app-error';
import { checkText } from '@microtome/domain/text-rules';
import type { Deletion } from '../../generated/prisma/client.ts';
import type { DroppedArtifact } from '../artifacts/free-artifacts.ts';
import type { DeletionKind } from '../database/column-words.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';

type DeletionRequest = {
  kind: DeletionKind;
  subjectId: string;
  /** What it belonged to. */
  projectId: string;
  name: string;
  requestedBy: string;
  rowsTotal: number;
  bytesTotal: bigint;
};

/** Within the transaction that holds the row of what is to go. CONFLICT when it is being deleted already. */
export async function recordDeletion(tx: Transaction, request: DeletionRequest): Promise<Deletion> {
  const known = await tx.deletion.findUnique({ where: { subjectId: request.subjectId } });
  if (known) throw new AppError('CONFLICT', `'${request.name}' is being deleted already.`);
  return tx.deletion.create({
    data: { ...request, requestedBy: checkText(request.requestedBy, 'requester') },
  });
}

/** Files that no row names any more, to be freed once this transaction is committed. */
export async function listFilesToFree(
  tx: Transaction,
  deletionId: string,
  dropped: readonly DroppedArtifact[],
): Promise<void> {
  await tx.deletionFile.createMany({
    data: dropped.map(({ hash, bytes, createdAt }) => ({ deletionId, hash, bytes, namedAt: createdAt })),
  });
}

/** Those of these runs and datasets that are being deleted, or were. */
export async function listDeletionsOf(
  { database }: Store,
  subjectIds: readonly string[],
): Promise<Deletion[]> {
  return database.prisma.deletion.findMany({ where: { subjectId: { in: [...subjectIds] } } });
}

/** CONFLICT when the dataset is being deleted. */
export async function refuseDeletedDataset({ database }: Store, datasetId: string): Promise<void> {
  const deletion = await database.prisma.deletion.findUnique({ where: { subjectId: datasetId } });
  if (deletion) throw new AppError('CONFLICT', `Dataset '${deletion.name}' is being deleted.`);
}
