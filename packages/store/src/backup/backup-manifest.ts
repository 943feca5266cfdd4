/**
 * What a backup says about itself, in its last entry: the schema that its rows have, and the hash of everything before.
 * An archive without it was cut off. Rows are entries `database/TABLE/N` (COPY's text format, whole rows), artifacts are
 * entries `artifacts/HASH`.
 */
import { createRequire } from 'node:module';
import { z } from 'zod';

/** Raised when an older Microtome could no longer read what is written. */
export const BACKUP_FORMAT = 1;
export const MANIFEST_ENTRY = 'manifest.json';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const backupManifestSchema = z.object({
  format: z.int(),
  product: z.literal('microtome'),
  version: z.string(),
  createdAt: z.string(),
  /** For the reader: the rows go into any server from PostgreSQL 15 on. */
  postgres: z.string(),
  /** The migrations that the database had, by name, in order. */
  migrations: z.array(z.string()),
  /** In an order in which each finds there what it refers to. */
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.int(),
      /** Of each of its entries. */
      hashes: z.array(hash),
    }),
  ),
  artifacts: z.object({
    count: z.int(),
    bytes: z.int(),
    /** Damaged or missing when the backup was taken, and therefore not in it. */
    leftOut: z.array(hash),
  }),
});

export type BackupManifest = z.infer<typeof backupManifestSchema>;
export type BackedUpTable = BackupManifest['tables'][number];

export function nameTableEntry(table: string, chunk: number): string {
  return `database/${table}/${chunk}`;
}

export function nameArtifactEntry(hash: string): string {
  return `artifacts/${hash}`;
}

export function readProductVersion(): string {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  return version;
}
