/** Imports seen from outside: the row that tells how far one is, and the request to stop it. */
import { AppError } from '@microtome/domain/app-error';
import type { DatasetImport } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** NOT_FOUND when there is none. */
async function getDatasetImport(store: Store, importId: string): Promise<DatasetImport> {
  const row = await store.database.prisma.datasetImport.findUnique({ where: { id: importId } });
  if (!row) throw new AppError('NOT_FOUND', `There is no import ${importId}.`);
  return row;
}

/** Asks a running import to stop; it checks for this while it works. No effect on one that has ended. */
export async function cancelDatasetImport(store: Store, importId: string): Promise<DatasetImport> {
  await store.database.prisma.datasetImport.updateMany({
    where: { id: importId, status: 'RUNNING', cancelRequestedAt: null },
    data: { cancelRequestedAt: new Date() },
  });
  return getDatasetImport(store, importId);
}
