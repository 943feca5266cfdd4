/**
 * Carries recorded deletions out: rows in batches of one short transaction each, then the files that nothing names any
 * more. Every step is on record when it is done, so that another process goes on where one was killed, and
 * several at once take turns.
 */
import type { Deletion } from '../../generated/prisma/client.ts';
import { freeUnlessHeld } from '../artifacts/artifact-hold.ts';
import { deleteUnnamedFiles, dropUnnamedArtifacts } from '../artifacts/free-artifacts.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { listFilesToFree } from './deletions.ts';

/** Half a second of work at most: readers and workers wait for no lock of it. */
const BATCH_ROWS = 5_000;
const BATCH_FILES = 50;

type StepResult = 'more' | 'rows are gone' | 'not ours';

/** Goes through all that are open; gives how many it finished. Stops early when a backup reads the files. */
export async function performDeletions(
  store: Store,
  { batchRows = BATCH_ROWS }: { batchRows?: number } = {},
): Promise<number> {
  const open = await store.database.prisma.deletion.findMany({
    where: { finishedAt: null },
    orderBy: { requestedAt: 'asc' },
  });
  let finished = 0;
  for (const deletion of open) {
    let step: StepResult = 'more';
    while (step === 'more') step = await deleteRows(store, deletion, batchRows);
    if (step === 'rows are gone' && (await freeFiles(store, deletion))) finished += 1;
  }
  return finished;
}

async function deleteRows(
  { database }: Store,
  { id, kind, subjectId }: Deletion,
  batchRows: number,
): Promise<StepResult> {
  return database.prisma.$transaction(async (tx): Promise<StepResult> => {
    const [held] = await tx.$queryRaw<{ first: number; total: number }[]>`
      select rows_done as first, rows_total as total from deletion
      where id = ${id}::uuid and finished_at is null for update skip locked`;
    if (!held) return 'not ours';
    // The rows of a run are few and went with the request.
    if (kind === 'RUN') return 'rows are gone';
    if ((await tx.dataset.count({ where: { id: subjectId } })) === 0) return 'rows are gone';
    // Each slide that goes asks for its patches: with statistics from before its import the server may read all of them.
    if (held.first === 0) await tx.$executeRaw`analyze patch`;
    // Patches are numbered without gaps: a range costs what it holds, however many patches there are and were.
    const end = held.first + batchRows;
    const patches = await tx.$executeRaw`
      delete from patch where dataset_id = ${subjectId}::uuid and index >= ${held.first} and index < ${end}`;
    await tx.deletion.update({ where: { id }, data: { rowsDone: { increment: patches } } });
    if (patches === batchRows && end < held.total) return 'more';
    await deleteEmptyDataset(tx, { id, subjectId });
    return 'rows are gone';
  });
}

/** What is left once the patches are gone, and the list of the files that nothing names any more. */
async function deleteEmptyDataset(
  tx: Transaction,
  { id, subjectId }: { id: string; subjectId: string },
): Promise<void> {
  const shards = await tx.datasetShard.findMany({ where: { datasetId: subjectId } });
  await tx.dataset.delete({ where: { id: subjectId } });
  await tx.$executeRaw`
    delete from patient where not exists (select from dataset_patient where patient_id = patient.id)`;
  const hashes = shards.map(({ artifactHash }) => artifactHash);
  await listFilesToFree(tx, id, await dropUnnamedArtifacts(tx, hashes));
}

/** False while a backup reads the files: the next turn goes on. */
async function freeFiles(store: Store, { id }: Deletion): Promise<boolean> {
  const { prisma, pool } = store.database;
  for (;;) {
    const files = await prisma.deletionFile.findMany({
      where: { deletionId: id },
      orderBy: { hash: 'asc' },
      take: BATCH_FILES,
    });
    if (files.length === 0) break;
    const freed = await freeUnlessHeld(pool, () => deleteUnnamedFiles(store, files));
    if (freed === null) return false;
    const hash = { in: files.map((file) => file.hash) };
    await prisma.$transaction(async (tx) => {
      const { count } = await tx.deletionFile.deleteMany({ where: { deletionId: id, hash } });
      // Another process may have freed and counted the same ones.
      if (count === files.length)
        await tx.deletion.update({ where: { id }, data: { bytesFreed: { increment: freed } } });
    });
  }
  await prisma.deletion.updateMany({ where: { id, finishedAt: null }, data: { finishedAt: new Date() } });
  return true;
}
