/** Files of runs and of logged models as MLflow clients keep them: put, listed, read and deleted by their address. */
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactSource } from '../artifacts/artifacts.ts';
import { deleteDroppedFiles, dropUnnamedArtifacts } from '../artifacts/free-artifacts.ts';
import { escapeLike } from '../database/like-pattern.ts';
import { deleteRunFiles, getRunFile, listRunFiles, putRunFile } from '../external-run/run-files.ts';
import { insertArtifact } from '../run/run-artifacts.ts';
import type { Store } from '../store.ts';
import type { ArtifactPlace } from './artifact-places.ts';
import { getLoggedModel } from './logged-models.ts';
import { requireActiveRun, requireRun } from './mlflow-runs.ts';
import type { ScopedStore } from './mlflow-scope.ts';

type KeptFile = { hash: string; bytes: bigint; mediaType: string };
export type KeptEntry = { path: string; isFolder: boolean; bytes: bigint | null };

/** In place of what was there. BAD_INPUT for a place that is no file, NOT_FOUND for its run or model. */
export async function putKeptFile(
  store: ScopedStore,
  { place, mediaType, source }: { place: ArtifactPlace; mediaType: string; source: ArtifactSource },
): Promise<void> {
  if (place.path === '') throw new AppError('BAD_INPUT', 'Invalid path');
  if (place.kind === 'run') {
    const { runId, path } = place;
    await requireActiveRun(store, runId);
    await putRunFile(store, { runId, path, mediaType, source });
    return;
  }
  await getLoggedModel(store, place.modelId);
  await putModelFile(store, { ...place, mediaType, source });
}

/** What lies directly in a folder, by its path below the run or model; a file has itself. NOT_FOUND. */
export async function listKeptFiles(store: ScopedStore, place: ArtifactPlace): Promise<KeptEntry[]> {
  if (place.kind === 'run') {
    await requireRun(store, place.runId);
    return listRunFiles(store, { runId: place.runId, folder: place.path });
  }
  await getLoggedModel(store, place.modelId);
  const prefix = place.path === '' ? '' : `${place.path}/`;
  const start = prefix.length + 1;
  return store.database.prisma.$queryRaw<KeptEntry[]>`
    select ${prefix}::text || name as path, bool_or(is_folder) as "isFolder",
      case when not bool_or(is_folder) then min(bytes) end as bytes
    from (
      select split_part(substr(path, ${start}::int), '/', 1) as name,
        strpos(substr(path, ${start}::int), '/') > 0 as is_folder, bytes
      from logged_model_file join artifact on artifact.hash = artifact_hash
      where model_id = ${place.modelId} and path like ${`${escapeLike(prefix)}%`}::text
    ) as inside
    group by name order by name collate "C"`;
}

/** NOT_FOUND when there is no such file. */
export async function getKeptFile(store: Store, place: ArtifactPlace): Promise<KeptFile> {
  if (place.path === '') throw notFound(place);
  if (place.kind === 'run') {
    const { artifact, artifactHash } = await getRunFile(store, place);
    return { ...artifact, hash: artifactHash };
  }
  const { modelId, path } = place;
  const file = await store.database.prisma.loggedModelFile.findUnique({
    where: { modelId_path: { modelId, path } },
    include: { artifact: { select: { hash: true, bytes: true, mediaType: true } } },
  });
  if (!file) throw notFound(place);
  return file.artifact;
}

/** A file, or a folder with all that is in it. NOT_FOUND when there is neither. */
export async function deleteKeptFiles(store: Store, place: ArtifactPlace): Promise<void> {
  if (place.kind === 'run') {
    await requireActiveRun(store, place.runId);
    await deleteRunFiles(store, place);
    return;
  }
  const { modelId, path } = place;
  const dropped = await store.database.prisma.$transaction(async (tx) => {
    const inside = path === '' ? {} : { OR: [{ path }, { path: { startsWith: escapeLike(`${path}/`) } }] };
    const files = await tx.loggedModelFile.findMany({ where: { modelId, ...inside } });
    if (files.length === 0) throw notFound(place);
    await tx.loggedModelFile.deleteMany({ where: { modelId, ...inside } });
    return dropUnnamedArtifacts(
      tx,
      files.map(({ artifactHash }) => artifactHash),
    );
  });
  await deleteDroppedFiles(store, dropped);
}

async function putModelFile(
  store: Store,
  file: { modelId: string; path: string; mediaType: string; source: ArtifactSource },
): Promise<void> {
  const { modelId, path } = file;
  const artifact = await store.artifacts.put(file.source, file.mediaType);
  const key = { modelId_path: { modelId, path } };
  const dropped = await store.database.prisma.$transaction(async (tx) => {
    await insertArtifact(tx, artifact);
    const before = await tx.loggedModelFile.findUnique({ where: key });
    await tx.loggedModelFile.upsert({
      where: key,
      create: { modelId, path, artifactHash: artifact.hash },
      update: { artifactHash: artifact.hash, createdAt: new Date() },
    });
    const isReplaced = before !== null && before.artifactHash !== artifact.hash;
    return isReplaced ? dropUnnamedArtifacts(tx, [before.artifactHash]) : [];
  });
  await deleteDroppedFiles(store, dropped);
}

function notFound({ path }: ArtifactPlace): AppError {
  return new AppError('NOT_FOUND', `There is no file '${path}'.`);
}
