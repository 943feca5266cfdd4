/** Datasets as a whole: finding and deleting them, and the list of shards that hold their pixels. */
import { AppError } from '@microtome/domain/app-error';
import type { Dataset, DatasetShard, Deletion } from '../../generated/prisma/client.ts';
import { chooseNamed, whereNamed } from '../access/named-in-project.ts';
import { recordDeletion } from '../deletion/deletions.ts';
import type { Store } from '../store.ts';

/** NOT_FOUND when there is none. */
export async function getDataset(store: Store, datasetId: string): Promise<Dataset> {
  const dataset = await store.database.prisma.dataset.findUnique({ where: { id: datasetId } });
  if (!dataset) throw new AppError('NOT_FOUND', `There is no dataset ${datasetId}.`);
  return dataset;
}

/** Of one project, or of all. NOT_FOUND, with the names that there are, when none is called so; BAD_INPUT when several are. */
export async function findDatasetByName(
  { database: { prisma } }: Store,
  name: string,
  { projectId }: { projectId: string | null },
): Promise<Dataset> {
  const place = { projectIds: projectId === null ? null : [projectId] };
  const rows = await prisma.dataset.findMany({ where: whereNamed(name, place), take: 2 });
  const dataset = chooseNamed('dataset', name, rows);
  if (dataset) return dataset;
  const others = await prisma.dataset.findMany({
    where: projectId === null ? {} : { projectId },
    select: { name: true },
    orderBy: { name: 'asc' },
    distinct: ['name'],
    take: 10,
  });
  const known = others.map((other) => `'${other.name}'`).join(', ') || 'none yet';
  throw new AppError('NOT_FOUND', `There is no dataset '${name}'. There are: ${known}.`);
}

/** The shards in the order of their patches. */
export async function listShards(store: Store, datasetId: string): Promise<DatasetShard[]> {
  return store.database.prisma.datasetShard.findMany({ where: { datasetId }, orderBy: { position: 'asc' } });
}

/**
 * Asks for the deletion of a dataset: its empty experiments and splits go now, its patches and files in the background.
 * @throws AppError NOT_FOUND; CONFLICT while runs or external evaluations depend on it, or when it is being deleted already
 */
export async function deleteDataset(
  store: Store,
  datasetId: string,
  { requestedBy = '' }: { requestedBy?: string } = {},
): Promise<Deletion> {
  return store.database.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select from dataset where id = ${datasetId}::uuid for update`;
    const dataset = await tx.dataset.findUnique({ where: { id: datasetId } });
    if (!dataset) throw new AppError('NOT_FOUND', `There is no dataset ${datasetId}.`);
    const { name, projectId, patchCount, stripCount } = dataset;
    const runs = await tx.run.count({ where: { datasetId } });
    if (runs > 0) {
      const what = runs === 1 ? '1 run depends' : `${runs} runs depend`;
      throw new AppError('CONFLICT', `Dataset '${name}' cannot be deleted: ${what} on it.`);
    }
    // Those without a result hold nothing: they go with the dataset.
    await tx.externalEvaluation.deleteMany({ where: { datasetId, status: { in: ['FAILED', 'CANCELED'] } } });
    const exams = await tx.externalEvaluation.count({ where: { datasetId } });
    if (exams > 0) {
      const what = exams === 1 ? '1 model was' : `${exams} models were`;
      throw new AppError('CONFLICT', `Dataset '${name}' cannot be deleted: ${what} put to the test on it.`);
    }
    await tx.sweep.deleteMany({ where: { experiment: { datasetId } } });
    await tx.experiment.deleteMany({ where: { datasetId } });
    await tx.split.deleteMany({ where: { datasetId } });
    const artifacts = await tx.artifact.aggregate({
      where: { shards: { some: { datasetId } } },
      _sum: { bytes: true },
    });
    const [rowsTotal, bytesTotal] = [patchCount + stripCount, artifacts._sum.bytes ?? 0n];
    const request = { kind: 'DATASET' as const, subjectId: datasetId, projectId, name, requestedBy };
    return recordDeletion(tx, { ...request, rowsTotal, bytesTotal });
  });
}
