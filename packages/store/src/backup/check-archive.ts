/** Reads a backup through before anything is restored from it: every hash, every count, and whether this program knows it. */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { AppError } from '@microtome/domain/app-error';
import { readMigrations } from '../database/migrate.ts';
import { type ArchiveEntry, readArchive } from './archive-reader.ts';
import {
  BACKUP_FORMAT,
  type BackupManifest,
  backupManifestSchema,
  MANIFEST_ENTRY,
  nameArtifactEntry,
  nameTableEntry,
} from './backup-manifest.ts';

const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;

type Checking = { onBytes?(bytes: number): void; signal?: AbortSignal };

/** @throws AppError DAMAGED with what is wrong, CONFLICT when a newer Microtome wrote it */
export async function checkArchive(path: string, options: Checking = {}): Promise<BackupManifest> {
  const hashes = new Map<string, string>();
  let manifest: BackupManifest | null = null;
  await readArchive(path, {
    ...options,
    async visit(entry) {
      if (manifest || hashes.has(entry.name))
        throw wrong(path, `the entry ${entry.name} does not belong there`);
      if (entry.name === MANIFEST_ENTRY) manifest = await readManifest(path, entry);
      else hashes.set(entry.name, await hashContent(entry));
    },
  });
  if (!manifest) throw wrong(path, 'its end is missing');
  await compare(path, { manifest, hashes });
  return manifest;
}

async function readManifest(path: string, { bytes, content }: ArchiveEntry): Promise<BackupManifest> {
  if (bytes > MANIFEST_BYTES_MAX) throw wrong(path, 'its description is absurdly long');
  const text = (await buffer(content)).toString('utf8');
  const parsed = backupManifestSchema.safeParse(parseJson(text));
  if (parsed.success && parsed.data.format <= BACKUP_FORMAT) return parsed.data;
  const { format, version } = (parseJson(text) ?? {}) as { format?: unknown; version?: unknown };
  if (typeof format === 'number' && format > BACKUP_FORMAT)
    throw new AppError(
      'CONFLICT',
      `${path} was written by a newer Microtome (${version}): update this one first. Nothing was restored.`,
    );
  throw wrong(path, 'its description is not readable');
}

async function compare(
  path: string,
  { manifest, hashes }: { manifest: BackupManifest; hashes: Map<string, string> },
): Promise<void> {
  const expected = new Map<string, string>();
  for (const { name, hashes: own } of manifest.tables)
    for (const [chunk, hash] of own.entries()) expected.set(nameTableEntry(name, chunk), hash);
  for (const [name, hash] of expected) {
    if (hashes.get(name) !== hash)
      throw wrong(path, hashes.has(name) ? `${name} is not what was written` : `${name} is missing`);
  }
  const artifacts = [...hashes].filter(([name]) => !expected.has(name));
  for (const [name, hash] of artifacts)
    if (name !== nameArtifactEntry(hash)) throw wrong(path, `${name} is not what was written`);
  if (artifacts.length !== manifest.artifacts.count)
    throw wrong(path, `it has ${artifacts.length} of ${manifest.artifacts.count} files`);
  const known = new Set((await readMigrations()).map(({ name }) => name));
  const unknown = manifest.migrations.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new AppError(
    'CONFLICT',
    `${path} was written by a newer Microtome (${manifest.version}), whose database has ${unknown.join(', ')}: update ` +
      'this one first. Nothing was restored.',
  );
}

async function hashContent({ content }: ArchiveEntry): Promise<string> {
  const hasher = createHash('sha256');
  for await (const chunk of content) hasher.update(chunk);
  return hasher.digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function wrong(path: string, what: string): AppError {
  return new AppError('DAMAGED', `${path} is damaged: ${what}. Nothing was restored.`);
}
