/**
 * Database and artifacts in one file, as they were at one moment: rows come from one snapshot, and the files that these rows
 * name are held (artifact-hold.ts) until they are read. Runs, imports and the API go on meanwhile.
 */
import { AppError } from '@microtome/domain/app-error';
import type { PoolClient } from 'pg';
import { holdArtifacts, releaseArtifacts } from '../artifacts/artifact-hold.ts';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import type { Database } from '../database/database.ts';
import { getDatabaseVersion, requireDatabase } from '../database/database-status.ts';
import { listApplied } from '../database/migrate.ts';
import { type ArchiveEntries, writeArchive } from './archive-writer.ts';
import {
  BACKUP_FORMAT,
  type BackedUpTable,
  type BackupManifest,
  MANIFEST_ENTRY,
  nameArtifactEntry,
  readProductVersion,
} from './backup-manifest.ts';
import { listTables, useNeutralFormats } from './database-tables.ts';
import { dumpTable } from './dump-table.ts';

/** How often a new snapshot is taken when a file of the last one was deleted in spite of being held. */
const SNAPSHOTS_MAX = 3;

type BackupProgress = { bytesDone: number; bytesTotal: number };

type BackupRequest = {
  database: Database;
  artifacts: ArtifactStore;
  path: string;
  /** Leaves out artifacts that are damaged or missing, instead of refusing. */
  withoutDamaged?: boolean;
  onProgress?(progress: BackupProgress): void;
  signal?: AbortSignal;
};

type BackupResult = { manifest: BackupManifest; archiveBytes: number };

/**
 * Writes the file whole or not at all.
 * @throws AppError CONFLICT when there is such a file, DAMAGED when an artifact is damaged or missing
 */
export async function takeBackup(request: BackupRequest): Promise<BackupResult> {
  await requireDatabase(request.database);
  for (let snapshot = 1; ; snapshot++) {
    try {
      return await takeSnapshot(request);
    } catch (error) {
      if (!(error instanceof OutdatedSnapshot)) throw error;
      if (snapshot === SNAPSHOTS_MAX)
        throw new AppError(
          'UNAVAILABLE',
          `Files were deleted while the backup read them, ${snapshot} times in a row (the last: ${error.hash}). Try again.`,
        );
    }
  }
}

/** A file that the snapshot names was deleted, and its row since. */
class OutdatedSnapshot extends Error {
  readonly hash: string;
  constructor(hash: string) {
    super(`the artifact ${hash} was deleted meanwhile`);
    this.hash = hash;
  }
}

async function takeSnapshot(request: BackupRequest): Promise<BackupResult> {
  const { database, path, signal } = request;
  const client = await database.pool.connect();
  let manifest: BackupManifest | undefined;
  try {
    await holdArtifacts(client);
    const archiveBytes = await writeArchive(path, {
      signal,
      async fill(entries) {
        manifest = await fillArchive(request, client, entries);
      },
    });
    return { manifest: manifest as BackupManifest, archiveBytes };
  } finally {
    // Said before the connection is closed, which the server may notice later: files can be freed from now on.
    await releaseArtifacts(client);
    client.release(true);
  }
}

async function fillArchive(
  request: BackupRequest,
  client: PoolClient,
  entries: ArchiveEntries,
): Promise<BackupManifest> {
  await client.query('begin isolation level repeatable read, read only');
  await useNeutralFormats(client);
  const createdAt = new Date().toISOString();
  const migrations = await listApplied(client);
  const tables = await listTables(client);
  const { rows: files } = await client.query<{ hash: string; bytes: string }>(
    'select hash, bytes from artifact order by hash collate "C"',
  );
  const fileBytes = files.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  const bytesTotal = tables.reduce((sum, { bytes }) => sum + bytes, fileBytes);
  let bytesDone = 0;
  const onBytes = (bytes: number) => {
    bytesDone = Math.min(bytesDone + bytes, bytesTotal);
    request.onProgress?.({ bytesDone, bytesTotal });
  };
  const dumped: BackedUpTable[] = [];
  for (const table of tables) {
    request.signal?.throwIfAborted();
    dumped.push(await dumpTable({ client, table, entries, onBytes }));
  }
  await client.query('commit');
  const hashes = files.map(({ hash }) => hash);
  const artifacts = await addArtifacts(request, { hashes, entries, onBytes });
  const postgres = await getDatabaseVersion(request.database);
  const manifest: BackupManifest = {
    format: BACKUP_FORMAT,
    product: 'microtome',
    version: readProductVersion(),
    createdAt,
    postgres,
    migrations,
    tables: dumped,
    artifacts,
  };
  await entries.add(MANIFEST_ENTRY, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return manifest;
}

async function addArtifacts(
  request: BackupRequest,
  files: { hashes: string[]; entries: ArchiveEntries; onBytes(bytes: number): void },
): Promise<BackupManifest['artifacts']> {
  const leftOut: string[] = [];
  let bytes = 0;
  for (const hash of files.hashes) {
    request.signal?.throwIfAborted();
    const content = await readWhole(request, hash);
    if (!content) {
      leftOut.push(hash);
      continue;
    }
    await files.entries.add(nameArtifactEntry(hash), content);
    bytes += content.length;
    files.onBytes(content.length);
  }
  return { count: files.hashes.length - leftOut.length, bytes, leftOut };
}

/** Checked against its hash before a byte of it is written; null when it is to be left out. */
async function readWhole(
  { database, artifacts, withoutDamaged }: BackupRequest,
  hash: string,
): Promise<Buffer | null> {
  try {
    return await artifacts.read(hash);
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'DAMAGED' && error.code !== 'NOT_FOUND')) throw error;
    const { rowCount } = await database.pool.query('select from artifact where hash = $1', [hash]);
    if (rowCount === 0) throw new OutdatedSnapshot(hash);
    if (withoutDamaged) return null;
    throw new AppError(
      'DAMAGED',
      `The file ${artifacts.findLocalPath(hash) ?? hash} is ${error.code === 'DAMAGED' ? 'damaged' : 'missing'}, so no ` +
        "backup was written. 'npm run verify' lists what depends on it; '--without-damaged' leaves such files out.",
      { cause: error, details: { hash } },
    );
  }
}
