/**
 * A backup into an empty database and an empty artifact store, all of it or nothing: the archive is read through first, then
 * its files are stored, and its rows become visible in one commit.
 */
import { AppError } from '@microtome/domain/app-error';
import type { Client } from 'pg';
import type { S3Credentials } from '../artifacts/artifact-s3.ts';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import { openArtifactStore } from '../artifacts/open-artifact-store.ts';
import { describePlace } from '../database/database-errors.ts';
import { withMigrationLock } from '../database/migrate.ts';
import { openStore } from '../store.ts';
import { type ArchiveEntry, readArchive } from './archive-reader.ts';
import {
  type BackedUpTable,
  type BackupManifest,
  MANIFEST_ENTRY,
  nameArtifactEntry,
} from './backup-manifest.ts';
import { checkArchive } from './check-archive.ts';
import { finishTables, loadRows, makeTables, requireEmptyDatabase } from './load-tables.ts';
import { takeOver } from './take-over.ts';

export type RestoreProgress = { phase: 'checking' | 'restoring'; bytesDone: number };

export type RestoreRequest = {
  path: string;
  databaseUrl: string;
  artifactUrl: string;
  s3?: S3Credentials;
  /** Of the archive's bytes, which are read once in each phase. */
  onProgress?(progress: RestoreProgress): void;
  signal?: AbortSignal;
};

/** @throws AppError CONFLICT when the place is not empty or the backup is newer than this program; DAMAGED */
export async function restoreBackup(request: RestoreRequest): Promise<BackupManifest> {
  const { path, databaseUrl, artifactUrl, s3, signal } = request;
  const artifacts = openArtifactStore(artifactUrl, s3);
  await requireNoArtifacts(artifacts);
  const manifest = await checkArchive(path, { signal, onBytes: countBytes(request, 'checking') });
  const stored: string[] = [];
  try {
    await withMigrationLock(databaseUrl, async (client) => {
      await requireEmptyDatabase(client, describePlace(databaseUrl));
      await client.query('begin');
      await load({ request, client, manifest, artifacts, stored });
      await client.query('commit');
    });
  } catch (error) {
    for (const hash of stored) await artifacts.delete(hash).catch(() => undefined);
    throw error;
  }
  const store = await openStore({ databaseUrl, artifactUrl, s3 });
  await takeOver(store, manifest.createdAt).finally(() => store.close());
  return manifest;
}

async function requireNoArtifacts(artifacts: ArtifactStore): Promise<void> {
  for await (const { hash } of artifacts.list()) {
    throw new AppError(
      'CONFLICT',
      `${artifacts.url} is not empty: it has the file ${hash}. Restore into an empty artifact store.`,
    );
  }
}

type Load = {
  request: RestoreRequest;
  client: Client;
  manifest: BackupManifest;
  artifacts: ArtifactStore;
  /** Gets the hash of every file as it is stored. */
  stored: string[];
};

/** In the order of the archive: rows, then the files that they name. */
async function load({ request, client, manifest, artifacts, stored }: Load): Promise<void> {
  await makeTables(client, manifest);
  const tables = new Map(manifest.tables.map((table) => [table.name, table]));
  const rows = new Map<string, number>();
  await readArchive(request.path, {
    signal: request.signal,
    onBytes: countBytes(request, 'restoring'),
    async visit(entry) {
      const [folder, name] = entry.name.split('/') as [string, string];
      if (folder === 'database') {
        const table = tables.get(name) as BackedUpTable;
        const loaded = await loadRows(client, { table, content: entry.content });
        rows.set(name, (rows.get(name) ?? 0) + loaded);
      } else if (entry.name === MANIFEST_ENTRY) {
        for await (const _ of entry.content);
      } else {
        await storeFile({ client, artifacts, stored, entry });
      }
    },
  });
  for (const table of manifest.tables) {
    const loaded = rows.get(table.name) ?? 0;
    if (loaded !== table.rows)
      throw damaged(request.path, `${table.name} has ${loaded} of ${table.rows} rows`);
  }
  await requireEveryFile({ request, client, manifest, stored });
  await finishTables(client, manifest);
  await pauseReceivers(client, manifest);
}

/** The machine that the backup is from may still be telling them: a second one would tell them everything again. */
async function pauseReceivers(client: Client, { createdAt }: BackupManifest): Promise<void> {
  const reason = `It was restored from the backup of ${createdAt}: resume it once no other server sends to it.`;
  await client.query('update receiver set paused_at = now(), pause_reason = $1 where paused_at is null', [
    reason,
  ]);
}

async function storeFile({
  client,
  artifacts,
  stored,
  entry,
}: Pick<Load, 'client' | 'artifacts' | 'stored'> & { entry: ArchiveEntry }): Promise<void> {
  const named = entry.name.split('/')[1];
  const { rows } = await client.query<{ mediaType: string }>(
    'select media_type as "mediaType" from artifact where hash = $1',
    [named],
  );
  const ref = await artifacts.put(entry.content, rows[0]?.mediaType ?? 'application/octet-stream');
  stored.push(ref.hash);
  if (nameArtifactEntry(ref.hash) !== entry.name)
    throw new AppError('DAMAGED', `The file ${named} changed while it was read. Nothing was restored.`);
}

/** No row names a file that is not there, but for those that the backup says it lacks. */
async function requireEveryFile({
  request,
  client,
  manifest,
  stored,
}: Pick<Load, 'request' | 'client' | 'manifest' | 'stored'>): Promise<void> {
  const there = [...stored, ...manifest.artifacts.leftOut];
  const { rows } = await client.query<{ hash: string }>(
    'select hash from artifact where hash <> all($1::text[]) limit 1',
    [there],
  );
  if (rows[0]) throw damaged(request.path, `the file ${rows[0].hash} is missing`);
}

function countBytes(request: RestoreRequest, phase: RestoreProgress['phase']): (bytes: number) => void {
  let bytesDone = 0;
  return (bytes) => {
    bytesDone += bytes;
    request.onProgress?.({ phase, bytesDone });
  };
}

function damaged(path: string, what: string): AppError {
  return new AppError('DAMAGED', `${path} is damaged: ${what}. Nothing was restored.`);
}
