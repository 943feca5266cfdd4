/** Uploads: chunk by chunk, each checked; a killed process loses one chunk at most; nobody takes what is another's, or the last of the disk. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openUploads, type Upload, type Uploads } from '@microtome/store/upload/uploads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LOCAL = { accountId: null };
const CHUNK = 1_000;
const content = randomBytes(2_500);
let folder: string;
let uploads: Uploads;

const openHere = () => openUploads({ folder, bytesMax: 10_000, chunkBytes: CHUNK });
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microtome-uploads-'));
  uploads = await openHere();
});
afterEach(() => rm(folder, { recursive: true }));

const begin = () => uploads.begin({ name: 'patches.zip', bytes: content.length }, LOCAL);
function send({ id, received }: Upload, over: { offset?: number; content?: Uint8Array; hash?: string } = {}) {
  const chunk = content.subarray(received, received + CHUNK);
  return uploads.add(id, { offset: received, content: chunk, hash: hashOf(chunk), ...over }, LOCAL);
}

describe('an upload', () => {
  it('arrives chunk by chunk and is then a file of its own', async () => {
    let upload = await begin();
    for (const received of [1_000, 2_000, 2_500]) {
      upload = await send(upload);
      expect(upload.received).toBe(received);
    }
    expect(upload.path).toBe(join(folder, upload.id, 'patches.zip'));
    expect(await readFile(upload.path!)).toEqual(content);
    expect(await uploads.get(upload.id, LOCAL)).toEqual(upload);
  });

  it('goes on where another process was killed in the middle of a chunk', async () => {
    const upload = await send(await begin());
    await truncate(join(folder, '.partial', upload.id), 1_400);
    uploads = await openHere();
    let found = await uploads.get(upload.id, LOCAL);
    expect(found.received).toBe(1_000);
    while (found.path === null) found = await send(found);
    expect(await readFile(found.path)).toEqual(content);
  });

  it('takes no chunk that is not what was sent, nor at another place, and the same one once', async () => {
    const upload = await begin();
    await expect(send(upload, { hash: hashOf(content) })).rejects.toThrow(/arrived with the SHA-256/);
    expect((await uploads.get(upload.id, LOCAL)).received).toBe(0);
    await expect(send(upload, { offset: 1_000 })).rejects.toThrow('The next byte is 0, not 1000.');
    const short = content.subarray(0, 10);
    await expect(send(upload, { content: short, hash: hashOf(short) })).rejects.toThrow(
      'has 10 bytes, not 1000',
    );
    const sent = await send(upload);
    expect(await send(upload)).toEqual(sent);
  });

  it.each([
    ['../patches.zip', 10, /is no name of a file/],
    ['.zip', 10, /begins with a dot/],
    ['patches.tar', 10, /is no \.zip/],
    ['patches.zip', 0, /at least one byte/],
    ['patches.zip', 10_001, /at most 10000/],
  ])('named %s with %d bytes is not taken', async (name, bytes, sentence) => {
    await expect(uploads.begin({ name, bytes }, LOCAL)).rejects.toThrow(sentence);
    expect(await readdir(join(folder, '.partial'))).toEqual([]);
  });

  it('is not begun without room on the disk', async () => {
    const greedy = await openUploads({ folder, bytesMax: 1e18 });
    await expect(greedy.begin({ name: 'a.zip', bytes: 1e15 }, LOCAL)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/has room for \d+\. Nothing was sent\./),
    });
  });

  it('is its sender’s alone', async () => {
    const [ada, grace] = [{ accountId: randomUUID() }, { accountId: randomUUID() }];
    const { id } = await uploads.begin({ name: 'a.zip', bytes: 5 }, ada);
    for (const asked of [id, randomUUID(), '../x', '.partial'])
      await expect(uploads.get(asked, grace)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await uploads.get(id, ada)).name).toBe('a.zip');
  });

  it('leaves nothing when it is given up, or forgotten for two days', async () => {
    const [given, forgotten] = [await send(await begin()), await send(await begin())];
    await uploads.cancel(given.id, LOCAL);
    expect(await uploads.sweep()).toBe(0);
    expect(await uploads.sweep(Date.now() + 49 * 60 * 60_000)).toBe(1);
    expect(await readdir(join(folder, '.partial'))).toEqual([]);
    await expect(uploads.get(forgotten.id, LOCAL)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
