/** The files of a run by role: model, predictions, checkpoints. */
import { AppError } from '@microtome/domain/app-error';
import type { RunArtifact } from '../../generated/prisma/client.ts';
import type { ArtifactRef } from '../artifacts/artifacts.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';

/** A checkpoint's role is this and its epoch; `CHECKPOINT_BEST` names the best of them once more. */
const CHECKPOINT_PREFIX = 'CHECKPOINT_';

type RunFile = RunArtifact & { artifact: { bytes: bigint; mediaType: string } };

/** Names the stored artifact in the database and gives it that role, in place of what had it before. */
export async function linkRunArtifact(
  tx: Transaction,
  { runId, role, artifact }: { runId: string; role: string; artifact: ArtifactRef },
): Promise<void> {
  await insertArtifact(tx, artifact);
  await tx.runArtifact.upsert({
    where: { runId_role: { runId, role } },
    create: { runId, role, artifactHash: artifact.hash },
    update: { artifactHash: artifact.hash },
  });
}

/** Locks the artifact's row if it is there, so that a sweep cannot take it before this transaction ends. */
export async function insertArtifact(
  tx: Transaction,
  { hash, bytes, mediaType }: ArtifactRef,
): Promise<void> {
  await tx.$executeRaw`
    insert into artifact (hash, bytes, media_type) values (${hash}, ${bytes}::bigint, ${mediaType})
    on conflict (hash) do update set created_at = clock_timestamp()`;
}

/** Null when the run has no file of this role. */
async function findRunArtifact(
  store: Store,
  { runId, role }: { runId: string; role: string },
): Promise<RunFile | null> {
  return store.database.prisma.runArtifact.findUnique({
    where: { runId_role: { runId, role } },
    include: { artifact: { select: { bytes: true, mediaType: true } } },
  });
}

/** NOT_FOUND when the run has no file of this role. */
export async function getRunArtifact(store: Store, key: { runId: string; role: string }): Promise<RunFile> {
  const file = await findRunArtifact(store, key);
  if (!file) throw new AppError('NOT_FOUND', `Run ${key.runId} has no ${key.role}.`);
  return file;
}

/** Hashes of the checkpoints that are kept, of the newest epoch first. */
export async function listCheckpoints(store: Store, runId: string): Promise<string[]> {
  const files = await store.database.prisma.runArtifact.findMany({
    where: { runId, role: { startsWith: CHECKPOINT_PREFIX } },
    select: { role: true, artifactHash: true },
  });
  return files
    .map(({ role, artifactHash }) => ({ epoch: Number(role.slice(CHECKPOINT_PREFIX.length)), artifactHash }))
    .filter(({ epoch }) => Number.isInteger(epoch))
    .sort((a, b) => b.epoch - a.epoch)
    .map(({ artifactHash }) => artifactHash);
}
