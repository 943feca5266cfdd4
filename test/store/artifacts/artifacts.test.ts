import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { isDatabaseFault } from '@microtome/store/database/database-faults';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { flipBit } from '../../fixtures/damage.ts';
import { openTestBucket, type TestBucket } from '../../fixtures/test-bucket.ts';

const MEDIA_TYPE = 'application/octet-stream';
const HOUR_MS = 3_600_000;

let folder: string;
let bucket: TestBucket;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microtome-artifacts-'));
  bucket = await openTestBucket();
});
afterAll(async () => {
  await bucket.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['files', 's3'])('an artifact store of %s', (kind) => {
  let artifacts: ArtifactStore;
  beforeAll(() => {
    artifacts =
      kind === 'files'
        ? openArtifactStore(`file:${folder}/shared`)
        : openArtifactStore(bucket.url('artifacts'), bucket.credentials);
  });

  it('names bytes by their sha256 and gives them back, whole or a range of them', async () => {
    const bytes = Buffer.from('0123456789'.repeat(1000));
    const ref = await artifacts.put(bytes, MEDIA_TYPE);
    expect(ref).toEqual({ hash: sha256(bytes), bytes: 10_000, mediaType: MEDIA_TYPE });
    expect(await artifacts.read(ref.hash)).toEqual(bytes);
    expect(await buffer(await artifacts.open(ref.hash))).toEqual(bytes);
    expect(`${await buffer(await artifacts.open(ref.hash, { start: 3, end: 6 }))}`).toBe('3456');
    expect(await buffer(await artifacts.open(ref.hash, { start: 9_998 }))).toHaveLength(2);
  });

  it('gives no damaged bytes as whole ones, and is mended by storing them again', async () => {
    const bytes = Buffer.alloc(300_000, 5);
    const { hash } = await artifacts.put(bytes, MEDIA_TYPE);
    await artifacts.verify(hash);
    await damage(hash);
    const refused = { code: 'DAMAGED', message: expect.stringContaining(hash.slice(2)) };
    await expect(artifacts.read(hash)).rejects.toMatchObject(refused);
    await expect(artifacts.open(hash).then(buffer)).rejects.toMatchObject(refused);
    await expect(artifacts.verify(hash)).rejects.toMatchObject(refused);
    await artifacts.put(bytes, MEDIA_TYPE);
    expect(await artifacts.read(hash)).toEqual(bytes);
  });

  it('tells a fault to the first reader, however late that comes, and never to the process', async () => {
    const { hash } = await artifacts.put(Buffer.alloc(300_000, 5), MEDIA_TYPE);
    await damage(hash);
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on('uncaughtException', note);
    try {
      const handedOn = await artifacts.open(hash);
      const unread = await artifacts.open(hash);
      // Far more turns of the loop than reading it would take.
      for (let index = 0; index < 20; index++) await artifacts.has(hash);
      await expect(artifacts.put(handedOn, MEDIA_TYPE)).rejects.toMatchObject({ code: 'DAMAGED' });
      unread.destroy();
      const missing = join(folder, `missing-${kind}`);
      await expect(artifacts.putFile(missing, MEDIA_TYPE)).rejects.toMatchObject({ code: 'ENOENT' });
    } finally {
      process.off('uncaughtException', note);
    }
    expect(uncaught).toEqual([]);
  });

  async function damage(hash: string): Promise<void> {
    if (kind === 'files') await flipBit(artifacts, hash);
    else await bucket.overwrite('artifacts', hash, Buffer.alloc(300_000, 6));
  }

  it('takes bytes, streams and files of any size', async () => {
    const shard = Buffer.from(Uint32Array.from({ length: 700_001 }, (_, at) => at).buffer);
    const whole = await artifacts.put(shard, MEDIA_TYPE);
    expect(whole).toMatchObject({ hash: sha256(shard), bytes: shard.length });
    expect(shard.equals(await artifacts.read(whole.hash))).toBe(true);
    const chunk = Buffer.alloc(1 << 20, 7);
    async function* chunks() {
      for (let at = 0; at < 12; at++) yield chunk;
    }
    const ref = await artifacts.put(chunks(), MEDIA_TYPE);
    expect(ref.bytes).toBe(12 << 20);
    const path = join(folder, `source-${kind}`);
    await writeFile(path, 'from a file');
    expect((await artifacts.putFile(path, MEDIA_TYPE)).hash).toBe(sha256('from a file'));
    expect((await artifacts.put(new Uint8Array(), MEDIA_TYPE)).bytes).toBe(0);
  });

  it('keeps the same bytes once, and lists what it keeps', async () => {
    const text = `the same, in ${kind}`;
    await Promise.all(
      Array.from({ length: 5 }, () => artifacts.put(new TextEncoder().encode(text), MEDIA_TYPE)),
    );
    const listed = await list(artifacts);
    expect(listed.filter((hash) => hash === sha256(text))).toHaveLength(1);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('leaves nothing of a source that breaks in the middle', async () => {
    const before = await list(artifacts);
    async function* breaking() {
      yield Buffer.from('half of ');
      throw new Error('the source broke');
    }
    await expect(artifacts.put(breaking(), MEDIA_TYPE)).rejects.toThrow('the source broke');
    expect(await list(artifacts)).toEqual(before);
  });

  it('says what is missing, and refuses what is no hash', async () => {
    const missing = 'd'.repeat(64);
    expect(await artifacts.has(missing)).toBe(false);
    await expect(artifacts.read(missing)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(artifacts.open(missing)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(artifacts.read('../../etc/passwd')).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('deletes unless the artifact was stored again meanwhile', async () => {
    const ref = await artifacts.put(new TextEncoder().encode(`to delete ${kind}`), MEDIA_TYPE);
    expect(await artifacts.delete(ref.hash, new Date(Date.now() - HOUR_MS))).toBe(false);
    expect(await artifacts.has(ref.hash)).toBe(true);
    expect(await artifacts.delete(ref.hash)).toBe(true);
    expect(await artifacts.has(ref.hash)).toBe(false);
    expect(await artifacts.delete(ref.hash)).toBe(false);
  });

  it('takes one that was stored again a millisecond after a row named it for the younger', async () => {
    const bytes = new TextEncoder().encode(`named, then stored again in ${kind}`);
    for (let time = 0; time < 20; time += 1) {
      const namedAt = Date.now();
      // The clock moves on within a millisecond; nothing else is waited for.
      while (Date.now() === namedAt);
      const { hash } = await artifacts.put(bytes, MEDIA_TYPE);
      expect(await artifacts.delete(hash, new Date(namedAt))).toBe(false);
    }
  });

  it('goes by its own clock where that of the process that stored is an hour off', async () => {
    const bytes = new TextEncoder().encode(`by a wrong clock in ${kind}`);
    for (const shiftMs of [HOUR_MS, -HOUR_MS]) {
      const hash = await storeAt(new Date(Date.now() + shiftMs), bytes);
      expect(await artifacts.delete(hash, new Date(Date.now() - 5000))).toBe(false);
      expect(await artifacts.delete(hash, new Date(Date.now() + 5000))).toBe(true);
    }
  });

  async function storeAt(time: Date, bytes: Uint8Array): Promise<string> {
    if (kind === 's3') {
      // The bucket runs in this process: a clock that was moved would be its clock too.
      await bucket.overwrite('artifacts', sha256(bytes), bytes, { 'stored-at': time.toISOString() });
      return sha256(bytes);
    }
    vi.useFakeTimers({ toFake: ['Date'], now: time });
    try {
      return (await artifacts.put(bytes, MEDIA_TYPE)).hash;
    } finally {
      vi.useRealTimers();
    }
  }
});

describe('an artifact store that is away', () => {
  it('is named by every act, as one that may be tried again, and not taken for the database', async () => {
    const gone = await openTestBucket();
    const artifacts = openArtifactStore(gone.url('artifacts'), gone.credentials);
    await gone.close();
    const hash = 'a'.repeat(64);
    const acts = [
      () => artifacts.put(Buffer.from('x'), MEDIA_TYPE),
      () => artifacts.read(hash),
      () => artifacts.open(hash),
      () => artifacts.has(hash),
      () => list(artifacts),
    ];
    for (const act of acts) {
      const error = await act().then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('s3://microtome'),
      });
      expect(isDatabaseFault(error)).toBe(false);
    }
  });
});

describe('artifacts as files', () => {
  it('storing bytes again makes them young, so that no sweep takes them', async () => {
    const artifacts = openArtifactStore(`file:${folder}/young`);
    const bytes = new TextEncoder().encode('old');
    const { hash } = await artifacts.put(bytes, MEDIA_TYPE);
    const longAgo = new Date(Date.now() - 10 * HOUR_MS);
    await utimes(artifacts.findLocalPath(hash)!, longAgo, longAgo);
    await artifacts.put(bytes, MEDIA_TYPE);
    expect(await artifacts.delete(hash, new Date(Date.now() - HOUR_MS))).toBe(false);
    expect(await artifacts.read(hash)).toEqual(Buffer.from(bytes));
  });

  it('leave no object when the process is killed in the middle of storing, and a later sweep cleans up', async () => {
    const place = join(folder, 'killed');
    const script = fileURLToPath(new URL('../../fixtures/store-slowly.ts', import.meta.url));
    const child = spawn(process.execPath, [script, `file:${place}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data'); // the first half is on the disk
    child.kill('SIGKILL');
    await once(child, 'exit');
    const artifacts = openArtifactStore(`file:${place}`);
    expect(await list(artifacts)).toEqual([]);
    expect(await readdir(join(place, 'unfinished'))).toHaveLength(1);
    await artifacts.removeUnfinished(new Date(Date.now() - HOUR_MS));
    expect(await readdir(join(place, 'unfinished'))).toHaveLength(1);
    await artifacts.removeUnfinished(new Date(Date.now() + HOUR_MS));
    expect(await readdir(join(place, 'unfinished'))).toEqual([]);
  });

  it.skipIf(!canMount())('say that the disk is full, and leave nothing half-written', async () => {
    const place = join(folder, 'full');
    execFileSync('mkdir', ['-p', place]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place]);
    try {
      const artifacts = openArtifactStore(`file:${place}`);
      const { hash } = await artifacts.put(Buffer.alloc(100_000, 1), MEDIA_TYPE);
      await expect(artifacts.put(Buffer.alloc(5_000_000, 2), MEDIA_TYPE)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('Disk full on'),
      });
      expect(await list(artifacts)).toEqual([hash]);
      expect(await readdir(join(place, 'unfinished'))).toEqual([]);
    } finally {
      execFileSync('umount', [place]);
    }
  });
});

describe('the address of an artifact store', () => {
  it('is a file: or s3: one that names a bucket', () => {
    expect(() => openArtifactStore('http://somewhere')).toThrow("must begin with 'file:' or 's3:'");
    expect(() => openArtifactStore('s3:')).toThrow();
  });
});

async function list(artifacts: ArtifactStore): Promise<string[]> {
  const hashes: string[] = [];
  for await (const { hash } of artifacts.list()) hashes.push(hash);
  return hashes.toSorted();
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A disk of a megabyte takes the rights of root, and a system that grants them. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const place = join(tmpdir(), `microtome-mount-${process.pid}`);
  try {
    execFileSync('mkdir', ['-p', place]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    execFileSync('rmdir', [place]);
  }
}
