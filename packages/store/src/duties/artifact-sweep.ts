/**
 * Deletes artifacts that nothing names any more: of deleted runs and datasets, of checkpoints that were
 * replaced, of work that a crash interrupted between file and row. Young files stay, because their row may still come.
 */
import { freeUnlessHeld } from '../artifacts/artifact-hold.ts';
import { findOldestImportStart } from '../artifacts/free-artifacts.ts';
import type { Store } from '../store.ts';

/**
 * A file waits at most this long for the row that names it: a slower worker has lost its lease and names
 * nothing any more. Files stored by running imports stay, however long the imports take.
 */
const SWEEP_GRACE_MS = 10 * 60 * 1000;

type SweepResult = { rows: number; files: number };

/** Does nothing while a backup reads the files. */
export async function sweepArtifacts(
  store: Store,
  { graceMs = SWEEP_GRACE_MS }: { graceMs?: number } = {},
): Promise<SweepResult> {
  const swept = await freeUnlessHeld(store.database.pool, () => sweep(store, graceMs));
  return swept ?? { rows: 0, files: 0 };
}

/** Rows first, files afterwards: a file without a row is an orphan, a row without a file would be a loss. */
async function sweep(store: Store, graceMs: number): Promise<SweepResult> {
  const before = await findSafeTime(store, graceMs);
  const rows = await store.database.prisma.$executeRaw`
    delete from artifact
    where created_at < ${before}
      and not exists (select from dataset_shard where artifact_hash = hash)
      and not exists (select from run_artifact where artifact_hash = hash)
      and not exists (select from run_file where artifact_hash = hash)
      and not exists (select from external_evaluation where artifact_hash = hash)
      and not exists (select from slide_analysis where artifact_hash = hash)
      and not exists (select from logged_model_file where artifact_hash = hash)`;
  let files = 0;
  for await (const { hash, modifiedAt } of store.artifacts.list()) {
    if (modifiedAt >= before) continue;
    const named = await store.database.prisma.artifact.findUnique({
      where: { hash },
      select: { hash: true },
    });
    if (!named && (await store.artifacts.delete(hash, before))) files += 1;
  }
  await store.artifacts.removeUnfinished(before);
  return { rows, files };
}

/**
 * A file stored before this time that no row names will never be named. Of the database's clock and our own the one
 * that is behind counts: a clock that jumped ahead must not make young files old.
 */
async function findSafeTime({ database }: Store, graceMs: number): Promise<Date> {
  const importedSince = await findOldestImportStart(database);
  const [row] = await database.prisma.$queryRaw<{ now: Date }[]>`select now() as now`;
  const graceEnd = new Date(Math.min(row?.now.getTime() ?? Number.NaN, Date.now()) - graceMs);
  return importedSince && importedSince < graceEnd ? importedSince : graceEnd;
}
