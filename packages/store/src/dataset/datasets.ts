/** Datasets as a whole: finding and deleting them, and the list of shards that hold their pixels. */
import { AppError } from '@microtome/domain/app-error';
import type { Dataset, DatasetShard } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** NOT_FOUND when there is none. */
export async function getDataset(store: Store, datasetId: string): Promise<Dataset> {
  const dataset = await store.database.prisma.dataset.findUnique({ where: { id: datasetId } });
  if (!dataset) throw new AppError('NOT_FOUND', `There is no dataset ${datasetId}.`);
  return dataset;
}

/** The shards in the order of their patches. */
export async function listShards(store: Store, datasetId: string): Promise<DatasetShard[]> {
  return store.database.prisma.datasetShard.findMany({ where: { datasetId }, orderBy: { position: 'asc' } });
}

/**
 * Deletes a dataset with its patches, splits and empty experiments; its shards are freed by the next sweep.
 * @throws AppError NOT_FOUND; CONFLICT while runs depend on it
 */
export async function deleteDataset(store: Store, datasetId: string): Promise<void> {
  await store.database.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select from dataset where id = ${datasetId}::uuid for update`;
    const dataset = await tx.dataset.findUnique({ where: { id: datasetId } });
    if (!dataset) throw new AppError('NOT_FOUND', `There is no dataset ${datasetId}.`);
    const runs = await tx.run.count({ where: { datasetId } });
    if (runs > 0) {
      const what = runs === 1 ? '1 run depends' : `${runs} runs depend`;
      throw new AppError('CONFLICT', `Dataset '${dataset.name}' cannot be deleted: ${what} on it.`);
    }
    await tx.sweep.deleteMany({ where: { experiment: { datasetId } } });
    await tx.experiment.deleteMany({ where: { datasetId } });
    await tx.split.deleteMany({ where: { datasetId } });
    await tx.dataset.delete({ where: { id: datasetId } });
    await tx.$executeRaw`
      delete from patient where not exists (select from dataset_patient where patient_id = patient.id)`;
  });
}
