/** Restores into empty places: whole or not at all, and what is refused in a sentence. */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sendTest } from '@microtome/store/announcement/deliveries';
import { addReceiver, changeReceiver, removeReceiver } from '@microtome/store/announcement/receivers';
import { readArchive } from '@microtome/store/backup/archive-reader';
import { writeArchive } from '@microtome/store/backup/archive-writer';
import { MANIFEST_ENTRY } from '@microtome/store/backup/backup-manifest';
import { restoreBackup } from '@microtome/store/backup/restore-backup';
import { takeBackup } from '@microtome/store/backup/take-backup';
import { openDatabase } from '@microtome/store/database/database';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { openStore } from '@microtome/store/store';
import { describe, expect, it } from 'vitest';
import { openBackedUp, readRows } from './backed-up.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

const { store, workDir, whole, nameFile, nameEmptyPlace } = await openBackedUp();

describe('a restore', () => {
  it('refuses a database that has tables', async () => {
    const { databaseUrl, artifactUrl } = {
      databaseUrl: store.database.url,
      artifactUrl: nameEmptyPlace().artifactUrl,
    };
    await expect(restoreBackup({ path: whole, databaseUrl, artifactUrl })).rejects.toThrow(
      /is not empty: it has \d+ tables/,
    );
    expect(await readdir(workDir)).not.toContain(artifactUrl.split('/').at(-1));
  });

  it('refuses a damaged, cut off or foreign file in a sentence and leaves nothing', async () => {
    const bytes = await readFile(whole);
    const at = (share: number) => Math.floor(bytes.length * share);
    const faulty: [string, Buffer][] = [
      ['empty', Buffer.alloc(0)],
      ['foreign', Buffer.from('no archive at all')],
      ...[0.1, 0.5, 0.9, 0.999].map((share): [string, Buffer] => [
        `cut at ${share}`,
        bytes.subarray(0, at(share)),
      ]),
      ...[0, 0.05, 0.3, 0.7, 0.95].map((share): [string, Buffer] => {
        const flipped = Buffer.from(bytes);
        flipped[at(share)]! ^= 0x10;
        return [`flipped at ${share}`, flipped];
      }),
    ];
    for (const [what, content] of faulty) {
      const path = nameFile();
      await writeFile(path, content);
      const place = nameEmptyPlace();
      const error = await restoreBackup({ path, ...place }).catch((thrown: unknown) => thrown);
      expect([what, error]).toEqual([what, expect.objectContaining({ code: 'DAMAGED' })]);
      expect((error as Error).message).toContain('Nothing was restored.');
      expect(await exists(place.databaseUrl)).toBe(false);
      expect(await readdir(workDir)).not.toContain(place.artifactUrl.split('/').at(-1));
    }
    await expect(restoreBackup({ path: join(workDir, 'none'), ...nameEmptyPlace() })).rejects.toThrow(
      'There is no file',
    );
  });

  it.each([
    ['an entry less', (name: string, content: Buffer) => (name.startsWith('artifacts/') ? null : content)],
    [
      'another row',
      (name: string, content: Buffer) =>
        name.startsWith('database/experiment/')
          ? Buffer.from(content.toString().replace('shallow', 'deep'))
          : content,
    ],
    [
      'a migration of tomorrow',
      (name: string, content: Buffer) =>
        name === MANIFEST_ENTRY
          ? Buffer.from(content.toString().replace('"0001_tables"', '"9999_tomorrow"'))
          : content,
    ],
    [
      'a format of tomorrow',
      (name: string, content: Buffer) =>
        name === MANIFEST_ENTRY
          ? Buffer.from(content.toString().replace('"format": 1', '"format": 2'))
          : content,
    ],
  ])('refuses an archive with %s', async (what, change) => {
    const path = await rewrite(change);
    const place = nameEmptyPlace();
    await expect(restoreBackup({ path, ...place })).rejects.toMatchObject({
      code: what.includes('tomorrow') ? 'CONFLICT' : 'DAMAGED',
      message: expect.stringContaining(what.includes('tomorrow') ? 'newer Microtome' : 'is damaged'),
    });
    expect(await exists(place.databaseUrl)).toBe(false);
  });

  it('brings a backup of an older schema up to date', async () => {
    const all = (await readdir(MIGRATIONS)).filter((name) => /^\d/.test(name)).sort();
    const older = await mkdtemp(join(workDir, 'migrations-'));
    for (const name of all.slice(0, -2))
      await cp(join(MIGRATIONS, name), join(older, name), { recursive: true });
    const { databaseUrl } = nameEmptyPlace();
    await migrateDatabase(databaseUrl, older);
    const database = openDatabase({ databaseUrl });
    await database.pool.query(`insert into model (id, name) values ('${randomUUID()}', 'kept')`);
    const path = nameFile();
    const { manifest } = await takeBackup({ database, artifacts: store.artifacts, path });
    await database.close();
    expect(manifest.migrations).toEqual(all.slice(0, -2));
    const place = nameEmptyPlace();
    await restoreBackup({ path, ...place });
    const restored = await openStore(place);
    expect(await restored.database.prisma.model.findMany()).toMatchObject([{ name: 'kept' }]);
    expect(await readRows(restored, '_prisma_migrations', 'migration_name')).toHaveLength(all.length);
    await restored.close();
  });

  it('sends nothing to the receivers of the other machine until they are resumed', async () => {
    const told = { medium: 'WEBHOOK', address: 'http://127.0.0.1:9/told', kinds: ['RUN_SUCCEEDED'] } as const;
    const { receiver } = await addReceiver(store, told);
    const path = nameFile();
    await takeBackup({ database: store.database, artifacts: store.artifacts, path });
    await removeReceiver(store, receiver.id);
    const place = nameEmptyPlace();
    const { createdAt } = await restoreBackup({ path, ...place });
    const restored = await openStore(place);
    try {
      const [found] = await restored.database.prisma.receiver.findMany();
      expect(found).toMatchObject({
        address: told.address,
        pausedAt: expect.any(Date),
        pauseReason: `It was restored from the backup of ${createdAt}: resume it once no other server sends to it.`,
      });
      await expect(sendTest(restored, receiver.id)).rejects.toThrow('is paused: resume it first');
      await changeReceiver(restored, { id: receiver.id, paused: false });
      await sendTest(restored, receiver.id);
    } finally {
      await restored.close();
    }
  });

  it('takes its files back when the database refuses the rows', async () => {
    const place = nameEmptyPlace();
    const failing = { ...place, databaseUrl: store.database.url };
    await expect(restoreBackup({ path: whole, ...failing })).rejects.toThrow('is not empty');
    const stopping = new AbortController();
    const stopped = restoreBackup({
      path: whole,
      ...place,
      signal: stopping.signal,
      onProgress: ({ phase }) => phase === 'restoring' && stopping.abort(new Error('stopped')),
    });
    await expect(stopped).rejects.toThrow('stopped');
    const restored = await restoreBackup({ path: whole, ...place });
    expect(restored.product).toBe('microtome');
  });
});

async function exists(databaseUrl: string): Promise<boolean> {
  const { rowCount } = await store.database.pool.query('select from pg_database where datname = $1', [
    new URL(databaseUrl).pathname.slice(1),
  ]);
  return rowCount === 1;
}

/** The whole backup with other entries: null leaves one out. */
async function rewrite(change: (name: string, content: Buffer) => Buffer | null): Promise<string> {
  const path = nameFile();
  await writeArchive(path, {
    fill: ({ add }) =>
      readArchive(whole, {
        async visit({ name, content }) {
          const chunks: Uint8Array[] = [];
          for await (const chunk of content) chunks.push(chunk);
          const changed = change(name, Buffer.concat(chunks));
          if (changed) await add(name, changed);
        },
      }),
  });
  return path;
}
