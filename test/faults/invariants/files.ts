/** Every file that a row names is there and is what its name says; after a sweep there is no other file and no row without use. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepArtifacts } from '@microtome/store/duties/artifact-sweep';
import { verifyArtifacts } from '@microtome/store/duties/verify-artifacts';
import type { Store } from '@microtome/store/store';
import type { Invariant } from './invariant.ts';

/** Negative: what was stored a moment ago is swept too, as nothing is being trained. */
const NO_GRACE_MS = -5_000;

export const filesAreWhole: Invariant = {
  name: 'every named file is there and whole',
  holds: 'settled',
  async check({ bench }) {
    const { faults } = await verifyArtifacts(bench.store);
    return faults.map(({ hash, kind, dependents }) => ({
      sentence: `The file ${hash} is ${kind}: ${dependents.join(', ') || 'nothing depends on it'}.`,
    }));
  },
};

export const nothingIsOrphaned: Invariant = {
  name: 'after the sweep no row or file is without use',
  holds: 'settled',
  async check({ bench }) {
    await sweepArtifacts(bench.store, { graceMs: NO_GRACE_MS });
    const named = await listNamed(bench.store);
    const files = await listFiles(join(bench.home.dir, 'artifacts'));
    const rows = await bench.store.database.prisma.artifact.findMany({ select: { hash: true } });
    return [
      ...files
        .filter((file) => !named.has(file))
        .map((file) => ({ sentence: `No row needs the file ${file}.` })),
      ...rows
        .filter(({ hash }) => !named.has(hash))
        .map(({ hash }) => ({ sentence: `Nothing uses the artifact row ${hash}.` })),
    ];
  },
};

async function listNamed({ database }: Store): Promise<Set<string>> {
  const { rows } = await database.pool.query<{ hash: string }>(
    'select artifact_hash as hash from run_artifact union select artifact_hash from dataset_shard',
  );
  return new Set(rows.map(({ hash }) => hash));
}

/** By the hash that their path says; whatever has no such path, by its path. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replace('/', ''),
    );
}
