/** Files that a program keeps with its run, by path: stored by content, so that the same file of many runs is kept once. */
import { AppError } from '@microtome/domain/app-error';
import { checkRunFilePath, checkRunFolder } from '@microtome/domain/external-run/run-file-path';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { ArtifactRef, ArtifactSource } from '../artifacts/artifacts.ts';
import { deleteDroppedFiles, dropUnnamedArtifacts } from '../artifacts/free-artifacts.ts';
import type { Transaction } from '../database/database.ts';
import { escapeLike } from '../database/like-pattern.ts';
import { insertArtifact } from '../run/run-artifacts.ts';
import type { Store } from '../store.ts';
import { refuseRun } from './external-runs.ts';
import { loseModelFile } from './model-file.ts';

const withArtifact = {
  artifact: { select: { bytes: true, mediaType: true } },
} satisfies Prisma.RunFileInclude;

type StoredRunFile = Prisma.RunFileGetPayload<{ include: typeof withArtifact }>;

/** A file, or a folder with files in it. */
export type RunFileEntry = { path: string; isFolder: boolean; bytes: bigint | null };

type NewRunFile = { runId: string; path: string; mediaType: string; source: ArtifactSource };

/**
 * In place of the file that had this path.
 * @throws AppError NOT_FOUND without such a run, and then nothing is stored; CONFLICT for a model of which there is a version
 */
export async function putRunFile(store: Store, file: NewRunFile): Promise<StoredRunFile> {
  const { runId } = file;
  const path = checkRunFilePath(file.path);
  const { prisma } = store.database;
  if ((await prisma.run.count({ where: { id: runId } })) === 0) throw refuseRun(runId, null);
  const artifact = await store.artifacts.put(file.source, file.mediaType);
  const { stored, dropped } = await prisma.$transaction((tx) => linkRunFile(tx, { runId, path, artifact }));
  await deleteDroppedFiles(store, dropped);
  return stored;
}

/** A file that is stored becomes one of the run, within the caller's transaction; what it leaves without a name is `dropped`. */
export async function linkRunFile(
  tx: Transaction,
  { runId, path, artifact }: { runId: string; path: string; artifact: ArtifactRef },
) {
  await insertArtifact(tx, artifact);
  const key = { runId_path: { runId, path } };
  const before = await tx.runFile.findUnique({ where: key });
  const isReplaced = before !== null && before.artifactHash !== artifact.hash;
  if (isReplaced) await loseModelFile(tx, { runId, paths: [path] });
  const stored = await tx.runFile.upsert({
    where: key,
    create: { runId, path, artifactHash: artifact.hash },
    update: { artifactHash: artifact.hash, createdAt: new Date() },
    include: withArtifact,
  });
  return { stored, dropped: isReplaced ? await dropUnnamedArtifacts(tx, [before.artifactHash]) : [] };
}

/** What lies directly in a folder, folders too, by path; the empty text is the top. */
export async function listRunFiles(
  store: Store,
  { runId, folder = '' }: { runId: string; folder?: string },
): Promise<RunFileEntry[]> {
  const parent = checkRunFolder(folder);
  const prefix = parent === '' ? '' : `${parent}/`;
  return store.database.prisma.$queryRaw<RunFileEntry[]>`
    select ${prefix} || name as path, bool_or(is_inside) as "isFolder",
      case when not bool_or(is_inside) then min(bytes) end as bytes
    from (
      select bytes, split_part(rest, '/', 1) as name, strpos(rest, '/') > 0 as is_inside
      from run_file join artifact on artifact.hash = artifact_hash, substr(path, ${prefix.length + 1}::int) as rest
      where run_id = ${runId}::uuid and path like ${`${escapeLike(prefix)}%`}
    ) as file
    group by name order by name collate "C"`;
}

/** NOT_FOUND when the run has no such file. */
export async function getRunFile(
  store: Store,
  { runId, path }: { runId: string; path: string },
): Promise<StoredRunFile> {
  const file = await store.database.prisma.runFile.findUnique({
    where: { runId_path: { runId, path: checkRunFilePath(path) } },
    include: withArtifact,
  });
  if (!file) throw new AppError('NOT_FOUND', `Run ${runId} has no file '${path}'.`);
  return file;
}

/** A file, or a folder with all that is in it. NOT_FOUND when there is neither; CONFLICT for a model of which there is a version. */
export async function deleteRunFiles(
  store: Store,
  { runId, path }: { runId: string; path: string },
): Promise<void> {
  const parent = checkRunFolder(path);
  const dropped = await store.database.prisma.$transaction(async (tx) => {
    const inside =
      parent === '' ? {} : { OR: [{ path: parent }, { path: { startsWith: escapeLike(`${parent}/`) } }] };
    const files = await tx.runFile.findMany({ where: { runId, ...inside } });
    if (files.length === 0) throw new AppError('NOT_FOUND', `Run ${runId} has no file '${path}'.`);
    await loseModelFile(tx, { runId, paths: files.map((file) => file.path) });
    await tx.runFile.deleteMany({ where: { runId, ...inside } });
    return dropUnnamedArtifacts(
      tx,
      files.map(({ artifactHash }) => artifactHash),
    );
  });
  await deleteDroppedFiles(store, dropped);
}
