/**
 * Frees artifacts at once when the last row that named them is gone: their rows within the transaction that took
 * the name away, their files after its commit. A crash between the two leaves a file without a row, which the sweep takes.
 */
import type { Database, Transaction } from '../database/database.ts';
import { freeUnlessHeld } from './artifact-hold.ts';
import type { ArtifactStore } from './artifacts.ts';

export type DroppedArtifact = { hash: string; bytes: bigint; createdAt: Date };

/** Deletes the rows of those artifacts that nothing names any more, and gives them. */
export async function dropUnnamedArtifacts(
  tx: Transaction,
  hashes: readonly string[],
): Promise<DroppedArtifact[]> {
  if (hashes.length === 0) return [];
  // Locked first: who is about to name one holds its row, and the next statement sees what was committed meanwhile.
  await tx.$queryRaw`select from artifact where hash = any(${[...hashes]}::text[]) order by hash for update`;
  return tx.$queryRaw<DroppedArtifact[]>`
    delete from artifact where hash = any(${[...hashes]}::text[])
      and not exists (select from dataset_shard where artifact_hash = hash)
      and not exists (select from run_artifact where artifact_hash = hash)
      and not exists (select from run_file where artifact_hash = hash)
      and not exists (select from external_evaluation where artifact_hash = hash)
      and not exists (select from slide_analysis where artifact_hash = hash)
      and not exists (select from logged_model_file where artifact_hash = hash)
    returning hash, bytes, created_at as "createdAt"`;
}

/**
 * Deletes the files of dropped artifacts; gives the bytes that are free now. One that was stored again after a row
 * named it stays: another row may be on its way. What cannot be deleted now, because a backup reads it say, is left to
 * the sweep.
 */
export async function deleteDroppedFiles(
  store: { database: Database; artifacts: ArtifactStore },
  dropped: readonly DroppedArtifact[],
  options: { storedBefore?: Date } = {},
): Promise<bigint> {
  if (dropped.length === 0) return 0n;
  const freedBytes = await freeUnlessHeld(store.database.pool, () =>
    deleteFiles(store.artifacts, dropped, options),
  );
  return freedBytes ?? 0n;
}

async function deleteFiles(
  artifacts: ArtifactStore,
  dropped: readonly DroppedArtifact[],
  { storedBefore }: { storedBefore?: Date },
): Promise<bigint> {
  let freedBytes = 0n;
  for (const { hash, bytes, createdAt } of dropped) {
    const limit = storedBefore && storedBefore < createdAt ? storedBefore : createdAt;
    const isDeleted = await artifacts.delete(hash, limit).catch(() => false);
    if (isDeleted) freedBytes += bytes;
  }
  return freedBytes;
}

/** A file that no row names any more, or that none came to name. */
type UnnamedFile = { hash: string; bytes: bigint; namedAt: Date };

/**
 * Deletes those of the files that no row names; gives the bytes that are free now. One that was stored again since it
 * was named stays, and so does one that a running import may have stored: its row may follow.
 */
export async function deleteUnnamedFiles(
  { database, artifacts }: { database: Database; artifacts: ArtifactStore },
  files: readonly UnnamedFile[],
  { endedImportId }: { endedImportId?: string } = {},
): Promise<bigint> {
  const importedSince = await findOldestImportStart(database, { endedImportId });
  let freedBytes = 0n;
  for (const { hash, bytes, namedAt } of files) {
    const limit = importedSince && importedSince < namedAt ? importedSince : namedAt;
    const isNamed = (await database.prisma.artifact.count({ where: { hash } })) > 0;
    if (!isNamed) await artifacts.delete(hash, limit);
    // One that a killed process had deleted before it could say so is free as well.
    if (!(await artifacts.has(hash))) freedBytes += bytes;
  }
  return freedBytes;
}

/** When the import began that runs longest; what was stored since may yet be named. */
export async function findOldestImportStart(
  { prisma }: Pick<Database, 'prisma'>,
  { endedImportId }: { endedImportId?: string | undefined } = {},
): Promise<Date | null> {
  const others = endedImportId === undefined ? {} : { id: { not: endedImportId } };
  const { _min } = await prisma.datasetImport.aggregate({
    where: { status: 'RUNNING', ...others },
    _min: { startedAt: true },
  });
  return _min.startedAt;
}
